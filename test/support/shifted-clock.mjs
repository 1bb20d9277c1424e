/**
 * Preloaded into a sidecar: the clock on its wall is off by as many milliseconds as the file CLOCK_FILE says at that
 * moment. What counts the time that passes is not.
 */
import { readFileSync } from 'node:fs';

const TrueDate = Date;
const nowMs = () => TrueDate.now() + Number(readFileSync(process.env.CLOCK_FILE, 'utf8'));

globalThis.Date = class extends TrueDate {
  constructor(...parts) {
    super(...(parts.length === 0 ? [nowMs()] : parts));
  }

  static now() {
    return nowMs();
  }
};
