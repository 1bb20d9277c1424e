/** What a process and all that it has started hold in memory. */
import { readFileSync } from 'node:fs';
import { childrenOf } from '../../bench/soak/process.js';

const SAMPLE_MS = 50;
const PAGE_BYTES = 4096;

/**
 * Pages that several share count for each of them, so the sum is rather too much.
 *
 * @source proc(5) of Linux: the second number of statm is resident pages.
 */
export function familyBytes(pid: number): number {
  try {
    const [, pages] = readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ');
    return childrenOf(pid).reduce((sum, child) => sum + familyBytes(child), Number(pages) * PAGE_BYTES);
  } catch {
    // It, or one of its threads, has just ended.
    return 0;
  }
}

/** Whether a process runs; one that has ended and waits to be noticed does not. */
export function isAlive(pid: number): boolean {
  try {
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
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
