/** What becomes of a home that is full, read-only, or gone, while work goes on. */
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connect } from '../../../bench/sidecar.js';
import { hashImage } from '../../../sidecar/image-file.js';
import { answerAbout, drawGrainyScene } from '../../support/known-images.js';
import { litterIn } from '../../support/litter.js';
import { runCli } from '../../support/run-cli.js';
import { pairWith } from '../../support/sidecar-client.js';
import { SidecarProcess } from '../../support/sidecar-process.js';
import { canMount, SmallDisk } from '../../support/small-disk.js';
import { recordTrial } from '../../support/trials.js';

const MIB = 1024 * 1024;
/** Room for the decoders and a few embeddings. */
const DISK_BYTES = 96 * MIB;
const NOT_KEPT = /Embeddings are kept in memory only/g;
const LOOKS = 100;
const LOOK_MS = 100;

let images: { readonly bytes: Uint8Array; readonly id: string }[];
let outside: string;
let sidecar: SidecarProcess | undefined;
beforeEach(async () => {
  outside = await mkdtemp(join(tmpdir(), 'cutline-'));
  images = [];
  for (const hue of [0, 90, 180]) {
    const bytes = await drawGrainyScene(hue);
    images.push({ bytes, id: hashImage(bytes) });
  }
});
afterEach(async () => {
  await sidecar?.stop();
  await rm(outside, { recursive: true, force: true });
});

async function start(home: string): Promise<SidecarProcess> {
  const environment = { CUTLINE_LOG: 'warn' };
  sidecar = await SidecarProcess.startWith(home, { flags: ['--port', '0'], environment });
  return sidecar;
}

/** As another start would find it. */
async function isKept(home: string, id: string): Promise<boolean> {
  const index = join(home, 'embeddings/index-v5');
  for (const name of await readdir(index, { recursive: true }).catch(() => [])) {
    const text = await readFile(join(index, name), 'utf8').catch(() => '');
    if (text.includes(id)) return true;
  }
  return false;
}

async function until(holds: () => Promise<boolean>): Promise<boolean> {
  for (let looks = 0; looks < LOOKS; looks++) {
    if (await holds()) return true;
    await delay(LOOK_MS);
  }
  return false;
}

/** `cutline cut` onto that disk, where nothing is yet and where a file is already. */
async function cutOnto(home: string, folder: string, hasOld: boolean) {
  const [image, out] = [join(outside, 'scene.png'), join(folder, 'out.png')];
  await writeFile(image, images[0]!.bytes);
  const { status, stderr } = await runCli(home, 'cut', image, '--point', '280,340', '--out', out);
  const names = (await readdir(folder)).filter((name) => name.startsWith('out.png'));
  expect(status, stderr).toBe(1);
  expect(stderr).toMatch(/out\.png cannot be written \((ENOSPC|EROFS)\)\.\n.*Choose another place\./);
  expect(stderr).not.toMatch(/^ +at /m);
  expect(names).toEqual(hasOld ? ['out.png'] : []);
  if (hasOld) expect(await readFile(out, 'utf8')).toBe('old');
}

describe.runIf(canMount())('a home', () => {
  it('that is full costs no work, says so once, and is used again when there is room', async (context) => {
    const disk = await SmallDisk.mount(DISK_BYTES);
    try {
      await disk.fill();
      const first = await start(disk.folder);
      const connection = await connect(first.origin, await pairWith(first));
      const answers = [await answerAbout(images[0]!, connection), await answerAbout(images[1]!, connection)];
      expect(answers.every((answer) => JSON.parse(answer).length > 0)).toBe(true);
      await until(async () => NOT_KEPT.test(first.errors));
      expect(first.errors.match(NOT_KEPT)).toHaveLength(1);
      expect(first.errors).toMatch(/clients\.json cannot be written: this pairing ends with the sidecar/);
      expect(await litterIn(disk.folder)).toEqual([]);
      await cutOnto(disk.folder, disk.folder, false);

      await disk.makeRoom();
      await answerAbout(images[2]!, connection);
      expect(await until(() => isKept(disk.folder, images[2]!.id))).toBe(true);
      await writeFile(join(disk.folder, 'out.png'), 'old');
      await disk.fill();
      await cutOnto(disk.folder, disk.folder, true);
      connection.dispose();
      recordTrial(context, {
        area: 'Faults',
        tried: 'A full disk under the home: started, paired, three images asked about, an object cut onto it',
        times: 1,
        happened:
          'every answer came; said once that embeddings stay in memory; FILE_WRITE with a hint, no half file; kept again once there was room',
        wanted: 'work goes on, typed errors with a hint, no half file',
      });
    } finally {
      await sidecar?.stop();
      await disk.dispose();
    }
  });

  it('that is read-only keeps the pairings that it has and nothing new, and says so', async (context) => {
    const disk = await SmallDisk.mount(DISK_BYTES);
    try {
      const before = await start(disk.folder);
      const token = await pairWith(before);
      await before.stop();
      await writeFile(join(disk.folder, 'out.png'), 'old');
      disk.makeReadOnly();
      const first = await start(disk.folder);
      const connection = await connect(first.origin, token);
      expect(JSON.parse(await answerAbout(images[0]!, connection)).length).toBeGreaterThan(0);
      (await connect(first.origin, await pairWith(first))).dispose();
      await until(async () => NOT_KEPT.test(first.errors));
      expect(first.errors.match(NOT_KEPT)).toHaveLength(1);
      expect(first.errors).toMatch(/cannot be written: nothing is kept from one start to the next/);
      await cutOnto(disk.folder, disk.folder, true);
      connection.dispose();
      recordTrial(context, {
        area: 'Faults',
        tried:
          'A read-only home: started, an old token and a new one used, an image asked about, an object cut onto it',
        times: 1,
        happened:
          'both tokens good, the answer came; said at the start that nothing is kept; FILE_WRITE with a hint',
        wanted: 'work goes on, typed errors with a hint',
      });
    } finally {
      await sidecar?.stop();
      await disk.dispose();
    }
  });
});

describe('a home that is removed while the sidecar runs', () => {
  it('is made anew: embeddings at once, pairings when somebody pairs', async (context) => {
    const home = join(outside, 'home');
    const first = await start(home);
    const token = await pairWith(first);
    const connection = await connect(first.origin, token);
    const right = await answerAbout(images[0]!, connection);
    expect(await until(() => isKept(home, images[0]!.id))).toBe(true);

    await rm(join(home, 'embeddings'), { recursive: true });
    expect(await answerAbout(images[0]!, connection)).toBe(right);
    await answerAbout(images[1]!, connection);
    expect(await until(() => isKept(home, images[1]!.id))).toBe(true);

    await rm(home, { recursive: true });
    // Whoever was trusted is not any more: the list is gone.
    await expect(connect(first.origin, token)).rejects.toThrow('401');
    const again = await connect(first.origin, await pairWith(first));
    expect(await answerAbout(images[0]!, again)).toBe(right);
    await answerAbout(images[2]!, again);
    expect(await until(() => isKept(home, images[2]!.id))).toBe(true);
    expect((await stat(home)).mode & 0o777).toBe(0o700);
    connection.dispose();
    again.dispose();
    recordTrial(context, {
      area: 'Faults',
      tried: 'The folder of embeddings, then the whole home removed while the sidecar runs',
      times: 2,
      happened:
        'every answer came and was the same; embeddings kept anew; after the home, clients pair anew; mode 700',
      wanted: 'work goes on, what was removed is made anew',
    });
  });
});
