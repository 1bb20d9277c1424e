/** The boundaries of a label map as a planar graph: arcs between two labels each, joined at junctions. */
import { OUTSIDE, UNCOVERED, type LabelMap } from './label-map.js';

/** Where an arc starts and ends when it meets no junction. */
export const NO_JUNCTION = -1;

/** Directions of travel and of the pixel sides around a pixel corner, clockwise on screen. */
const STEP_X = [1, 0, -1, 0] as const;
const STEP_Y = [0, 1, 0, -1] as const;

/** A boundary that two regions share: all along it, one label lies to the left of travel and one to the right. */
export interface Arc {
  readonly left: number;
  readonly right: number;
  /** The middles of the pixel sides that it runs along: x, y pairs. Closed where there are no junctions. */
  readonly middles: Float64Array;
  readonly from: number;
  readonly to: number;
}

/** Pixel corners where three regions or more meet; what is beyond the image is one of them. */
interface Junctions {
  readonly count: number;
  readonly x: Int32Array;
  readonly y: Int32Array;
  /**
   * By junction × 4 + direction: the arc that leaves that way, as its number × 2, plus 1 where this is its end; −1
   * where none does.
   */
  readonly arcEnds: Int32Array;
}

export interface PlanarMap {
  readonly arcs: readonly Arc[];
  readonly junctions: Junctions;
}

/**
 * Follows all boundaries of a label map, those of the image among them.
 *
 * Corners: two labels that alternate around a pixel corner meet there in one point, a junction. Where one of them is
 * UNCOVERED there is none: foreground is 4-connected, so both pixels are rounded off by themselves.
 */
export function followArcs(map: LabelMap): PlanarMap {
  return new ArcFollower(map).followAll();
}

class ArcFollower {
  private readonly arcs: Arc[] = [];
  /** By pixel corner, as in the label map: whether the side below it has been followed. */
  private readonly isFollowed: Uint8Array;
  private readonly numbers = new Map<number, number>();
  private readonly places: number[] = [];
  private arcEnds = new Int32Array(0);
  private middles = new Float64Array(4096);

  constructor(private readonly map: LabelMap) {
    this.isFollowed = new Uint8Array(map.labels.length);
  }

  followAll(): PlanarMap {
    this.findJunctions();
    const count = this.places.length;
    this.arcEnds = new Int32Array(4 * count).fill(-1);
    for (let junction = 0; junction < count; junction++) {
      for (let direction = 0; direction < 4; direction++) {
        if (this.arcEnds[4 * junction + direction]! >= 0) continue;
        if (this.hasSide(this.places[junction]!, direction)) this.follow(this.places[junction]!, direction);
      }
    }
    this.followClosed();
    const { stride } = this.map;
    return {
      arcs: this.arcs,
      junctions: {
        count,
        x: Int32Array.from(this.places, (at) => Math.floor(at / stride) - 1),
        y: Int32Array.from(this.places, (at) => (at % stride) - 1),
        arcEnds: this.arcEnds,
      },
    };
  }

  /** Pixel corner (x, y) has the place in the map of the pixel to its lower right. */
  private findJunctions(): void {
    const { labels, stride, size } = this.map;
    for (let x = 1; x <= size.width + 1; x++) {
      const end = (x + 1) * stride;
      for (let at = x * stride + 1; at < end; at++) {
        const [a, b, c, d] = [labels[at - stride - 1]!, labels[at - 1]!, labels[at]!, labels[at - stride]!];
        if (a === b && c === d) continue;
        const sides = Number(a !== b) + Number(b !== c) + Number(c !== d) + Number(d !== a);
        if (sides < 3 || (a === c && b === d && (a === UNCOVERED || b === UNCOVERED))) continue;
        this.numbers.set(at, this.places.length);
        this.places.push(at);
      }
    }
  }

  /** Labels left and right of the side that leaves a pixel corner in a direction. */
  private leftOf(at: number, direction: number): number {
    const { labels, stride } = this.map;
    return labels[
      direction === 0 ? at - 1 : direction === 1 ? at : direction === 2 ? at - stride : at - stride - 1
    ]!;
  }

  private rightOf(at: number, direction: number): number {
    return this.leftOf(at, (direction + 1) & 3);
  }

  private hasSide(at: number, direction: number): boolean {
    return this.leftOf(at, direction) !== this.rightOf(at, direction);
  }

  private follow(start: number, startDirection: number): void {
    const { stride } = this.map;
    const left = this.leftOf(start, startDirection);
    const right = this.rightOf(start, startDirection);
    const first = this.numbers.get(start) ?? NO_JUNCTION;
    let at = start;
    let direction = startDirection;
    let length = 0;
    for (;;) {
      const x = Math.floor(at / stride) - 1;
      const y = (at % stride) - 1;
      if (length === this.middles.length) this.growMiddles();
      this.middles[length++] = x + STEP_X[direction]! / 2;
      this.middles[length++] = y + STEP_Y[direction]! / 2;
      if (direction === 1) this.isFollowed[at] = 1;
      at += STEP_X[direction]! * stride + STEP_Y[direction]!;
      if (direction === 3) this.isFollowed[at] = 1;
      const last = this.numbers.get(at);
      if (last !== undefined) {
        this.arcEnds[4 * first + startDirection] = 2 * this.arcs.length;
        this.arcEnds[4 * last + ((direction + 2) & 3)] = 2 * this.arcs.length + 1;
        this.arcs.push({ left, right, middles: this.middles.slice(0, length), from: first, to: last });
        return;
      }
      direction = this.turn(at, direction, left, right);
      if (first === NO_JUNCTION && at === start && direction === startDirection) break;
    }
    const middles = this.middles.slice(0, length);
    this.arcs.push({ left, right, middles, from: NO_JUNCTION, to: NO_JUNCTION });
  }

  /** Goes on between the same labels; where both ways lead on, around the pixel that is covered. */
  private turn(at: number, direction: number, left: number, right: number): number {
    const goesOn = (way: number) => this.leftOf(at, way) === left && this.rightOf(at, way) === right;
    const [toLeft, toRight] = [(direction + 3) & 3, (direction + 1) & 3];
    if (goesOn(toLeft) && goesOn(toRight)) return left === UNCOVERED ? toRight : toLeft;
    return goesOn(direction) ? direction : goesOn(toLeft) ? toLeft : toRight;
  }

  /** What is left runs in closed arcs; each goes down somewhere, with what lies inside to its left or right. */
  private followClosed(): void {
    const { labels, stride, size } = this.map;
    for (let x = 1; x <= size.width + 1; x++) {
      const end = (x + 1) * stride - 1;
      for (let at = x * stride + 1; at < end; at++) {
        if (labels[at] === labels[at - stride] || this.isFollowed[at] || !this.hasSide(at, 1)) continue;
        // Up along the left end of what is inside, so that it lies to the right.
        this.follow(at + 1, 3);
      }
    }
  }

  private growMiddles(): void {
    const longer = new Float64Array(2 * this.middles.length);
    longer.set(this.middles);
    this.middles = longer;
  }
}

/** Whether an arc runs along the border of the image. */
export function isBorder({ left, right }: Arc): boolean {
  return left === OUTSIDE || right === OUTSIDE;
}
