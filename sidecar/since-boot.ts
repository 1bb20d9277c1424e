/** A clock that nobody sets and that no sleep stops. */
import { uptime } from 'node:os';

/**
 * Milliseconds since some moment; only differences matter. The time that the machine was asleep counts, or a code for
 * two minutes would be good for all the nights that its laptop is closed.
 *
 * @source clock_gettime(2): what Node counts by on Linux stands still in a sleep, and CLOCK_BOOTTIME goes on.
 */
export function sinceBootMs(): number {
  return process.platform === 'linux' ? uptime() * 1000 : performance.now();
}
