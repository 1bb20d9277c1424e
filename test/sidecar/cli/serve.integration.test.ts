import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { resolve } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { temporaryFolder } from '../../support/sidecar.js';

const PROGRAM = resolve(import.meta.dirname, '../../../dist/sidecar/main.js');

/** Starts the built sidecar on a port of its own. */
async function startServing(stderr: number | 'pipe' = 'pipe') {
  const environment = { ...process.env, CUTLINE_HOME: await temporaryFolder(), CUTLINE_DEVICE: 'cpu' };
  const child = spawn(process.execPath, [PROGRAM, 'serve', '--no-open', '--port', '0'], {
    env: { ...environment, CUTLINE_LOG: 'debug' },
    stdio: ['ignore', 'pipe', stderr],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [line] = (await once(child.stdout!, 'data')) as [Buffer];
  const origin = /http:\/\/localhost:\d+/.exec(line.toString())![0];
  return { child, origin };
}

describe('cutline serve', () => {
  it('goes on when nobody reads its output any more', async () => {
    const { child, origin } = await startServing();
    child.stdout!.destroy();
    child.stderr!.destroy();
    // Each prints a code and logs a line.
    for (let i = 0; i < 3; i++) {
      const { status } = await fetch(`${origin}/v1/pair`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: '{"client":"test"}',
      });
      expect(status).toBe(200);
    }
    expect(await (await fetch(`${origin}/health`)).text()).toBe('cutline');
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
  });

  it.runIf(existsSync('/dev/full'))('goes on when the disk under its log is full', async () => {
    const full = await open('/dev/full', 'w');
    onTestFinished(() => full.close());
    const { child, origin } = await startServing(full.fd);
    expect(await (await fetch(`${origin}/health`)).text()).toBe('cutline');
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
  });
});
