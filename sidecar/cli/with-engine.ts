/** What commands that need the model have in common: an engine that says what it must, and is let go. */
import type { Fallback } from '../../models/device-node.js';
import { createEngine } from '../engine/create-engine.js';
import type { ModelState } from '../engine/compute.js';
import type { EngineCall } from '../engine/engine.js';
import type { Segmenter } from '../engine/segmenter.js';
import { ensureHome } from '../home.js';
import { readSettings } from '../settings.js';
import type { Settings } from '../settings.js';
import { listenForInterruption } from './interruption.js';
import { ownModelOf } from './model-flag.js';

export interface EngineFlags {
  readonly device?: string;
  readonly model?: string;
}

export interface EngineSession {
  readonly engine: Segmenter;
  /** Cancelled by the first interruption. */
  readonly call: EngineCall;
  /** Loads the model, and says what there is to say about it. */
  load(): Promise<ModelState>;
  /** Once interrupted: there is a result to be written yet, which may take its time. */
  heed(): void;
}

/** The flag of every command that has a device. */
export const DEVICE_FLAG = [
  '--device <device>',
  'auto, cpu, webgpu, cuda, dml or coreml (default: CUTLINE_DEVICE, else auto)',
] as const;

/** Does a command's work with an engine of its own. */
export async function withEngine(
  flags: EngineFlags,
  work: (session: EngineSession) => Promise<void>,
): Promise<void> {
  const settings = readSettings(process.env, flags);
  const note = (text: string) => {
    if (settings.log !== 'silent') console.error(text);
  };
  // Where it cannot be made, the engine says what it cannot keep.
  await ensureHome(settings.home).catch(() => undefined);
  const engine = createEngine({ ...settings, ownModel: await ownModelOf(settings), onNote: note });
  const load = async () => {
    const loaded = await engine.warmUp();
    tellOfLoad(settings, loaded);
    return loaded;
  };
  try {
    const { signal, heed } = listenForInterruption();
    await work({ engine, call: { signal, client: 'cli' }, load, heed });
  } finally {
    await engine.dispose();
  }
}

/** Says what there is to say about a model that was loaded. */
export function tellOfLoad(
  { log, device }: Settings,
  { notes, fallbacks }: Pick<ModelState, 'notes' | 'fallbacks'>,
): void {
  if (log === 'silent') return;
  for (const note of notes) console.error(note);
  // Who named a device wants to know when it is not the one; otherwise any will do.
  if (device !== 'auto') for (const fallback of fallbacks) console.error(passedOver(fallback));
}

function passedOver({ device, reason }: Fallback): string {
  return `The device ${device} is not used: ${reason}.`;
}
