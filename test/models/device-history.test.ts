import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { deviceHistory, forgetTrials } from '../../models/device-history-node.js';

const WEEK_MS = 7 * 24 * 60 * 60 * 1000;

describe('deviceHistory', () => {
  let dir: string;
  const history = (runtime = '1', now?: () => number) => deviceHistory(dir, runtime, now);
  const file = (device: string) => join(dir, 'devices', `${device}.json`);
  /** Makes it look as if another process had written what is there. */
  const disown = async (device: string, pid: number) =>
    writeFile(file(device), JSON.stringify({ ...JSON.parse(await readFile(file(device), 'utf8')), pid }));

  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'cutline-'));
  });
  afterEach(() => rm(dir, { recursive: true }));

  it('remembers why a device would not do, for a week and this runtime', async () => {
    await history().refuse('webgpu', 'it is slow');
    expect(await history().refusal('webgpu')).toBe('it is slow');
    expect(await history().refusal('cuda')).toBeUndefined();
    expect(await history('2').refusal('webgpu')).toBeUndefined();
    expect(await history('1', () => Date.now() + WEEK_MS).refusal('webgpu')).toBeUndefined();
  });

  it('holds nothing for longer because the clock was set back since', async () => {
    const inAYear = () => Date.now() + 365 * 24 * 60 * 60 * 1000;
    await history('1', inAYear).refuse('webgpu', 'it is slow');
    expect(await history().refusal('webgpu')).toBeUndefined();
    await history('1', inAYear).begin('cuda');
    await disown('cuda', process.ppid);
    expect(await history().refusal('cuda')).toBeUndefined();
    await history().accept('cuda');
    expect(await readdir(join(dir, 'devices'))).toEqual(['webgpu.json']);
  });

  it('holds nothing against a device that was accepted', async () => {
    await history().refuse('webgpu', 'it is slow');
    await history().accept('webgpu');
    expect(await history().refusal('webgpu')).toBeUndefined();
  });

  it('passes over a device whose trial the program did not survive', async () => {
    await history().begin('webgpu');
    await disown('webgpu', spawnSync(process.execPath, ['--version']).pid);
    expect(await history().refusal('webgpu')).toMatch(/stopped/);
    await history().accept('webgpu');
  });

  it('believes nothing yet of a trial that is under way, here or elsewhere', async () => {
    await history().begin('webgpu');
    expect(await history().refusal('webgpu')).toBeUndefined();
    await disown('webgpu', process.ppid);
    expect(await history().refusal('webgpu')).toBeUndefined();
    await history().accept('webgpu');
    expect(await readdir(join(dir, 'devices'))).toEqual(['webgpu.json']);
  });

  it('sees through a process id that was given out again', async () => {
    const longAgo = Date.now() - 24 * 60 * 60 * 1000;
    await history('1', () => longAgo).begin('webgpu');
    expect(await history().refusal('webgpu')).toMatch(/stopped/);
    await disown('webgpu', process.ppid);
    expect(await history().refusal('webgpu')).toMatch(/stopped/);
    await history().accept('webgpu');
  });

  it('holds a stop in the middle of a trial against nobody, and keeps what is known of others', async () => {
    await history().refuse('cuda', 'it is not there');
    const before = process.listeners('exit');
    const trying = history();
    await trying.begin('webgpu');
    const [atExit] = process.listeners('exit').filter((listener) => !before.includes(listener));
    atExit!(0);
    expect(await readdir(join(dir, 'devices'))).toEqual(['cuda.json']);
    await trying.accept('webgpu');
    expect(process.listeners('exit')).toEqual(before);
  });

  it('remembers several devices that are found out at once', async () => {
    await Promise.all(['cuda', 'dml', 'webgpu'].map((device) => history().refuse(device, device)));
    for (const device of ['cuda', 'dml', 'webgpu']) expect(await history().refusal(device)).toBe(device);
  });

  it('takes a damaged file and a folder that is not there for nothing', async () => {
    expect(await history().refusal('webgpu')).toBeUndefined();
    forgetTrials(dir);
    await history().refuse('webgpu', 'it is slow');
    await writeFile(file('webgpu'), '{');
    expect(await history().refusal('webgpu')).toBeUndefined();
  });
});
