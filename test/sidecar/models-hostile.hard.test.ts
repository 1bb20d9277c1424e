/** What model files that mean harm, or are broken, do to the built sidecar. */
import { execFile } from 'node:child_process';
import { link, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connect } from '../../bench/sidecar.js';
import { findModel } from '../../models/catalog.js';
import { readVerified } from '../../models/store-node.js';
import { CodedError } from '../../protocol/errors.js';
import { imageUpload, maskPredict } from '../../protocol/methods.js';
import { callMethod } from '../../protocol/rpc.js';
import { seededRandom } from '../../sidecar/eval/seeded-random.js';
import { drawScenePng } from '../support/drawn-scene.js';
import { describeModel, writeModelFolder } from '../support/model-folder.js';
import type { BroughtModel } from '../support/model-folder.js';
import { mutateOnnx } from '../support/mutate-onnx.js';
import { hasProgram } from '../support/programs.js';
import { pairWith } from '../support/sidecar-client.js';
import { SidecarProcess } from '../support/sidecar-process.js';
import { external, tensor, tinyEncoder, tinyModel } from '../support/tiny-onnx.js';
import { recordTrial } from '../support/trials.js';

const run = promisify(execFile);
const PROGRAM = resolve(import.meta.dirname, '../../dist/sidecar/main.js');
const SEED = 7;
const MUTANTS = 120;
const AT_ONCE = 2;
const PATIENCE_MS = 1_800_000;

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'cutline-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function realDecoder(): Promise<Uint8Array> {
  const entry = findModel();
  return readVerified(entry, entry.files.decoder);
}

interface Trick {
  readonly model: BroughtModel;
  readonly prepare?: (folder: string) => Promise<void>;
  /** What nobody may open. */
  readonly forbidden?: string;
}

async function replaceEncoder(folder: string, put: (inside: string) => Promise<void>): Promise<void> {
  const inside = join(folder, 'encoder.onnx');
  await rm(inside);
  await put(inside);
}

/** Has model.json say that the encoder is at this path. */
async function describeAt(folder: string, model: BroughtModel, path: string): Promise<void> {
  const description = describeModel(model);
  const encoder = { ...description.files.encoder, path };
  const changed = { ...description, files: { ...description.files, encoder } };
  await writeFile(join(folder, 'model.json'), JSON.stringify(changed));
}

describe('a model’s folder', () => {
  it.runIf(hasProgram('strace', '-V'))(
    'leads to no file outside of it, whichever way it tries (strace sees every file that is opened)',
    async (context) => {
      const outside = join(root, 'outside.onnx');
      await writeFile(outside, tinyEncoder());
      const decoder = await realDecoder();
      const good: BroughtModel = { encoder: tinyEncoder(), decoder };
      const naming = (location: string) => ({
        decoder,
        encoder: tinyModel({ weight: tensor('w', [4], ...external(location)) }),
      });
      const redirect = (put: typeof link) => (folder: string) =>
        replaceEncoder(folder, (inside) => put(outside, inside));
      const tricks: readonly Trick[] = [
        { model: good, prepare: (folder) => describeAt(folder, good, outside) },
        { model: good, prepare: (folder) => describeAt(folder, good, '../outside.onnx') },
        // Whoever opens a link is seen to open its own name.
        { model: good, prepare: redirect(symlink), forbidden: 'encoder.onnx' },
        { model: good, prepare: redirect(link), forbidden: 'encoder.onnx' },
        { model: naming(outside) },
        { model: naming('../outside.onnx') },
        // Beside the folder, where the commands are run.
        { model: naming('outside.onnx') },
      ];
      const seen: string[] = [];
      for (const [i, { model, prepare, forbidden = 'outside.onnx' }] of tricks.entries()) {
        const folder = await writeModelFolder(join(root, `trick-${i}`), model);
        await prepare?.(folder);
        if ((await openedBy(folder)).includes(forbidden)) seen.push(`trick ${i}: ${forbidden}`);
      }
      // That the tool sees what is opened: without a trick it sees the encoder, in the trial and after it.
      const folder = await writeModelFolder(join(root, 'good'), good);
      const control = (await openedBy(folder)).match(/good\/encoder\.onnx/g) ?? [];
      recordTrial(context, {
        area: 'Models',
        tried: 'Ways out of a model’s folder: absolute and upward paths, links, weights elsewhere',
        times: tricks.length,
        happened: `${seen.length} files outside opened; of a good model’s encoder ${control.length} openings were seen`,
        wanted: 'no outside reads',
      });
      expect(control.length).toBeGreaterThanOrEqual(2);
      expect(seen).toEqual([]);
    },
    PATIENCE_MS,
  );

  /** Every file that doctor, and what it starts, opened with this model. */
  async function openedBy(folder: string): Promise<string> {
    const log = join(root, 'strace.log');
    const flags = ['-f', '-qq', '-s', '4096', '-e', 'trace=open,openat,openat2', '-o', log];
    const environment = { ...process.env, CUTLINE_HOME: join(root, 'home'), CUTLINE_DEVICE: 'cpu' };
    await run('strace', [...flags, process.execPath, PROGRAM, 'doctor', '--model', folder], {
      env: environment,
      cwd: root,
    }).catch(() => undefined);
    return readFile(log, 'utf8');
  }
});

