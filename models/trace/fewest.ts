/** Fewest segments around a closed chain of joints. */

/** A closed chain of joints and the stretches between them that segments can cover. */
export interface Chain {
  /** Joints, numbered 0 … count − 1 around the ring; a joint beyond the last wraps around. */
  readonly count: number;
  /** Most joints that one segment may advance. */
  readonly longestSpan: number;
  /** Fewest segments that enclose an area: 2 curves or 3 lines. */
  readonly fewest: number;
  /** Joints to try as the first one. */
  readonly starts: readonly number[];
  /** How badly one segment covers the stretch of `span` joints from joint i; Infinity when it does not. */
  error(i: number, span: number): number;
  /** Segments that cover the way from joint i to the next one when no single segment does. */
  detour(i: number): number;
}

/**
 * Finds joints that split the chain into the fewest segments, and of these splits the one with the least error.
 *
 * Stretches are probed in an order that does not depend on the tolerance, and a reach only ever grows as more
 * stretches fit, so a larger tolerance never leads to more segments.
 *
 * @returns Joints in ascending order.
 */
export function fewestSegments(chain: Chain): number[] {
  return new FewestSearch(chain).run();
}

class FewestSearch {
  private readonly width: number;
  private readonly errors: Float32Array;
  private readonly reach: Uint16Array;
  /** By position from the start: segments needed to get back to it, and where the first of them leads. */
  private readonly hops: Int32Array;
  private readonly next: Int32Array;
  /** By position: the least error of the way back with that many segments; negative while unknown. */
  private readonly least: Float64Array;

  constructor(private readonly chain: Chain) {
    this.width = chain.longestSpan + 1;
    this.errors = new Float32Array(chain.count * this.width).fill(-1);
    this.least = new Float64Array(chain.count + 1);
    this.reach = new Uint16Array(chain.count);
    this.hops = new Int32Array(chain.count + 1);
    this.next = new Int32Array(chain.count + 1);
  }

  run(): number[] {
    const { count, starts } = this.chain;
    for (let i = 0; i < count; i++) this.reach[i] = this.findReach(i);
    let fewest = Infinity;
    let bestStart = 0;
    for (const start of starts) {
      this.countHops(start);
      if (this.hops[0]! >= fewest) continue;
      fewest = this.hops[0]!;
      bestStart = start;
    }
    this.countHops(bestStart);
    this.least.fill(-1);
    this.leastError(bestStart, 0);
    const joints: number[] = [];
    for (let k = 0; k < count; k = this.next[k]!) joints.push((bestStart + k) % count);
    return joints.sort((a, b) => a - b);
  }

  /** Least error from a position back to the start without more segments; sets `next` along the way. */
  private leastError(start: number, k: number): number {
    const { chain, hops, next, least } = this;
    if (k === chain.count) return 0;
    if (least[k]! >= 0) return least[k]!;
    const i = (start + k) % chain.count;
    let best = Infinity;
    let bestTo = next[k]!;
    const last = Math.min(chain.count, k + this.reach[i]!);
    for (let to = k + 1; to <= last; to++) {
      if (hops[to]! + 1 !== hops[k]!) continue;
      // Only among stretches tried already: trying more costs as much again and gains nothing to speak of.
      const error = this.errors[i * this.width + to - k]!;
      if (error < 0 || error === Infinity) continue;
      const total = error + this.leastError(start, to);
      if (total < best) {
        best = total;
        bestTo = to;
      }
    }
    // Only a detour leads on with this few segments.
    if (best === Infinity) best = this.leastError(start, bestTo);
    next[k] = bestTo;
    least[k] = best;
    return best;
  }

  private error(i: number, span: number): number {
    const k = i * this.width + span;
    if (this.errors[k]! < 0) this.errors[k] = this.chain.error(i, span);
    return this.errors[k]!;
  }

  private fits(i: number, span: number): boolean {
    return this.error(i, span) < Infinity;
  }

  /** Longest span that ever larger steps, and then halving between the last two, find to fit. */
  private findReach(i: number): number {
    const { longestSpan } = this.chain;
    let reach = 0;
    let failures = 0;
    for (let span = 1; span <= longestSpan && failures < 2; span = nextProbe(span)) {
      if (this.fits(i, span)) {
        reach = span;
        failures = 0;
      } else {
        failures++;
      }
    }
    let end = Math.min(longestSpan + 1, nextProbe(reach));
    while (end - reach > 1) {
      const middle = (reach + end) >> 1;
      if (this.fits(i, middle)) reach = middle;
      else end = middle;
    }
    return reach;
  }

  /** Fills `hops` and `next` for one start. */
  private countHops(start: number): void {
    const { chain, hops, next } = this;
    const { count } = chain;
    hops[count] = 0;
    for (let k = count - 1; k >= 0; k--) {
      const i = (start + k) % count;
      const isClosing = (to: number) => k === 0 && hops[to]! + 1 < chain.fewest;
      let least = hops[k + 1]! + (this.fits(i, 1) && !isClosing(k + 1) ? 1 : chain.detour(i));
      next[k] = k + 1;
      for (let to = Math.min(count, k + this.reach[i]!); to > k + 1; to--) {
        if (hops[to]! + 1 >= least || isClosing(to) || !this.fits(i, to - k)) continue;
        least = hops[to]! + 1;
        next[k] = to;
      }
      hops[k] = least;
    }
  }
}

/** 1, 2, 3, 4, 6, 8, 12, 16, 24, … */
function nextProbe(span: number): number {
  return span < 4 ? span + 1 : span + (1 << (30 - Math.clz32(span)));
}
