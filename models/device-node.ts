/** Which device a model runs on: the fastest that this machine has and that computes the right answer. */
import { CodedError } from '../protocol/errors.js';
import type { SegmentationModel } from './adapter.js';
import { createSamModel } from './adapters/sam.js';
import type { ModelEntry } from './catalog.js';
import { compareProbe, probeModel } from './probe.js';
import { supportedDevices, loadSession } from './session-node.js';
import type { StoredModel } from './store-node.js';

/** What a person may ask for. */
export const DEVICE_CHOICES = ['auto', 'cpu', 'webgpu', 'cuda', 'dml', 'coreml'] as const;
export type DeviceChoice = (typeof DEVICE_CHOICES)[number];

/** A device that was tried and passed over, and why. */
export interface Fallback {
  readonly device: string;
  readonly reason: string;
}

export interface LoadedModel {
  readonly model: SegmentationModel;
  readonly fallbacks: readonly Fallback[];
}

/** Fastest first. CUDA’s libraries are a download of their own; without them the attempt fails at once. */
const BY_SPEED = ['cuda', 'dml', 'coreml', 'webgpu', 'cpu'];

/** Software drivers answer rightly but take seconds; no real accelerator needs this long for one small decode. */
const SLOWEST_DECODE_MS = 250;

/**
 * @param choice `auto` ends at the CPU at the latest; anything else is tried alone, then the CPU.
 * @throws CodedError DEVICE_UNAVAILABLE when not even the CPU works.
 */
export async function loadOnDevice(
  entry: ModelEntry,
  stored: StoredModel,
  choice: DeviceChoice,
): Promise<LoadedModel> {
  const fallbacks: Fallback[] = [];
  for (const device of devicesToTry(choice)) {
    try {
      return { model: await loadTrusted(entry, stored, device), fallbacks };
    } catch (error) {
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

async function loadTrusted(
  entry: ModelEntry,
  stored: StoredModel,
  device: string,
): Promise<SegmentationModel> {
  const decoder = await loadSession(stored.decoder, device);
  const encoder = await loadSession(stored.encoder, device);
  const { id, tensors } = entry;
  const model = createSamModel({ id, fingerprint: stored.fingerprint, encoder, decoder, tensors });
  // The recording was made on the CPU; asking it about itself would only delay the start.
  if (device === 'cpu') return model;
  const complaint = await distrust(model, entry);
  if (complaint === undefined) return model;
  await model.dispose();
  throw new Error(complaint);
}

/** @returns Why a device is not to be used, or nothing. The slow are found out before the encoder is run. */
async function distrust(model: SegmentationModel, entry: ModelEntry): Promise<string | undefined> {
  const blank = { data: new Float32Array(256 * 64 * 64), image: { width: 64, height: 64 } };
  const prompt = { points: [{ point: [32, 32] as [number, number], inside: true }] };
  await model.decode(blank, [prompt]);
  const startedMs = performance.now();
  await model.decode(blank, [prompt]);
  const decodeMs = performance.now() - startedMs;
  if (decodeMs > SLOWEST_DECODE_MS) return `it takes ${Math.round(decodeMs)} ms for what should take 10`;
  return compareProbe(await probeModel(model), entry.probe);
}

function firstSentence(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const withoutSource = message.replace(/^\S*onnxruntime\S* .*? was false\. /s, '');
  return withoutSource.split('\n')[0]!.slice(0, 200);
}
