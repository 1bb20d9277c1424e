import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { withEngine } from '../../../sidecar/cli/with-engine.js';
import { temporaryFolder } from '../../support/sidecar.js';

describe('a command with an engine', () => {
  it('finds a home that is its owner’s alone, before anything is kept there', async () => {
    const home = join(await temporaryFolder(), 'data', 'cutline');
    vi.stubEnv('CUTLINE_HOME', home);
    const umask = process.umask(0o022);
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGBREAK'] as const;
    const before = signals.map((name) => process.listeners(name));
    onTestFinished(() => {
      process.umask(umask);
      vi.unstubAllEnvs();
      for (const [i, name] of signals.entries()) {
        for (const listener of process.listeners(name)) {
          if (!before[i]!.includes(listener)) process.off(name, listener);
        }
      }
    });
    let mode = 0;
    await withEngine({}, async () => void ({ mode } = await stat(home)));
    expect(mode & 0o777).toBe(0o700);
  });
});
