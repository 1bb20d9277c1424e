/**
 * Tries a model that somebody brought in a process of its own, before this one loads it: a file can take down whatever
 * reads it (onnxruntime has died of malformed ones), or ask for all memory there is. What passed once is not tried again.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { totalmem } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { probeAnswerSchema } from '../../models/catalog.js';
import type { ProbeAnswer } from '../../models/probe.js';
import { RUNTIME_VERSION } from '../../models/session-node.js';
import { replaceFile } from '../../models/write-file-node.js';
import { CodedError, throwIfCancelled } from '../../protocol/errors.js';
import { errorFromWire } from '../../protocol/wire-error.js';
import { forgetOldModels } from './own-model.js';
import type { ModelFolder, OwnModel } from './own-model.js';

/** What a trial may take. */
export interface TrialLimits {
  readonly timeMs: number;
  readonly memoryBytes: number;
}

/** An encoder of a gigabyte takes half of either. No trial takes the memory that the rest of the machine lives on. */
const DEFAULT_LIMITS: TrialLimits = {
  timeMs: 180_000,
  memoryBytes: Math.min(8 * 2 ** 30, Math.min(totalmem(), process.constrainedMemory() || Infinity) / 2),
};
/** A process ends itself at the limit; one that cannot any more is ended after this. */
const OVERTIME_MS = 5000;

/** The descriptor a trial answers on: libraries may print to 1 and 2. */
export const TRIAL_FD = 3;

/** What a trial is told on its standard input. */
export interface TrialTask {
  readonly model: ModelFolder;
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

/** Comes first: whatever ends the process afterwards, it is the model's doing. */
export const TRIAL_READY = 'ready\n';

const recordSchema = z.object({ runtime: z.literal(RUNTIME_VERSION), probe: probeAnswerSchema });

export interface TrialOptions {
  /** The model's own: what passed is remembered there, and its built decoders are kept. */
  readonly cacheDir: string;
  readonly signal?: AbortSignal | undefined;
  readonly limits?: Partial<TrialLimits>;
}

/**
 * @returns What the model answers to the probe on a CPU.
 * @throws CodedError MODEL_FOLDER, MODEL_GRAPH or MODEL_REFUSED; CANCELLED.
 */
export async function tryOwnModel(model: OwnModel, options: TrialOptions): Promise<ProbeAnswer> {
  const path = trialRecord(options.cacheDir);
  const known = await readRecord(path);
  if (known) return known;
  try {
    const probe = await runTrial(model, options);
    // Where it cannot be kept, the model is tried at each start.
    await replaceFile(path, JSON.stringify({ runtime: RUNTIME_VERSION, probe })).catch(() => undefined);
    return probe;
  } finally {
    // Also what was built of those that did not pass.
    await forgetOldModels(options.cacheDir).catch(() => undefined);
  }
}

/** Where it is kept that a model has passed. */
export function trialRecord(cacheDir: string): string {
  return join(cacheDir, 'tried.json');
}

async function readRecord(path: string): Promise<ProbeAnswer | undefined> {
  try {
    return recordSchema.parse(JSON.parse(await readFile(path, 'utf8'))).probe;
  } catch {
    return undefined;
  }
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
  const closed = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>;
  const end = () => child.kill('SIGKILL');
  const timer = setTimeout(end, limits.timeMs + OVERTIME_MS);
  signal?.addEventListener('abort', end, { once: true });
  try {
    // One that never was has no pipes, and says why.
    if (child.pid === undefined) await closed;
    // A process that ends early takes no input; its end is what is heard of.
    child.stdin!.on('error', () => undefined);
    const task: TrialTask = { model: { folder, description }, cacheDir, limits };
    child.stdin!.write(`${JSON.stringify(task)}\n`);
    const [answer, [code, killedBy]] = await Promise.all([text(child.stdio[TRIAL_FD] as Readable), closed]);
    throwIfCancelled(signal);
    return probeOf(answer, killedBy ?? `status ${code}`);
  } catch (error) {
    if (error instanceof CodedError) throw error;
    throw notStarted(error);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', end);
  }
}

/** @param ending How the process ended. */
function probeOf(answer: string, ending: string): ProbeAnswer {
  if (!answer.startsWith(TRIAL_READY)) throw notStarted(new Error(`It ended with ${ending}.`));
  const outcome = parseOutcome(answer.slice(TRIAL_READY.length));
  if (outcome === undefined) {
    throw new CodedError(
      'MODEL_REFUSED',
      `The model took down the process that tried it (${ending}).`,
      'Its files are damaged, made to do harm, or more than this machine has memory for.',
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

function notStarted(cause: unknown): CodedError {
  const message = 'The process that tries a model cannot be started.';
  return new CodedError('INTERNAL', message, 'Try again; if it stays so, install Cutline anew.', { cause });
}
