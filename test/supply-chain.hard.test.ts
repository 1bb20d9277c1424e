import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import packageJson from '../package.json' with { type: 'json' };
import { recordTrial } from './support/trials.js';

const run = promisify(execFile);
const root = fileURLToPath(new URL('..', import.meta.url));
let folder: string;
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'cutline-'))));
afterAll(() => rm(folder, { recursive: true }));

it('a fresh clone installs without scripts, builds, and cuts an object out', async (context) => {
  const clone = join(folder, 'clone');
  const env = { ...process.env, CUTLINE_HOME: join(folder, 'home') };
  await run('git', ['clone', '--quiet', '--depth=1', `file://${root}`, clone]);
  await run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: clone, env });
  await run('npm', ['run', '-s', 'build'], { cwd: clone, env });
  const cut = ['dist/sidecar/main.js', 'cut', 'plugin/workbench/sample.png', '--point', '600,245', '--json'];
  const { stdout } = await run(process.execPath, cut, { cwd: clone, env, maxBuffer: 1e8 });
  const { candidates } = JSON.parse(stdout) as { candidates: readonly unknown[] };
  recordTrial(context, {
    area: 'Supply chain',
    tried: 'A fresh clone, installed without any script, builds and cuts an object out',
    times: 1,
    happened: `it did: ${candidates.length} candidates`,
    wanted: 'it does',
  });
  expect(candidates.length).toBeGreaterThan(0);
});

interface Component {
  readonly name: string;
  readonly hashes?: readonly unknown[];
  readonly licenses?: readonly unknown[];
  readonly properties?: readonly { readonly name: string; readonly value: string }[];
}

function isOfDevelopment({ name, value }: NonNullable<Component['properties']>[number]): boolean {
  return name === 'cdx:npm:package:development' && value === 'true';
}

it('the bill of materials names all that runs, each with licence and hash', async (context) => {
  // Left out by npm itself, what is for development would take along what both need (npm 11.19 loses zod).
  const arguments_ = ['sbom', '--sbom-format', 'cyclonedx', '--package-lock-only'];
  const { stdout } = await run('npm', arguments_, { cwd: root, maxBuffer: 1e8 });
  const { components } = JSON.parse(stdout) as {
    components: readonly Component[];
  };
  const running = components.filter(({ properties }) => !properties?.some(isOfDevelopment));
  const names = running.map(({ name }) => name);
  const bare = running.filter(({ hashes, licenses }) => !hashes?.length || !licenses?.length);
  recordTrial(context, {
    area: 'Supply chain',
    tried: 'Bill of materials from npm sbom',
    times: 1,
    happened: `${components.length} packages, ${running.length} of them run, ${bare.length} of these without licence or hash`,
    wanted: 'all that runs is in it, with licence and hash',
  });
  expect(names).toEqual(expect.arrayContaining(Object.keys(packageJson.dependencies)));
  expect(bare).toEqual([]);
});

it('nothing is known against what runs, as far as the registry says', async (context) => {
  const answer = await run('npm', ['audit', '--omit', 'dev', '--json'], { cwd: root }).catch(
    (failed: { stdout: string }) => failed,
  );
  const { metadata } = JSON.parse(answer.stdout) as {
    metadata?: { vulnerabilities: Readonly<Record<string, number>> };
  };
  recordTrial(context, {
    area: 'Supply chain',
    tried: 'npm audit of what runs',
    times: 1,
    happened: metadata
      ? `${metadata.vulnerabilities['total']} known weaknesses`
      : 'not known: this registry has no advisories',
    wanted: 'none that is high or critical',
  });
  // A registry without advisories says nothing, which is no pass.
  if (!metadata) return context.skip('The registry that is used here answers no audits.');
  expect(metadata.vulnerabilities).toMatchObject({ high: 0, critical: 0 });
});
