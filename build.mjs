/**
 * Builds everything into dist/: the sidecar, its compute thread and decode processes, the plugin's two halves, the workbench, the
 * benchmarks. `--if-stale` does nothing when dist/ is newer than every source, so starting stays quick.
 */
import { build as bundle } from 'esbuild';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build as buildPage } from 'vite';

const root = fileURLToPath(new URL('.', import.meta.url));
const stamp = join(root, 'dist/.built');
const sources = ['protocol', 'models', 'sidecar', 'plugin', 'bench', 'package-lock.json', 'build.mjs'];

if (!process.argv.includes('--if-stale') || (await isStale())) await buildAll();

async function isStale() {
  if (!existsSync(stamp)) return true;
  const builtMs = (await stat(stamp)).mtimeMs;
  const newest = await Promise.all(sources.map((source) => newestMs(join(root, source))));
  return Math.max(...newest) > builtMs;
}

async function newestMs(path) {
  const { mtimeMs, isDirectory } = await stat(path).then((s) => ({ ...s, isDirectory: s.isDirectory() }));
  if (!isDirectory) return mtimeMs;
  const entries = await readdir(path);
  const times = await Promise.all(entries.map((entry) => newestMs(join(path, entry))));
  return Math.max(mtimeMs, ...times);
}

async function buildAll() {
  // Taken before reading any source, so that an edit made meanwhile makes the result stale.
  const startedAt = new Date();
  console.error('Building…');
  await rm(stamp, { force: true });
  await Promise.all([buildNode(), buildPluginMain(), buildPages()]);
  await mkdir(join(root, 'dist'), { recursive: true });
  await writeFile(stamp, '');
  await utimes(stamp, startedAt, startedAt);
  console.error(`Built in ${((Date.now() - startedAt) / 1000).toFixed(1)} s.`);
}

/** Packages stay outside: the native ones must, and npm has installed the others anyway. */
async function buildNode() {
  await bundle({
    entryPoints: {
      'sidecar/main': 'sidecar/main.ts',
      'sidecar/compute-worker': 'sidecar/engine/compute-worker.ts',
      'sidecar/decode-worker': 'sidecar/engine/decode-worker.ts',
      'sidecar/model-trial-worker': 'sidecar/engine/model-trial-worker.ts',
      'bench/main': 'bench/main.ts',
      'publish/package-plugin': 'plugin/publish/package-plugin.ts',
    },
    outdir: join(root, 'dist'),
    absWorkingDir: root,
    bundle: true,
    packages: 'external',
    platform: 'node',
    target: 'node20',
    format: 'esm',
    sourcemap: true,
    logLevel: 'warning',
  });
}

/** Figma's sandbox: one classic script, no newer syntax than ES2020. */
async function buildPluginMain() {
  await bundle({
    entryPoints: ['plugin/main/main.ts'],
    outfile: join(root, 'dist/code.js'),
    absWorkingDir: root,
    bundle: true,
    target: 'es2020',
    format: 'iife',
    minify: true,
    logLevel: 'warning',
  });
}

/** The interface, everything inlined into one page for each host. */
async function buildPages() {
  for (const mode of ['figma', 'workbench']) {
    await buildPage({ configFile: join(root, 'plugin/vite.config.ts'), mode, logLevel: 'warn' });
  }
}
