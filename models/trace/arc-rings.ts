/** Rings made of arcs. */
import { NO_JUNCTION, type PlanarMap } from './arcs.js';
import type { ArcPath } from './flat-arcs.js';
import { ringArea } from './ring.js';
import type { Segment } from './segment.js';

/** Joins the arcs around a region to rings, over and over for many regions. */
export class RingAssembler {
  /** By arc: the last call that it bounds the region of, and whether it has been used in it. */
  private readonly bounds: Int32Array;
  private readonly used: Int32Array;
  private calls = 0;
  /** By arc × 2, plus 1 for its end: junction × 4 + the direction in which it leaves it. */
  private readonly slots: Int32Array;

  constructor(
    private readonly planar: PlanarMap,
    private readonly paths: readonly ArcPath[],
  ) {
    const { arcs, junctions } = planar;
    this.bounds = new Int32Array(arcs.length);
    this.used = new Int32Array(arcs.length);
    this.slots = new Int32Array(2 * arcs.length);
    junctions.arcEnds.forEach((end, slot) => {
      if (end >= 0) this.slots[end] = slot;
    });
  }

  /**
   * @param boundary Arcs with the region to one side: number × 2, plus 1 where it is to the left of travel.
   * @returns One list of segments a ring, outer rings first. Parts that touch in a corner alone have rings of their own.
   */
  assemble(boundary: readonly number[]): Segment[][] {
    this.calls++;
    for (const step of boundary) this.bounds[step >> 1] = this.calls;
    const rings: { readonly segments: Segment[]; readonly isHole: boolean }[] = [];
    for (const first of boundary) {
      if (this.used[first >> 1] === this.calls) continue;
      const segments: Segment[] = [];
      for (let step = first; this.used[step >> 1] !== this.calls; step = this.stepAfter(step)) {
        this.used[step >> 1] = this.calls;
        this.append(segments, step);
      }
      rings.push({ segments, isHole: ringArea(polygonOf(segments)) < 0 });
    }
    rings.sort((a, b) => Number(a.isHole) - Number(b.isHole));
    return rings.map(({ segments }) => segments);
  }

  /** Around the part of the region that the step has to its right, which is counter-clockwise from where it came. */
  private stepAfter(step: number): number {
    const { arcs, junctions } = this.planar;
    if (arcs[step >> 1]!.from === NO_JUNCTION) return step;
    const slot = this.slots[step ^ 1]!;
    for (let turn = 1; turn < 4; turn++) {
      const end = junctions.arcEnds[(slot & ~3) | ((slot - turn) & 3)]!;
      if (end >= 0 && this.bounds[end >> 1] === this.calls) return end;
    }
    return step;
  }

  private append(ring: Segment[], step: number): void {
    const { startX, startY, segments } = this.paths[step >> 1]!;
    if ((step & 1) === 0) {
      for (const segment of segments) ring.push(segment);
      return;
    }
    for (let k = segments.length - 1; k >= 0; k--) {
      const [x, y] = k > 0 ? segments[k - 1]!.slice(-2) : [startX, startY];
      const values = segments[k]!;
      ring.push(values.length === 2 ? [x!, y!] : [values[2]!, values[3]!, values[0]!, values[1]!, x!, y!]);
    }
  }
}

/** Through the handles, which shows well enough which way a ring runs. */
function polygonOf(segments: readonly Segment[]): Float64Array {
  return Float64Array.from(segments.flat());
}
