/**
 * Brings the tables in docs/dependencies.md up to date: the version, licence and size of what is installed, and when it was
 * last released, asked of the registry. Why each is there is kept from the file; a new one gets a gap to fill.
 * Run with: node docs/describe-dependencies.mjs
 */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const file = join(root, 'docs/dependencies.md');
const { dependencies, devDependencies } = readJson(join(root, 'package.json'));
const HEADER =
  '| Package | Why | Version | Licence | Size | Last release |\n| --- | --- | --- | --- | ---: | --- |';

let text = readFileSync(file, 'utf8');
const reasons = new Map(
  [...text.matchAll(/^\| `([^`]+)` +\| ([^|]*) \|/gm)].map(([, name, why]) => [name, why.trim()]),
);
for (const [heading, names] of [
  ['## At run time', Object.keys(dependencies)],
  ['## To build and test', Object.keys(devDependencies)],
]) {
  const table = [HEADER, ...names.map(describe)].join('\n');
  text = text.replace(new RegExp(`(${heading}\n\n)(?:\\|.*\n)*`), `$1${table}\n`);
}
writeFileSync(file, text);
execFileSync('npx', ['prettier', '--write', '--log-level', 'warn', file], { cwd: root, stdio: 'inherit' });

function describe(name) {
  const folder = join(root, 'node_modules', name);
  // What is installed under another name is known to the registry by its own.
  const { name: known, version, license } = readJson(join(folder, 'package.json'));
  const times = JSON.parse(execFileSync('npm', ['view', known, 'time', '--json'], { encoding: 'utf8' }));
  const released = Object.entries(times)
    .flatMap(([key, time]) => (/^\d/.test(key) ? [time] : []))
    .sort()
    .at(-1);
  const cells = [
    `\`${name}\``,
    reasons.get(name) ?? 'TO SAY',
    version,
    license,
    sizeOf(folder),
    released.slice(0, 10),
  ];
  return `| ${cells.join(' | ')} |`;
}

/** Of the package alone, as it lies on disk, without those that it depends on. */
function sizeOf(folder) {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter(
    (entry) => entry.isFile() && !entry.parentPath.slice(folder.length).includes('node_modules'),
  );
  const bytes = files.reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
  return bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

function readJson(path) {
  return JSON.parse(readFileSync(path, 'utf8'));
}
