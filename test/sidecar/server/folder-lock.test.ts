import { mkdir, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { withLock } from '../../../sidecar/server/folder-lock.js';
import { temporaryFolder } from '../../support/sidecar.js';

/** Leaves what a holder leaves that died long ago. */
async function abandon(lock: string): Promise<void> {
  await mkdir(lock);
  await writeFile(join(lock, 'dead'), '');
  await utimes(join(lock, 'dead'), new Date(0), new Date(0));
}

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
