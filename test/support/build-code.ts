/** Bundles for tests, made in memory so that a test never runs yesterday's build. */
import { build } from 'esbuild';
import { fileURLToPath } from 'node:url';

/** What QuickJS runs. */
export interface Bundles {
  /** The pretended Figma. */
  readonly sandbox: string;
  /** The plugin's code.js. */
  readonly code: string;
}

/** Build once a test file; running them is much faster. */
export async function buildBundles(): Promise<Bundles> {
  const [sandbox, code] = await Promise.all([
    bundle('./figma/sandbox.ts', 'es2023'),
    bundle('../../plugin/main/main.ts', 'es2020'),
  ]);
  return { sandbox, code };
}

async function bundle(path: string, target: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL(path, import.meta.url))],
    bundle: true,
    write: false,
    format: 'iife',
    target,
    charset: 'utf8',
    minify: false,
  });
  return outputFiles[0]!.text;
}
