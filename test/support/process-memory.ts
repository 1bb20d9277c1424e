/** What a process and all that it has started hold in memory. */
import { readFileSync } from 'node:fs';
import { childrenOf, statusOf } from '../../bench/soak/process.js';

const SAMPLE_MS = 50;

/** Pages that several share count for each of them, so the sum is rather too much. */
export function familyBytes(pid: number): number {
  return childrenOf(pid).reduce((sum, child) => sum + familyBytes(child), statusOf(pid).rssBytes);
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
