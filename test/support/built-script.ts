/** A program for a process of its own, made from today's sources. */
import { build } from 'esbuild';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const ROOT = resolve(import.meta.dirname, '../..');

export interface BuiltScript {
  readonly script: URL;
  dispose(): Promise<void>;
}

/**
 * Packages are found from within the repository only, so the script goes there.
 *
 * @param source From the repository's root.
 * @param alias Packages that others stand in for.
 */
export async function buildScript(
  source: string,
  alias: Readonly<Record<string, string>> = {},
): Promise<BuiltScript> {
  await mkdir(join(ROOT, 'dist'), { recursive: true });
  const folder = await mkdtemp(join(ROOT, 'dist/test-'));
  const outfile = join(folder, 'script.mjs');
  await build({
    entryPoints: [join(ROOT, source)],
    outfile,
    bundle: true,
    packages: 'external',
    alias: { ...alias },
    platform: 'node',
    format: 'esm',
    logLevel: 'warning',
  });
  return { script: pathToFileURL(outfile), dispose: () => rm(folder, { recursive: true }) };
}
