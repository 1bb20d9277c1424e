/** Reading images as the server does, in processes made from today's sources. */
import { build } from 'esbuild';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { DecodePool } from '../../sidecar/engine/decode-pool.js';
import type { DecodePoolLimits } from '../../sidecar/engine/decode-pool.js';

const ROOT = resolve(import.meta.dirname, '../..');

export interface ReaderScript {
  readonly script: URL;
  dispose(): Promise<void>;
}

/** Packages are found from within the repository only, so the script goes there. */
export async function buildReader(): Promise<ReaderScript> {
  await mkdir(join(ROOT, 'dist'), { recursive: true });
  const folder = await mkdtemp(join(ROOT, 'dist/test-'));
  const outfile = join(folder, 'decode-worker.mjs');
  await build({
    entryPoints: [join(ROOT, 'sidecar/engine/decode-worker.ts')],
    outfile,
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    logLevel: 'warning',
  });
  return { script: pathToFileURL(outfile), dispose: () => rm(folder, { recursive: true }) };
}

export function startReader({ script }: ReaderScript, limits: Partial<DecodePoolLimits> = {}) {
  const notes: string[] = [];
  const pool = new DecodePool({ script, limits, onNote: (note) => notes.push(note) });
  return { pool, notes };
}
