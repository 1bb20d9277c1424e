/** Fewest segments around a closed chain of joints, or along an open one. */

/** A closed chain of joints and the stretches between them that segments can cover. */
export interface Chain {
  /** Joints, numbered 0 … count − 1 around the ring; a joint beyond the last wraps around. */
  readonly count: number;
  /** Most joints that one segment may advance. */
  readonly longestSpan: number;
  /** Joint to start from; any other may be tried too, unless a segment has to start here. */
  readonly start: number;
  readonly isStartFixed: boolean;
  /** How badly one segment covers the stretch of `span` joints from joint i; Infinity when it does not. */
  error(i: number, span: number): number;
  /** Segments that cover the way from joint i to the next one where no single segment does. */
  detour(i: number): number;
}

/** Chains of no more joints are searched exhaustively, and from so many joints. */
const SMALL_CHAIN = 128;
const STARTS = 16;

/** In longer chains, a search goes on from no more than this many of the joints that equally many segments reach. */
const BREADTH = 2;

/**
 * Finds joints that split the chain into few segments, and of these splits one with little error.
 *
 * Short chains: into the fewest. Stretches are probed in an order that does not depend on the tolerance, and a reach
 * only ever grows as more stretches fit, so a larger tolerance never leads to more segments. Long chains: the search
 * keeps to the joints farthest along, which seldom costs a segment.
 *
 * @returns Joints in ascending order.
 */
export function fewestSegments(chain: Chain): number[] {
  return new FewestSearch(chain).run();
}

class FewestSearch {
  private readonly breadth: number;
  /** Of a short chain, by joint and span: the error; −1 while unknown. */
  private readonly errors: Float32Array;
  private readonly width: number;
  /** By joint: longest span that fits; −1 while unknown. */
  private readonly reach: Int16Array;
  private readonly reachError: Float64Array;
  /** By position from the start: fewest segments to get there, the least error of those, and where the last starts. */
  private readonly hops: Int32Array;
  private readonly total: Float64Array;
  private readonly parent: Int32Array;
  /** Positions that equally many segments reach. */
  private levels: number[][] = [];
  private start = 0;

  constructor(private readonly chain: Chain) {
    this.breadth = chain.count <= SMALL_CHAIN ? Infinity : BREADTH;
    this.width = this.breadth === Infinity ? chain.longestSpan + 1 : 0;
    this.errors = new Float32Array(chain.count * this.width).fill(-1);
    this.reachError = new Float64Array(chain.count);
    this.reach = new Int16Array(chain.count).fill(-1);
    this.hops = new Int32Array(chain.count + 1);
    this.total = new Float64Array(chain.count + 1);
    this.parent = new Int32Array(chain.count + 1);
  }

  run(): number[] {
    const { count, start } = this.chain;
    let best = this.searchFrom(start);
    let fewest = this.hops[count]!;
    const tries = this.chain.isStartFixed ? 1 : this.breadth === Infinity ? Math.min(STARTS, count) : 2;
    for (let k = 1; k < tries; k++) {
      // Far into a long chain, searches from different joints have come together: there a start is a good one.
      const next = this.breadth === Infinity ? (start + k) % count : best[best.length >> 1]!;
      const joints = this.searchFrom(next);
      if (this.hops[count]! >= fewest) continue;
      fewest = this.hops[count]!;
      best = joints;
    }
    return best.sort((a, b) => a - b);
  }

  private searchFrom(start: number): number[] {
    const { chain, hops, levels, parent } = this;
    const { count } = chain;
    this.start = start;
    hops.fill(1 << 29);
    hops[0] = 0;
    levels.length = 0;
    levels[0] = [0];
    for (let level = 0; hops[count]! > level; level++) {
      const reached = (levels[level] ?? []).filter((at) => hops[at] === level).sort((a, b) => b - a);
      const last = Math.min(reached.length, this.breadth);
      for (let k = 0; k < last; k++) this.goOnFrom(reached[k]!, level);
    }
    const joints: number[] = [];
    for (let at = parent[count]!; ; at = parent[at]!) {
      joints.push((start + at) % count);
      if (at === 0) return joints.reverse();
    }
  }

  private goOnFrom(at: number, level: number): void {
    const { chain, hops, breadth } = this;
    const i = (this.start + at) % chain.count;
    const farthest = Math.min(chain.count, at + this.reachOf(i));
    let isStuck = true;
    for (let to = farthest; to > at; to--) {
      // In long chains, the farthest two joints are enough.
      if (!isStuck && to < farthest - 1 && breadth < Infinity) break;
      if (hops[to]! <= level) continue;
      // A joint reached already is worth another look only where that costs nothing.
      if (hops[to]! === level + 1 && !this.isKnown(i, to - at)) continue;
      const error = this.error(i, to - at);
      if (error === Infinity) continue;
      this.label(to, at, level + 1, error);
      isStuck = false;
    }
    if (hops[at + 1]! > level + 1) this.label(at + 1, at, level + chain.detour(i), 0);
  }

  private label(to: number, from: number, level: number, error: number): void {
    const { hops, total, parent, levels } = this;
    const sum = total[from]! + error;
    if (level > hops[to]! || (level === hops[to]! && sum >= total[to]!)) return;
    if (level < hops[to]!) (levels[level] ??= []).push(to);
    hops[to] = level;
    total[to] = sum;
    parent[to] = from;
  }

  private reachOf(i: number): number {
    if (this.reach[i]! < 0) this.reach[i] = this.findReach(i);
    return this.reach[i]!;
  }

  private isKnown(i: number, span: number): boolean {
    return span === this.reach[i]! || (this.width > 0 && this.errors[i * this.width + span]! >= 0);
  }

  private error(i: number, span: number): number {
    if (span === this.reach[i]!) return this.reachError[i]!;
    if (this.width === 0) return this.chain.error(i, span);
    const key = i * this.width + span;
    if (this.errors[key]! < 0) this.errors[key] = this.chain.error(i, span);
    return this.errors[key]!;
  }

  /** Where the last search for a reach ended; that of a neighbour ends close by. */
  private hint = 1;
  private lastError = 0;

  private probe(i: number, span: number): boolean {
    const error = this.error(i, span);
    if (error === Infinity) return false;
    this.lastError = error;
    return true;
  }

  /** Longest span that steps of growing size, and then halving between the last two, find to fit. */
  private findReach(i: number): number {
    const { longestSpan } = this.chain;
    const hint = this.width > 0 ? 1 : Math.min(longestSpan, this.hint);
    let reach = 0;
    let end = longestSpan + 1;
    if (this.probe(i, hint)) {
      reach = hint;
      let failures = 0;
      for (let step = 1; failures < 2 && hint + step <= longestSpan; step = step < 4 ? step + 1 : 2 * step) {
        if (this.probe(i, hint + step)) {
          reach = hint + step;
          failures = 0;
        } else if (failures++ === 0) {
          end = hint + step;
        }
      }
      if (failures === 0) end = longestSpan + 1;
    } else {
      end = hint;
      for (let step = 1; end > 1 && reach === 0; step *= 2) {
        const span = Math.max(1, hint - step);
        if (this.probe(i, span)) reach = span;
        else end = span;
      }
    }
    while (end - reach > 1) {
      const middle = (reach + end) >> 1;
      if (this.probe(i, middle)) reach = middle;
      else end = middle;
    }
    this.hint = Math.max(1, reach);
    this.reachError[i] = this.lastError;
    return reach;
  }
}
