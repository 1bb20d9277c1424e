/** How long something still takes, from how far it is: a number that is calm enough to be read. */

/** Nothing is said before so much of the work and of the time has passed; the first guesses jump. */
const LEAST_FRACTION = 0.08;
const LEAST_MS = 500;
/** What is over sooner than this needs no number. */
const WORTH_SAYING_MS = 2_000;
/** What was said is taken back only when it was wrong by more than this, and by more than this share of the whole. */
const LEAST_ERROR_MS = 2_000;
const LEAST_ERROR_SHARE = 0.25;

export class TimeLeft {
  private startedMs: number | undefined;
  /** When it will be over, as far as has been said. */
  private endMs: number | undefined;

  /**
   * Takes in how far the work is.
   *
   * @param fraction In [0, 1].
   * @param nowMs Any clock, the same one each time.
   * @returns Milliseconds, counting down with the clock; undefined as long as there is nothing to say.
   */
  update(fraction: number, nowMs: number): number | undefined {
    this.startedMs ??= nowMs;
    const passedMs = nowMs - this.startedMs;
    if (fraction < LEAST_FRACTION || passedMs < LEAST_MS) return this.left(nowMs);
    const estimateMs = passedMs / fraction - passedMs;
    if (this.endMs === undefined) {
      if (estimateMs >= WORTH_SAYING_MS) this.endMs = nowMs + estimateMs;
    } else {
      const errorMs = Math.abs(nowMs + estimateMs - this.endMs);
      const wholeMs = passedMs + estimateMs;
      if (errorMs > Math.max(LEAST_ERROR_MS, LEAST_ERROR_SHARE * wholeMs)) this.endMs = nowMs + estimateMs;
    }
    return this.left(nowMs);
  }

  private left(nowMs: number): number | undefined {
    return this.endMs === undefined ? undefined : Math.max(0, this.endMs - nowMs);
  }
}
