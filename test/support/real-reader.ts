/** Reading images as the server does, in processes made from today's sources. */
import { DecodePool } from '../../sidecar/engine/decode-pool.js';
import type { DecodePoolLimits } from '../../sidecar/engine/decode-pool.js';
import { buildScript } from './built-script.js';
import type { BuiltScript } from './built-script.js';

export function buildReader(): Promise<BuiltScript> {
  return buildScript('sidecar/engine/decode-worker.ts');
}

export function startReader({ script }: BuiltScript, limits: Partial<DecodePoolLimits> = {}) {
  const notes: string[] = [];
  const pool = new DecodePool({ script, limits, onNote: (note) => notes.push(note) });
  return { pool, notes };
}
