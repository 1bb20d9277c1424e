/** Lets work go on only as fast as the sidecar takes no more than its share of a processor. */
import { setTimeout as delay } from 'node:timers/promises';
import { familySeconds } from './process.js';

const LOOK_MS = 100;
/** A share that was not used is not made up for later, but for so much. */
const SAVED_S = 3;

export class Pace {
  /** Processor time that may be used now. */
  #creditS = SAVED_S;
  #lookedMs = performance.now();
  #usedS: number;

  /** @param share Of one processor. */
  constructor(
    private readonly pid: number,
    private readonly share: number,
  ) {
    this.#usedS = familySeconds(pid);
  }

  /** Waits until there is time for something more. Resolves at once when the signal aborts. */
  async turn(signal: AbortSignal): Promise<void> {
    while (!signal.aborted && this.#look() <= 0) await pauseFor(LOOK_MS, signal);
  }

  #look(): number {
    const nowMs = performance.now();
    const usedS = familySeconds(this.pid);
    const earned = (this.share * (nowMs - this.#lookedMs)) / 1000;
    this.#creditS = Math.min(SAVED_S, this.#creditS + earned - (usedS - this.#usedS));
    this.#lookedMs = nowMs;
    this.#usedS = usedS;
    return this.#creditS;
  }
}

/** Resolves early when the signal aborts. */
export async function pauseFor(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal }).catch(() => undefined);
}
