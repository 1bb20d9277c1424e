/**
 * Looks at the sources without running them: format, lint, unused code, types. All, or those that are named:
 * `node check.mjs types lint`. As many at a time as there are processors; each tells of itself once it is done.
 */
import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * TypeScript 7, beside the one that lint reads types with, which needs an interface that 7 does not have.
 * It checks all folders in the time in which its forerunner checks one.
 */
const TSC = fileURLToPath(import.meta.resolve('typescript-native/package.json')).replace(
  /package\.json$/,
  'bin/tsc',
);

const PROGRAMS = join(import.meta.dirname, 'node_modules/.bin');

/** Folders with a tsconfig.json: each may use what its own says, and nothing else. */
const FOLDERS = 'test bench sidecar plugin/ui protocol models plugin/main plugin/publish'.split(' ');

/** What takes longest comes first, so that nothing long is left for the end. */
const CHECKS = {
  format: ['prettier --check --log-level warn .'],
  lint: ['eslint . --max-warnings 0'],
  types: FOLDERS.map((folder) => `node ${TSC} -p ${folder}`),
  unused: ['knip'],
};

const asked = process.argv.slice(2);
const unknown = asked.find((name) => !(name in CHECKS));
if (unknown !== undefined) {
  console.error(`There is no check ${unknown}. Name some of ${Object.keys(CHECKS).join(', ')}.`);
  process.exit(2);
}

const waiting = Object.entries(CHECKS).flatMap(([name, commands]) =>
  asked.length === 0 || asked.includes(name) ? commands : [],
);
let failed = 0;
await Promise.all(Array.from({ length: availableParallelism() }, work));
process.exit(failed === 0 ? 0 : 1);

async function work() {
  for (let command = waiting.shift(); command !== undefined; command = waiting.shift()) {
    const { status, output } = await run(command);
    process.stdout.write(output);
    if (status === 0) continue;
    failed++;
    console.error(`FAILED: ${command}`);
  }
}

function run(command) {
  const [program, ...flags] = command.split(' ');
  const env = { ...process.env, PATH: [PROGRAMS, process.env['PATH']].join(delimiter) };
  const child = spawn(program, flags, { cwd: import.meta.dirname, env, shell: process.platform === 'win32' });
  let output = '';
  child.stdout.on('data', (chunk) => (output += chunk));
  child.stderr.on('data', (chunk) => (output += chunk));
  return new Promise((done, fail) => {
    child.once('error', fail);
    child.once('close', (status) => done({ status, output }));
  });
}
