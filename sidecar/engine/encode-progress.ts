/** Progress of an encode, which says nothing itself while it runs: its length is estimated from those before. */
import type { Disposable } from 'vscode-jsonrpc';
import type { PrepareProgress } from '../../protocol/methods.js';

const TICK_MS = 100;
/** Until the first encode has been timed. */
const FIRST_GUESS_MS = 1500;
/** Weight of the newest measurement; images differ little, but other programs come and go. */
const SMOOTHING = 0.5;

export class EncodeProgress {
  #expectedMs = FIRST_GUESS_MS;

  /** Reports until disposed, and takes the time until then as the length of an encode. */
  watch(report: (progress: PrepareProgress) => void): Disposable {
    const started = performance.now();
    const tick = () => {
      const share = (performance.now() - started) / this.#expectedMs;
      // Never done before it is done.
      report({ stage: 'encoding', fraction: Math.min(share, 0.95) });
    };
    tick();
    const timer = setInterval(tick, TICK_MS);
    return {
      dispose: () => {
        clearInterval(timer);
        this.#expectedMs += SMOOTHING * (performance.now() - started - this.#expectedMs);
      },
    };
  }
}
