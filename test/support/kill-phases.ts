/** What a sidecar can be in the middle of when it is killed, and how a client brings it there. */
import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { ProgressType } from 'vscode-jsonrpc/node';
import type { MessageConnection } from 'vscode-jsonrpc/node';
import { postJson } from '../../bench/sidecar.js';
import { maskAll } from '../../protocol/everything-methods.js';
import { exportObject, imagePrepare, imageUpload, maskPredict } from '../../protocol/methods.js';
import { callMethod } from '../../protocol/rpc.js';
import { KNOWN_PROMPTS } from './known-images.js';
import type { KnownImage } from './known-images.js';
import type { SidecarProcess } from './sidecar-process.js';

export interface Scene {
  readonly sidecar: SidecarProcess;
  readonly connection: MessageConnection;
  readonly home: string;
  readonly victim: KnownImage;
  /** Numbers in [0, 1). */
  readonly random: () => number;
}

/** Work of a sidecar that takes a while. */
interface Work {
  /** Settles with the first sign that it is under way. */
  readonly begun: Promise<unknown>;
  /** Settles with its end, or with the sidecar's. */
  readonly done: Promise<unknown>;
  /** Whether the kill left it half done; left out, that is when it was not done yet. */
  wasCut?(): Promise<boolean>;
}

interface PhaseKind {
  /** Longest time from the first sign of it to the kill. */
  readonly withinMs: number;
  /** It comes about only with an image that the sidecar has not seen. */
  readonly needsNew?: boolean;
  begin(scene: Scene): Work;
}

const PHASE_KINDS = {
  upload: {
    withinMs: 60,
    begin: ({ connection, victim }) => ({
      begun: Promise.resolve(),
      done: callMethod(connection, imageUpload, { bytes: victim.bytes }),
    }),
  },
  encode: {
    withinMs: 1_200,
    needsNew: true,
    begin: (scene) => atStage('encoding', scene, () => encode(scene)),
  },
  'cache write': { withinMs: 0, needsNew: true, begin: writeCache },
  'segment all': {
    withinMs: 1_500,
    begin: (scene) =>
      atStage('looking', scene, async () => {
        await encode(scene);
        const options = { pointsPerSide: 16, mode: 'exact' } as const;
        await callMethod(scene.connection, maskAll, {
          image: scene.victim.id,
          options,
          progressToken: TOKEN,
        });
      }),
  },
  prompts: {
    withinMs: 300,
    begin: (scene) =>
      afterEncode(scene, ({ connection, victim: { id }, random }) => {
        const second = { type: 'point', x: random() * 1000, y: random() * 1000, label: 'outside' } as const;
        return callMethod(connection, maskPredict, { image: id, prompts: [...KNOWN_PROMPTS, second] });
      }),
  },
  export: {
    withinMs: 600,
    begin: (scene) =>
      afterEncode(scene, ({ connection, victim: { id } }) => {
        const look = { format: 'cutout', refine: true, softEdgePx: 12 } as const;
        return callMethod(connection, exportObject, { image: id, prompts: [...KNOWN_PROMPTS], ...look });
      }),
  },
  pairing: { withinMs: 12, begin: pair },
} satisfies Record<string, PhaseKind>;

export type Phase = keyof typeof PHASE_KINDS;
export const PHASES = Object.keys(PHASE_KINDS) as readonly Phase[];
const KINDS: Readonly<Record<Phase, PhaseKind>> = PHASE_KINDS;

const TOKEN = 'work';
/** Of an embedding, on a crowded machine. */
const LONGEST_WRITE_MS = 10_000;
/** Has a sidecar die in writing, when it is told to. */
const PRELOAD = pathToFileURL(join(import.meta.dirname, 'dies-in-writing.mjs')).href;
export const KILLABLE = { NODE_OPTIONS: `--import=${PRELOAD}` };

export const needsNewImage = (phase: Phase): boolean => KINDS[phase].needsNew ?? false;

/**
 * Kills a sidecar at a random moment of a phase.
 *
 * @returns Whether it was in the middle of it.
 */
export async function killDuring(phase: Phase, scene: Scene): Promise<boolean> {
  const { withinMs, begin } = KINDS[phase];
  let isDone = false;
  const { begun, done, wasCut } = begin(scene);
  const settled = done.then(
    () => void (isDone = true),
    () => undefined,
  );
  await Promise.race([begun, settled]);
  await delay(scene.random() * withinMs);
  const wasUnderWay = !isDone;
  await scene.sidecar.kill();
  await settled;
  return wasCut ? wasCut() : wasUnderWay;
}

async function encode({ connection, victim: { bytes, id } }: Scene): Promise<void> {
  await callMethod(connection, imageUpload, { bytes });
  await callMethod(connection, imagePrepare, { image: id, progressToken: TOKEN });
}

function atStage(wanted: string, { connection }: Scene, work: () => Promise<unknown>): Work {
  const begun = new Promise<void>((resolve) => {
    connection.onProgress(new ProgressType<{ stage: string }>(), TOKEN, ({ stage }) => {
      if (stage === wanted) resolve();
    });
  });
  return { begun, done: work() };
}

/** Does the work again and again, so that a kill comes in the middle of it. */
function afterEncode(scene: Scene, work: (scene: Scene) => Promise<unknown>): Work {
  const begun = encode(scene);
  const done = begun.then(async () => {
    for (;;) await work(scene);
  });
  return { begun, done };
}

/** cacache writes into a folder of its own before it moves content into place. */
function writeCache(scene: Scene): Work {
  const files = () => readdir(join(scene.home, 'embeddings/tmp')).catch(() => []);
  const order = join(scene.home, 'die-in-writing');
  const before = files();
  const done = before.then(() => writeFile(order, '')).then(() => encode(scene));
  const died = done.then(
    () => Promise.race([scene.sidecar.ended(), delay(LONGEST_WRITE_MS)]),
    () => scene.sidecar.ended(),
  );
  return {
    begun: died,
    done: died,
    async wasCut() {
      await rm(order);
      return (await files()).length > (await before).length;
    },
  };
}

/** The list of clients is written while a code is confirmed. */
function pair({ sidecar }: Scene): Work {
  const code = postJson<{ pairing: string }>(sidecar.origin, '/v1/pair', { client: 'another' }).then(
    async ({ pairing }) => ({ pairing, code: await sidecar.pairingCode() }),
  );
  const done = code.then((body) => postJson(sidecar.origin, '/v1/pair/confirm', body));
  return { begun: code, done };
}
