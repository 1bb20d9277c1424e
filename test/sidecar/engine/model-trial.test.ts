import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { findModel } from '../../../models/catalog.js';
import { readVerified } from '../../../models/store-node.js';
import { tryOwnModel } from '../../../sidecar/engine/model-trial.js';
import type { TrialOptions } from '../../../sidecar/engine/model-trial.js';
import { chooseOwnModel } from '../../../sidecar/engine/own-model.js';
import { buildScript } from '../../support/built-script.js';
import type { BuiltScript } from '../../support/built-script.js';
import { writeModelFolder } from '../../support/model-folder.js';
import { floats, message, tinyEncoder, tinyModel } from '../../support/tiny-onnx.js';
import type { Field } from '../../support/tiny-onnx.js';

const INT64 = 7;
/** As a trial begins. */
const READY = "import { writeSync } from 'node:fs'; writeSync(3, 'ready\\n');";

let worker: BuiltScript;
let decoder: Uint8Array;
beforeAll(async () => {
  worker = await buildScript('sidecar/engine/model-trial-worker.ts');
  const entry = findModel();
  decoder = await readVerified(entry, entry.files.decoder);
});
afterAll(() => worker.dispose());

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'cutline-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

interface Attempt extends Partial<TrialOptions> {
  readonly encoder?: Uint8Array;
  readonly decoder?: Uint8Array;
  readonly script?: URL;
}

async function tryIt({ encoder = tinyEncoder(), script = worker.script, ...attempt }: Attempt = {}) {
  const folder = await writeModelFolder(join(root, 'model'), {
    encoder,
    decoder: attempt.decoder ?? decoder,
  });
  const model = await chooseOwnModel(folder, script);
  const { signal, limits = {} } = attempt;
  return tryOwnModel(model!, { cacheDir: join(root, 'cache'), signal, limits });
}

/** A process that does this instead of trying a model. */
async function scripted(code: string): Promise<URL> {
  const path = join(root, 'scripted.mjs');
  await writeFile(path, code);
  return pathToFileURL(path);
}

describe('trying a model that somebody brought', () => {
  it('has it answer the probe once, and remembers the answer', async () => {
    const probe = await tryIt();
    expect(probe.embeddingDeviation).toBeGreaterThan(0);
    const dead = await scripted('process.exit(1)');
    expect(await tryIt({ script: dead })).toEqual(probe);
  });

  it('tries it again when it was tried with another version of the runtime', async () => {
    const probe = await tryIt();
    await writeFile(join(root, 'cache/tried.json'), JSON.stringify({ runtime: '0.1', probe }));
    const dead = await scripted(`${READY} process.exit(1);`);
    await expect(tryIt({ script: dead })).rejects.toMatchObject({ code: 'MODEL_REFUSED' });
  });

  it('refuses one that takes the process down, and says how that ended', async () => {
    const dying = await scripted(
      `${READY} process.kill(process.pid, 'SIGSEGV'); setInterval(() => {}, 1000);`,
    );
    await expect(tryIt({ script: dying })).rejects.toMatchObject({
      code: 'MODEL_REFUSED',
      message: /took down the process that tried it \(SIGSEGV\)/,
    });
  });

  it('blames no model when the process does not get as far as trying one', async () => {
    for (const script of [await scripted('process.exit(1)'), new URL('file:///nowhere.mjs')])
      await expect(tryIt({ script })).rejects.toMatchObject({ code: 'INTERNAL' });
  });

  it('refuses what is no encoder, in the words of the runtime', async () => {
    await expect(tryIt({ encoder: tinyModel() })).rejects.toMatchObject({
      code: 'MODEL_REFUSED',
      message: /does not work as an encoder/,
      hint: /own-models/,
    });
  });

  it('refuses values that are not numbers', async () => {
    const shades = new Array<number>(256 * 3).fill(Number.NaN);
    await expect(tryIt({ encoder: tinyEncoder(floats(shades)) })).rejects.toMatchObject({
      message: /not numbers/,
    });
  });

  it('says what is wrong with a decoder that is none', async () => {
    await expect(tryIt({ decoder: tinyModel() })).rejects.toMatchObject({ code: 'MODEL_GRAPH' });
  });

  it('ends a trial that takes too much memory or time', async () => {
    await expect(tryIt({ limits: { memoryBytes: 1 } })).rejects.toMatchObject({ message: /0 MB of memory/ });
    await expect(tryIt({ limits: { timeMs: 0 } })).rejects.toMatchObject({ message: /more than 0 s/ });
  });

  it('ends one that fills the memory, before there is none left', async () => {
    const dims: Field = [9, new Uint8Array(BigInt64Array.of(1024n, 1024n, 1024n).buffer)];
    const greedy = tinyModel({
      graph: [
        [1, message([1, 'dims'], [2, 'zeros'], [4, 'ConstantOfShape'])],
        [5, message([1, 3], [2, INT64], [8, 'dims'], dims)],
        [1, message([1, 'zeros'], [2, 'sum'], [4, 'ReduceSum'])],
        [12, message([1, 'sum'])],
      ],
    });
    await expect(tryIt({ encoder: greedy, limits: { memoryBytes: 2 ** 30 } })).rejects.toMatchObject({
      code: 'MODEL_REFUSED',
      message: /more than 1024 MB of memory/,
    });
  });

  it('ends at once when whoever asked has no more use for it, and leaves no process', async () => {
    const controller = new AbortController();
    const pidFile = join(root, 'pid');
    const endless = await scripted(
      `import { writeFileSync } from 'node:fs'; process.stdin.resume();
      writeFileSync(${JSON.stringify(pidFile)}, String(process.pid));`,
    );
    const trial = tryIt({ script: endless, signal: controller.signal });
    const pid = await vi.waitFor(async () => Number((await readFile(pidFile, 'utf8')) || undefined), {
      timeout: 10_000,
    });
    controller.abort();
    await expect(trial).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  });

  it('ends with whoever started it', async () => {
    const child = spawn(process.execPath, [fileURLToPath(worker.script)], {
      stdio: ['pipe', 'ignore', 'ignore', 'pipe'],
    });
    const model = {
      folder: await writeModelFolder(join(root, 'model'), { encoder: tinyEncoder(), decoder }),
    };
    const limits = { timeMs: 60_000, memoryBytes: 2 ** 33 };
    child.stdin!.end(`${JSON.stringify({ model, cacheDir: join(root, 'cache'), limits })}\n`);
    expect(await once(child, 'exit')).toEqual([null, 'SIGKILL']);
  });
});
