import { spawnSync } from 'node:child_process';
import { mkdir, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { withLock } from '../../../sidecar/server/folder-lock.js';
import { temporaryFolder } from '../../support/sidecar.js';

/** Leaves what a holder leaves that died: this process's own mark with the id of one that has ended. */
async function abandon(lock: string, at = new Date(0)): Promise<void> {
  let mark = '';
  await withLock(lock, async () => {
    const [holder] = await readdir(lock);
    mark = await readFile(join(lock, holder!), 'utf8');
  });
  await mkdir(lock);
  const file = join(lock, 'dead');
  await writeFile(file, mark.replace(`"pid":${process.pid},`, `"pid":${endedPid()},`));
  await utimes(file, at, at);
}

const endedPid = () => spawnSync(process.execPath, ['--version']).pid;
const inAnHour = () => new Date(Date.now() + 3_600_000);

describe('the lock', () => {
  it('is held by one at a time though all of them find the same dead holder at once', async () => {
    const home = await temporaryFolder();
    const lock = join(home, 'lock');
    let holders = 0;
    let mostHolders = 0;
    let runs = 0;
    const work = async () => {
      mostHolders = Math.max(mostHolders, ++holders);
      for (let i = 0; i < 5; i++) await turn();
      runs++;
      holders--;
    };
    for (let round = 0; round < 15; round++) {
      await abandon(lock);
      await Promise.all(Array.from({ length: 6 }, () => withLock(lock, work)));
    }
    expect({ mostHolders, runs }).toEqual({ mostHolders: 1, runs: 90 });
    expect(await readdir(home)).toEqual([]);
  });

  it('is not taken from a holder that lives', async () => {
    const lock = join(await temporaryFolder(), 'lock');
    const order: string[] = [];
    let second!: Promise<void>;
    await withLock(lock, async () => {
      second = withLock(lock, async () => void order.push('second'));
      for (let i = 0; i < 50; i++) await turn();
      order.push('first');
    });
    await second;
    expect(order).toEqual(['first', 'second']);
  });

  it('is taken from a dead holder though the clock was set back since', async () => {
    const lock = join(await temporaryFolder(), 'lock');
    await abandon(lock, inAnHour());
    await withLock(lock, async () => expect(await readdir(lock)).not.toContain('dead'));
  });

  it('is not taken from a holder that lives when the clock jumps', async () => {
    const lock = join(await temporaryFolder(), 'lock');
    const order: string[] = [];
    let second!: Promise<void>;
    await withLock(lock, async () => {
      const later = Date.now() + 3_600_000;
      const clock = vi.spyOn(Date, 'now').mockImplementation(() => later);
      onTestFinished(() => clock.mockRestore());
      second = withLock(lock, async () => void order.push('second'));
      for (let i = 0; i < 50; i++) await readdir(lock);
      order.push('first');
    });
    await second;
    expect(order).toEqual(['first', 'second']);
  });

  it('is taken from a holder elsewhere that shows no sign of life', async () => {
    const lock = join(await temporaryFolder(), 'lock');
    await mkdir(lock);
    await writeFile(join(lock, 'elsewhere'), `{"pid":${endedPid()},"machine":"another"}`);
    await utimes(join(lock, 'elsewhere'), inAnHour(), inAnHour());
    await expect(withLock(lock, async () => undefined, { waitMs: 0 })).rejects.toThrow();
    await withLock(lock, async () => undefined, { staleMs: 100 });
  });

  it('is waited for no longer than so long, while its holder shows that it lives', async () => {
    const lock = join(await temporaryFolder(), 'lock');
    await withLock(
      lock,
      async () => {
        const impatient = withLock(lock, async () => undefined, { staleMs: 500, waitMs: 1_000 });
        await expect(impatient).rejects.toMatchObject({
          code: 'FILE_WRITE',
          hint: expect.stringContaining('Try again') as string,
        });
        expect(await readdir(lock)).toHaveLength(1);
      },
      { heartbeatMs: 20 },
    );
  });

  it('leaves another’s lock alone when its own was taken over', async () => {
    const lock = join(await temporaryFolder(), 'lock');
    await withLock(lock, async () => {
      await rm(lock, { recursive: true });
      await mkdir(lock);
      await writeFile(join(lock, 'another'), '');
    });
    expect(await readdir(lock)).toEqual(['another']);
  });

  it('is let go when the work fails', async () => {
    const home = await temporaryFolder();
    const broken = withLock(join(home, 'lock'), () => Promise.reject(new Error('broken')));
    await expect(broken).rejects.toThrow('broken');
    expect(await readdir(home)).toEqual([]);
  });
});
