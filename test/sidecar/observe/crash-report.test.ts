import { mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { listReports, writeCrashReport } from '../../../sidecar/observe/crash-report.js';
import { temporaryFolder } from '../../support/sidecar.js';

const requests = [
  { id: 'abc123', method: 'mask/predict', outcome: 'ok', ms: 12 },
  { id: 'def456', method: 'image/upload', outcome: 'running' },
];
const crash = (error: unknown) =>
  ({ kind: 'uncaughtException', error, counters: { ok: 3, queueDepth: 1 }, requests }) as const;

async function reported(error: unknown) {
  const path = writeCrashReport(await temporaryFolder(), crash(error))!;
  return { path, text: await readFile(path, 'utf8') };
}

describe('a crash report', () => {
  it('says which version died where, of what kind, and what was being answered', async () => {
    const { text } = await reported(new RangeError('broke'));
    expect(JSON.parse(text)).toMatchObject({
      kind: 'uncaughtException',
      version: '0.1.0',
      node: process.versions.node,
      error: {
        name: 'RangeError',
        stack: expect.arrayContaining([expect.stringContaining('crash-report.test.ts:')]),
      },
      counters: { ok: 3, queueDepth: 1 },
      requests,
    });
  });

  it('holds neither the message, which may quote its input, nor a folder or name of a file', async () => {
    const secret = 'TOKEN-and-holiday-photo.png';
    const cause = new Error(secret);
    const quoted = (() => {
      try {
        return JSON.parse(secret);
      } catch (error) {
        return error;
      }
    })();
    const disguised = Object.assign(new Error(`${secret}\n    at ${secret}`, { cause }), {
      code: secret,
      path: `/home/somebody/${secret}`,
    });
    for (const error of [quoted, disguised, secret, { secret }, undefined]) {
      const { text } = await reported(error);
      expect(text).not.toContain('TOKEN');
      expect(text).not.toContain(import.meta.dirname);
    }
  });

  it('keeps a code that systems give', async () => {
    const { text } = await reported(Object.assign(new Error('x'), { code: 'ERR_WORKER_OUT_OF_MEMORY' }));
    expect(JSON.parse(text).error.code).toBe('ERR_WORKER_OUT_OF_MEMORY');
  });

  it('is for the owner’s eyes alone', async () => {
    const { path } = await reported(new Error('x'));
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect((await stat(join(path, '..'))).mode & 0o777).toBe(0o700);
  });

  it('pushes out the oldest: ten are kept, and what is no report stays', async () => {
    const home = await temporaryFolder();
    await mkdir(join(home, 'crashes'));
    await writeFile(join(home, 'crashes', 'note.txt'), 'mine');
    for (let i = 10; i < 22; i++) await writeFile(join(home, 'crashes', `2020-01-01T00-00-${i}.json`), '{}');
    const path = writeCrashReport(home, crash(new Error('x')))!;
    expect(listReports(home)).toHaveLength(10);
    expect(path).toContain(listReports(home).at(-1));
    expect(await readdir(join(home, 'crashes'))).toContain('note.txt');
  });

  it('is done without where the disk refuses it', async () => {
    const home = join(await temporaryFolder(), 'a file');
    await writeFile(home, '');
    expect(writeCrashReport(home, crash(new Error('x')))).toBeUndefined();
    expect(listReports(home)).toEqual([]);
    const looped = await temporaryFolder();
    await symlink(join(looped, 'crashes'), join(looped, 'crashes'));
    expect(writeCrashReport(looped, crash(new Error('x')))).toBeUndefined();
  });
});
