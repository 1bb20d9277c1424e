/** Connected regions of equal labels, kept as runs: there are far fewer of those than pixels. */
import { UNCOVERED, type LabelMap } from '../trace/label-map.js';

/** 4-connected regions; small ones can be given to a neighbour. */
export class LabelRegions {
  /** By run: its first pixel in the label map, its length, its label. Runs go down the columns, from the left. */
  private readonly starts: Int32Array;
  private readonly lengths: Int32Array;
  private readonly labels: Uint16Array;
  /** By column: its first run; one more entry for the end. */
  private readonly columns: Int32Array;
  /** By run: another run of its region, or itself for the one that speaks for the region. */
  private readonly leaders: Int32Array;
  /** By leader: pixels of the region. */
  private readonly areas: Int32Array;

  constructor(private readonly map: LabelMap) {
    const count = countRuns(map);
    this.starts = new Int32Array(count);
    this.lengths = new Int32Array(count);
    this.labels = new Uint16Array(count);
    this.columns = new Int32Array(map.size.width + 1);
    this.readRuns();
    this.leaders = Int32Array.from({ length: count }, (_, run) => run);
    for (let x = 1; x < map.size.width; x++) this.joinColumns(x);
    this.areas = new Int32Array(count);
    for (let run = 0; run < count; run++) this.areas[this.leaderOf(run)]! += this.lengths[run]!;
  }

  /** Pixels of the region around a pixel, with what has been given to it. */
  areaAt(x: number, y: number): number {
    const at = (x + 1) * this.map.stride + y + 1;
    let [low, high] = [this.columns[x]!, this.columns[x + 1]! - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.starts[middle]! <= at) low = middle;
      else high = middle - 1;
    }
    return this.areas[this.leaderOf(low)]!;
  }

  /**
   * Gives every region of fewer pixels, smallest first, to the neighbour with which it shares the longest border, and
   * writes that into the label map. What nothing covers is a neighbour like any other.
   */
  giveAwaySmall(minRegionPx: number): void {
    const { areas, leaders, labels } = this;
    const small: number[] = [];
    for (let run = 0; run < leaders.length; run++) {
      if (leaders[run] === run && areas[run]! < minRegionPx) small.push(run);
    }
    if (small.length === 0) return;
    const members = this.membersOf();
    small.sort((a, b) => areas[a]! - areas[b]!);
    for (const leader of small) {
      if (areas[leader]! >= minRegionPx) continue;
      const heir = this.longestNeighbour(leader, members);
      if (heir < 0) continue;
      leaders[leader] = heir;
      areas[heir]! += areas[leader]!;
      spliceRings(members, leader, heir);
    }
    for (let run = 0; run < leaders.length; run++) {
      const label = labels[this.leaderOf(run)]!;
      if (label === labels[run]) continue;
      this.map.labels.fill(label, this.starts[run]!, this.starts[run]! + this.lengths[run]!);
    }
  }

  private readRuns(): void {
    const { size, stride, labels } = this.map;
    let run = 0;
    for (let x = 0; x < size.width; x++) {
      this.columns[x] = run;
      const end = (x + 2) * stride - 1;
      for (let k = (x + 1) * stride + 1; k < end;) {
        const start = k;
        const label = labels[k]!;
        while (k < end && labels[k] === label) k++;
        this.starts[run] = start;
        this.lengths[run] = k - start;
        this.labels[run++] = label;
      }
    }
    this.columns[size.width] = run;
  }

  private leaderOf(run: number): number {
    const { leaders } = this;
    let leader = run;
    while (leaders[leader] !== leader) leader = leaders[leader]!;
    while (leaders[run] !== leader) {
      const next = leaders[run]!;
      leaders[run] = leader;
      run = next;
    }
    return leader;
  }

  private joinColumns(x: number): void {
    const { starts, lengths, labels, leaders, columns, map } = this;
    let before = columns[x - 1]!;
    for (let run = columns[x]!; run < columns[x + 1]!; run++) {
      const start = starts[run]! - map.stride;
      const end = start + lengths[run]!;
      while (starts[before]! + lengths[before]! <= start) before++;
      for (let k = before; k < columns[x]! && starts[k]! < end; k++) {
        if (labels[k] === labels[run]) leaders[this.leaderOf(run)] = this.leaderOf(k);
      }
    }
  }

  /** By run: the next one of its region, all around. */
  private membersOf(): Int32Array {
    const next = Int32Array.from(this.leaders, (_, run) => run);
    for (let run = 0; run < next.length; run++) {
      const leader = this.leaderOf(run);
      if (leader !== run) spliceRings(next, leader, run);
    }
    return next;
  }

  private longestNeighbour(leader: number, members: Int32Array): number {
    const borders = new Map<number, number>();
    const add = (run: number, length: number) => {
      const neighbour = this.leaderOf(run);
      if (neighbour !== leader) borders.set(neighbour, (borders.get(neighbour) ?? 0) + length);
    };
    let run = leader;
    do {
      this.visitNeighbours(run, add);
      run = members[run]!;
    } while (run !== leader);
    let heir = -1;
    let longest = 0;
    for (const [neighbour, length] of borders) {
      // At a tie, something covered rather than nothing.
      if (length < longest || (length === longest && this.labels[neighbour] === UNCOVERED)) continue;
      longest = length;
      heir = neighbour;
    }
    return heir;
  }

  /** Calls back with every run beside a run, and the pixel sides that both share. */
  private visitNeighbours(run: number, visit: (run: number, length: number) => void): void {
    const { starts, lengths, columns, map } = this;
    const x = Math.floor(starts[run]! / map.stride) - 1;
    if (run > columns[x]!) visit(run - 1, 1);
    if (run + 1 < columns[x + 1]!) visit(run + 1, 1);
    for (const side of [-1, 1]) {
      if (x + side < 0 || x + side >= map.size.width) continue;
      const start = starts[run]! + side * map.stride;
      const end = start + lengths[run]!;
      for (let k = columns[x + side]!; k < columns[x + side + 1]! && starts[k]! < end; k++) {
        const shared = Math.min(end, starts[k]! + lengths[k]!) - Math.max(start, starts[k]!);
        if (shared > 0) visit(k, shared);
      }
    }
  }
}

/** Two rings of links become one. */
function spliceRings(next: Int32Array, a: number, b: number): void {
  const after = next[a]!;
  next[a] = next[b]!;
  next[b] = after;
}

function countRuns({ size, stride, labels }: LabelMap): number {
  let count = size.width;
  for (let x = 1; x <= size.width; x++) {
    const end = (x + 1) * stride - 1;
    for (let k = x * stride + 2; k < end; k++) if (labels[k] !== labels[k - 1]) count++;
  }
  return count;
}
