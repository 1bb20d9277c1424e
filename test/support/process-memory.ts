/** What a process and those it started hold in memory. */
import { execFileSync } from 'node:child_process';

const SAMPLE_MS = 100;

/** Pages that several share count for each of them, so the sum is rather too much. */
export function familyBytes(pid: number): number {
  const rows = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,rss='], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((row) => row.trim().split(/\s+/).map(Number));
  const sumOf = (root: number): number =>
    rows
      .filter(([own, parent]) => parent === root && own !== pid)
      .reduce((sum, [child]) => sum + sumOf(child!), 1024 * (rows.find(([own]) => own === root)?.[2] ?? 0));
  return sumOf(pid);
}

/** Keeps the most that was seen until it is disposed. */
export class MemoryWatch {
  mostBytes = 0;
  readonly #timer: NodeJS.Timeout;

  constructor(pid: number) {
    this.#timer = setInterval(() => {
      this.mostBytes = Math.max(this.mostBytes, familyBytes(pid));
    }, SAMPLE_MS);
  }

  dispose(): void {
    clearInterval(this.#timer);
  }
}
