/**
 * Tries a model that somebody brought in a process of its own, before this one loads it: a file can take down whatever
 * reads it (onnxruntime has died of malformed ones), or ask for all memory there is. What passed once is not tried again.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile } from 'node:fs/promises';
import { totalmem } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { probeAnswerSchema } from '../../models/catalog.js';
import type { ModelDescription } from '../../models/catalog.js';
import type { ProbeAnswer } from '../../models/probe.js';
import { RUNTIME_VERSION } from '../../models/session-node.js';
import { sha256 } from '../../models/sha256-node.js';
import { replaceFile } from '../../models/write-file-node.js';
import { cancelledError, CodedError, throwIfCancelled } from '../../protocol/errors.js';
import { errorFromWire } from '../../protocol/wire-error.js';
import type { OwnModel } from './own-model.js';

/** What a trial may take. */
export interface TrialLimits {
  readonly timeMs: number;
  readonly memoryBytes: number;
}

/** An encoder of a gigabyte takes half of either. No trial takes the memory that the rest of the machine lives on. */
const DEFAULT_LIMITS: TrialLimits = {
  timeMs: 180_000,
  memoryBytes: Math.min(8 * 2 ** 30, totalmem() / 2),
};
/** A process ends itself at the limit; one that cannot any more is ended after this. */
const OVERTIME_MS = 5000;

/** The descriptor a trial answers on: libraries may print to 1 and 2. */
export const TRIAL_FD = 3;

/** What a trial is told on its standard input. */
export interface TrialTask {
  readonly model: Omit<OwnModel, 'trialScript'>;
  readonly cacheDir: string;
  readonly limits: TrialLimits;
}

const outcomeSchema = z.union([
  z.object({ probe: probeAnswerSchema }),
  z.object({
    error: z.object({ message: z.string(), data: z.object({ name: z.string(), hint: z.string() }) }),
  }),
]);
export type TrialOutcome = z.infer<typeof outcomeSchema>;

const recordSchema = z.object({ runtime: z.literal(RUNTIME_VERSION), probe: probeAnswerSchema });

export interface TrialOptions {
  /** Where what passed is remembered, and built decoders are kept. */
  readonly cacheDir: string;
  readonly signal?: AbortSignal | undefined;
  readonly limits?: Partial<TrialLimits>;
}

/**
 * @returns What the model answers to the probe on a CPU.
 * @throws CodedError MODEL_FOLDER, MODEL_CHECKSUM, MODEL_GRAPH or MODEL_REFUSED; CANCELLED.
 */
export async function tryOwnModel(model: OwnModel, options: TrialOptions): Promise<ProbeAnswer> {
  const path = join(options.cacheDir, 'tried', `${fingerprint(model.description)}.json`);
  const known = await readRecord(path);
  if (known) return known;
  const probe = await runTrial(model, options);
  // Where it cannot be kept, the model is tried at each start.
  await keepRecord(path, probe).catch(() => undefined);
  return probe;
}

/** All that a trial's outcome depends on, besides the runtime. */
function fingerprint({ files }: ModelDescription): string {
  return sha256(`${files.encoder.sha256} ${files.decoder.sha256}`);
}

async function readRecord(path: string): Promise<ProbeAnswer | undefined> {
  try {
    return recordSchema.parse(JSON.parse(await readFile(path, 'utf8'))).probe;
  } catch {
    return undefined;
  }
}

async function keepRecord(path: string, probe: ProbeAnswer): Promise<void> {
  await mkdir(join(path, '..'), { recursive: true });
  await replaceFile(path, JSON.stringify({ runtime: RUNTIME_VERSION, probe }));
}

async function runTrial(
  { folder, description, trialScript }: OwnModel,
  { cacheDir, signal, ...options }: TrialOptions,
): Promise<ProbeAnswer> {
  throwIfCancelled(signal);
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const child = spawn(process.execPath, [fileURLToPath(trialScript)], {
    stdio: ['pipe', 'ignore', 'ignore', 'pipe'],
    windowsHide: true,
  });
  const end = () => child.kill('SIGKILL');
  const timer = setTimeout(end, limits.timeMs + OVERTIME_MS);
  signal?.addEventListener('abort', end, { once: true });
  // A process that ends early takes no input; its end is what is heard of.
  child.stdin!.on('error', () => undefined);
  child.stdin!.write(
    `${JSON.stringify({ model: { folder, description }, cacheDir, limits } satisfies TrialTask)}\n`,
  );
  try {
    const [answer, [code, killedBy]] = await Promise.all([
      text(child.stdio[TRIAL_FD] as Readable),
      once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>,
    ]);
    throwIfCancelled(signal);
    return probeOf(answer, killedBy ?? `status ${code}`);
  } catch (error) {
    if (signal?.aborted) throw cancelledError();
    if (error instanceof CodedError) throw error;
    throw new CodedError('INTERNAL', 'The process that tries a model cannot be started.', 'Try again.', {
      cause: error,
    });
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', end);
  }
}

/** @param ending How the process ended. */
function probeOf(answer: string, ending: string): ProbeAnswer {
  const outcome = parseOutcome(answer);
  if (outcome === undefined) {
    throw new CodedError(
      'MODEL_REFUSED',
      `The model took down the process that tried it (${ending}).`,
      'Its files are damaged, or made to do harm: get them from another source.',
    );
  }
  if ('error' in outcome) throw errorFromWire(outcome.error.message, outcome.error.data);
  return outcome.probe;
}

function parseOutcome(answer: string): TrialOutcome | undefined {
  try {
    return outcomeSchema.parse(JSON.parse(answer));
  } catch {
    return undefined;
  }
}
