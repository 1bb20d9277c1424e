/** From starting the process to a listening address, against a process that does nothing. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { BenchContext } from './context.js';
import { compare, timed } from './measure.js';

export async function benchStart({ home }: BenchContext): Promise<object> {
  const environment = { ...process.env, CUTLINE_HOME: home };
  return compare({
    runs: 7,
    warmUps: 1,
    baselineName: 'node -e 0',
    baseline: () => timed(() => once(spawn(process.execPath, ['-e', '0']), 'exit')),
    candidate: async () => {
      const script = ['dist/sidecar/main.js', 'serve', '--no-open', '--port', '0'];
      const child = spawn(process.execPath, script, {
        env: environment,
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const ms = await timed(() => once(createInterface(child.stdout), 'line'));
      child.kill('SIGTERM');
      await once(child, 'exit');
      return ms;
    },
  });
}
