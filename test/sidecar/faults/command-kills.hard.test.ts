/** A command killed in the middle of writing: what is at its target was there before, or is whole. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { watch } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { unzipSync } from 'fflate';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { seededRandom } from '../../../sidecar/eval/seeded-random.js';
import { INDEX_NAME, listedFiles } from '../../../sidecar/export/tree-layers.js';
import { drawGrainyScene } from '../../support/known-images.js';
import { runCli } from '../../support/run-cli.js';
import { recordTrial } from '../../support/trials.js';

const PROGRAM = resolve(import.meta.dirname, '../../../dist/sidecar/main.js');
const KILLS = 20;
const AT_ONCE = 2;
/** Longest time from the first sign of writing to the kill. */
const WITHIN_MS = 8;
const OLD = 'what was there before';

interface Kind {
  readonly name: string;
  readonly flags: readonly string[];
  /** Fails when what is there is not whole. */
  read(path: string): Promise<void>;
}

const ALL = ['--points-per-side', '6'];
const CUT = ['--box', '60,60,780,620'];

const KINDS: readonly Kind[] = [
  { name: 'cut.png', flags: ['cut', ...CUT], read: readPng },
  { name: 'cut.svg', flags: ['cut', ...CUT], read: readSvg },
  {
    name: 'all.ora',
    flags: ['all', ...ALL],
    async read(path) {
      const files = unzipSync(await readFile(path));
      expect(Object.keys(files)).toContain('stack.xml');
      await sharp(files['mergedimage.png']).raw().toBuffer();
    },
  },
  {
    name: 'layers',
    flags: ['all', ...ALL, '--format', 'layers'],
    async read(path) {
      const names = listedFiles(await readFile(join(path, INDEX_NAME), 'utf8'));
      expect(names.length).toBeGreaterThan(0);
      for (const name of names) await readPng(join(path, name));
    },
  },
];

async function readPng(path: string): Promise<void> {
  await sharp(path, { failOn: 'warning' }).raw().toBuffer();
}

async function readSvg(path: string): Promise<void> {
  const text = await readFile(path, 'utf8');
  expect(text).toMatch(/^<svg[\s\S]*<\/svg>\s*$/);
}

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'cutline-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

/** Kills the command a moment after it begins to write into a folder. */
async function killInWriting(home: string, folder: string, flags: readonly string[], withinMs: number) {
  const environment = { ...process.env, CUTLINE_HOME: home, CUTLINE_DEVICE: 'cpu' };
  const child = spawn(process.execPath, [PROGRAM, ...flags], { env: environment, stdio: 'ignore' });
  const ended = once(child, 'exit');
  const watching = new AbortController();
  const written = new Promise<void>((begun) =>
    watch(folder, { signal: watching.signal, recursive: true }, () => begun()),
  );
  await Promise.race([written, ended]);
  watching.abort();
  if (withinMs > 0.5) await delay(withinMs);
  child.kill('SIGKILL');
  await ended;
}

const isDraft = (name: string) => name.endsWith('.tmp');

async function stateOf({ name, read }: Kind, folder: string): Promise<'absent' | 'old' | 'whole' | 'broken'> {
  const path = join(folder, name);
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => error.code);
  if (text === 'ENOENT') return 'absent';
  if (text === OLD) return 'old';
  // A folder without an index does not claim to be whole.
  const isFolder = text === 'EISDIR';
  if (isFolder && !(await readdir(path)).includes(INDEX_NAME)) return 'absent';
  return read(path).then(
    () => 'whole',
    () => 'broken',
  );
}

describe('a command that is killed while it writes its result', () => {
  it('leaves what was there, or the whole result', { timeout: 1_800_000 }, async (context) => {
    const [home, image] = [join(root, 'home'), join(root, 'scene.png')];
    await writeFile(image, await drawGrainyScene());
    const first = await runCli(home, 'cut', image, ...CUT, '--out', join(root, 'first.png'));
    expect(first.status, first.stderr).toBe(0);
    const random = seededRandom(3);
    const seen = { absent: 0, old: 0, whole: 0, broken: 0, cut: 0 };
    const kills = Array.from({ length: KILLS }, (_, i) => i);
    const killOne = async (i: number) => {
      const kind = KINDS[i % KINDS.length]!;
      const folder = join(root, `kill ${i}`);
      await mkdir(folder);
      if (kind.name !== 'layers' && random() < 0.5) await writeFile(join(folder, kind.name), OLD);
      const [command, ...flags] = kind.flags;
      const out = ['--out', join(folder, kind.name)];
      await killInWriting(home, folder, [command!, image, ...flags, ...out], random() ** 2 * WITHIN_MS);
      seen[await stateOf(kind, folder)]++;
      if ((await readdir(folder, { recursive: true })).some(isDraft)) seen.cut++;
    };
    await Promise.all(
      Array.from({ length: AT_ONCE }, async () => {
        for (let i = kills.pop(); i !== undefined; i = kills.pop()) await killOne(i);
      }),
    );
    recordTrial(context, {
      area: 'Faults',
      tried:
        'kill −9 of `cutline cut` and `cutline all` while they write a PNG, SVG, OpenRaster or folder of layers',
      times: KILLS,
      happened: `${seen.cut} in the middle of a file; at the target nothing ${seen.absent}, the old file ${seen.old}, the whole new one ${seen.whole}, half of one ${seen.broken}`,
      wanted: 'nothing, the old one, or the whole new one',
    });
    expect(seen.broken).toBe(0);
    expect(seen.cut).toBeGreaterThan(0);
  });
});
