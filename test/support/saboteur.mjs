/**
 * Preloaded into a sidecar that is to die: a file `die-HOW` in CUTLINE_HOME makes it do so, with words that nobody
 * should read afterwards. Runs in the compute thread, too.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { isMainThread } from 'node:worker_threads';

const POLL_MS = 20;

const ways = isMainThread
  ? {
      throw: (error) => {
        throw error;
      },
      reject: (error) => void Promise.reject(error),
    }
  : {
      thread: (error) => {
        throw error;
      },
    };

const timer = setInterval(() => {
  for (const [how, die] of Object.entries(ways)) {
    if (!existsSync(join(process.env.CUTLINE_HOME, `die-${how}`))) continue;
    clearInterval(timer);
    die(new Error(process.env.LAST_WORDS));
  }
}, POLL_MS);
timer.unref();