describe('the sidecar, given models that were damaged', () => {
  it(
    `stays up with ${MUTANTS} of them, answers what is asked, and says what is wrong`,
    async (context) => {
      const decoder = await realDecoder();
      const image = await drawScenePng();
      const outcomes: Record<string, number> = {};
      const unanswered: string[] = [];
      const tryOne = async (index: number) => {
        const random = seededRandom(SEED * MUTANTS + index);
        // A quarter of them have a damaged decoder: it is read by us before the runtime sees its numbers.
        const model: BroughtModel =
          index % 4 === 0
            ? { encoder: tinyEncoder(), decoder: mutateOnnx(decoder, random) }
            : { encoder: mutateOnnx(tinyEncoder(), random), decoder };
        const folder = await writeModelFolder(join(root, `mutant-${index}`), model);
        const { outcome, words } = await askWith(folder, join(root, `home-${index}`), image);
        outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
        // By the log of the sidecar, which is kept for this, one finds out what it was.
        if (['no answer', 'INTERNAL'].includes(outcome)) unanswered.push(`mutant ${index}: ${words}`);
        await rm(folder, { recursive: true });
        await rm(join(root, `home-${index}`), { recursive: true });
      };
      let next = 0;
      const lane = async () => {
        while (next < MUTANTS) await tryOne(next++);
      };
      await Promise.all(Array.from({ length: AT_ONCE }, lane));
      const told = Object.entries(outcomes).map(([outcome, times]) => `${times} ${outcome}`);
      recordTrial(context, {
        area: 'Models',
        tried: `Damaged ONNX files (seed ${SEED}), each in a sidecar of its own that is asked for a mask`,
        times: MUTANTS,
        happened: told.sort().join(', '),
        wanted: 'every sidecar survives, with an answer or a typed error',
      });
      expect(unanswered).toEqual([]);
      expect(outcomes['MODEL_REFUSED']).toBeGreaterThan(MUTANTS / 10);
      expect(outcomes['answered']).toBeGreaterThan(0);
    },
    PATIENCE_MS,
  );
});

/** What a client is answered, and whether the sidecar is there afterwards and stops in order. */
async function askWith(
  folder: string,
  home: string,
  bytes: Uint8Array,
): Promise<{ readonly outcome: string; readonly words: string }> {
  const flags = ['--port', '0', '--model', folder];
  const sidecar = await SidecarProcess.startWith(home, { flags, environment: { CUTLINE_LOG: 'warn' } });
  try {
    const connection = await connect(sidecar.origin, await pairWith(sidecar));
    const outcome = await (async () => {
      const { image } = await callMethod(connection, imageUpload, { bytes });
      const prompts = [{ type: 'point', x: 100, y: 80, label: 'inside' }] as const;
      await callMethod(connection, maskPredict, { image: image.id, prompts: [...prompts] });
      return { outcome: 'answered', words: '' };
    })().catch((error: unknown) => ({
      outcome: error instanceof CodedError ? error.code : 'no answer',
      words: `${error instanceof Error ? error.message : String(error)} ${sidecar.errors}`,
    }));
    connection.dispose();
    const health = await fetch(`${sidecar.origin}/health`).then(
      ({ ok }) => ok,
      () => false,
    );
    return health ? outcome : { outcome: 'no answer', words: sidecar.errors };
  } finally {
    if ((await sidecar.stop()) !== 0) throw new Error(`The sidecar with ${folder} did not stop in order.`);
  }
}
