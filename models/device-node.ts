/** Which device a model runs on: the fastest that this machine has and that computes the right answer. */
import { existsSync } from 'node:fs';
import { CodedError, throwIfCancelled } from '../protocol/errors.js';
import type { RunOptions, SegmentationModel } from './adapter.js';
import { createSamModel } from './adapters/sam.js';
import { compareProbe, probeModel } from './probe.js';
import type { ProbeAnswer } from './probe.js';
import { loadSession, supportedDevices } from './session-node.js';
import type { Session } from './session.js';
import type { StoredModel } from './store-node.js';

/** What a person may ask for. */
export const DEVICE_CHOICES = ['auto', 'cpu', 'webgpu', 'cuda', 'dml', 'coreml'] as const;
export type DeviceChoice = (typeof DEVICE_CHOICES)[number];

/** A model, as far as a device is judged by it. */
export interface ProbedModel {
  readonly id: string;
  /** What it answers to the probe on a CPU. */
  readonly probe: ProbeAnswer;
}

/** A device that was passed over, and why. */
export interface Fallback {
  readonly device: string;
  readonly reason: string;
}

/** What earlier starts found out, so that a device that failed is not tried at each start again. */
export interface DeviceHistory {
  /** Why a device was passed over lately; nothing when it is worth trying. */
  refusal(device: string): Promise<string | undefined>;
  /** Before a device is tried: should the program die of it, later starts pass the device over. */
  begin(device: string): Promise<void>;
  refuse(device: string, reason: string): Promise<void>;
  /** Nothing is held against the device any more. */
  accept(device: string): Promise<void>;
}

export interface LoadedModel {
  readonly model: SegmentationModel;
  readonly fallbacks: readonly Fallback[];
}

/** Fastest first. CUDA’s libraries are a download of their own; without them the attempt fails at once. */
const BY_SPEED = ['cuda', 'dml', 'coreml', 'webgpu', 'cpu'];

/**
 * Software drivers answer rightly but take seconds. No real accelerator needs this long for one small decode, nor
 * for the first one, which compiles its shaders.
 */
const SLOWEST_DECODE_MS = 250;
const SLOWEST_FIRST_DECODE_MS = 4000;

/**
 * @param choice `auto` ends at the CPU at the latest; anything else is tried alone, then the CPU.
 * @param history Asked only on `auto`: who names a device wants it tried.
 * @throws CodedError DEVICE_UNAVAILABLE when not even the CPU works; CANCELLED between two steps of a trial.
 */
export async function loadOnDevice(
  entry: ProbedModel,
  stored: StoredModel,
  choice: DeviceChoice,
  history: DeviceHistory,
  { signal }: RunOptions = {},
): Promise<LoadedModel> {
  const fallbacks: Fallback[] = [];
  for (const device of devicesToTry(choice)) {
    const refusal =
      choice === 'auto' ? (missingHardware(device) ?? (await history.refusal(device))) : undefined;
    if (refusal !== undefined) {
      fallbacks.push({ device, reason: refusal });
      continue;
    }
    try {
      return { model: await tryDevice(entry, stored, device, history, signal), fallbacks };
    } catch (error) {
      throwIfCancelled(signal);
      fallbacks.push({ device, reason: firstSentence(error) });
    }
  }
  const tried = fallbacks.map(({ device, reason }) => `${device}: ${reason}`).join('; ');
  throw new CodedError(
    'DEVICE_UNAVAILABLE',
    `No device can run the model (${tried}).`,
    'Run cutline doctor.',
  );
}

function devicesToTry(choice: DeviceChoice): string[] {
  if (choice === 'cpu') return ['cpu'];
  if (choice !== 'auto') return [choice, 'cpu'];
  const supported = supportedDevices();
  return BY_SPEED.filter((device) => supported.includes(device));
}

/** Without a graphics device Linux offers drivers that emulate one, and finding that out takes a minute. */
function missingHardware(device: string): string | undefined {
  const emulated = device === 'webgpu' && process.platform === 'linux' && !existsSync('/dev/dri');
  return emulated ? 'this machine has no graphics device' : undefined;
}

/** @throws Why the device will not do. */
async function tryDevice(
  entry: ProbedModel,
  stored: StoredModel,
  device: string,
  history: DeviceHistory,
  signal: AbortSignal | undefined,
): Promise<SegmentationModel> {
  // The recording was made on the CPU, and there is nothing to fall back to: asking it would only delay the start.
  if (device === 'cpu') return loadModel(entry, stored, device, signal);
  await history.begin(device);
  try {
    const model = await loadTrusted(entry, stored, device, signal);
    await history.accept(device);
    return model;
  } catch (error) {
    if (signal?.aborted) await history.accept(device);
    else await history.refuse(device, firstSentence(error));
    throw error;
  }
}

async function loadTrusted(
  entry: ProbedModel,
  stored: StoredModel,
  device: string,
  signal: AbortSignal | undefined,
): Promise<SegmentationModel> {
  const model = await loadModel(entry, stored, device, signal);
  try {
    const complaint = await distrust(model, entry, signal);
    if (complaint !== undefined) throw new Error(complaint);
    return model;
  } catch (error) {
    await model.dispose().catch(() => undefined);
    throw error;
  }
}

async function loadModel(
  entry: ProbedModel,
  { encoder, decoders }: StoredModel,
  device: string,
  signal: AbortSignal | undefined,
): Promise<SegmentationModel> {
  const loaded: Session[] = [];
  const load = async (graph: Uint8Array) => {
    throwIfCancelled(signal);
    const session = await loadSession(graph, device);
    loaded.push(session);
    return session;
  };
  try {
    const sessions = {
      // The smallest first: a device that is not there is found out soonest.
      image: await load(decoders.image),
      prompt: await load(decoders.prompt),
      refine: await load(decoders.refine),
      encoder: await load(encoder),
    };
    return createSamModel(entry.id, sessions);
  } catch (error) {
    await Promise.allSettled(loaded.map((session) => session.dispose()));
    throw error;
  }
}

/** @returns Why a device is not to be used, or nothing. The slow are found out before the encoder is run. */
async function distrust(
  model: SegmentationModel,
  entry: ProbedModel,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  const blank = { data: new Float32Array(256 * 64 * 64), image: { width: 64, height: 64 } };
  const prompt = { points: [{ point: [32, 32] as [number, number], inside: true }] };
  for (const limitMs of [SLOWEST_FIRST_DECODE_MS, SLOWEST_DECODE_MS]) {
    const startedMs = performance.now();
    await model.decode(blank, [prompt], signal && { signal });
    const decodeMs = performance.now() - startedMs;
    if (decodeMs > limitMs) return `a prompt takes it ${Math.round(decodeMs)} ms`;
  }
  throwIfCancelled(signal);
  return compareProbe(await probeModel(model), entry.probe);
}

/** The runtime prefixes its messages with source lines that tell a person nothing; this leaves them out. */
export function firstSentence(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const withoutSource = message.replace(/^\S*onnxruntime\S* .*? was false\. /s, '');
  // It may quote a file.
  return withoutSource.split('\n')[0]!.replace(/\p{C}/gu, '').slice(0, 200);
}
