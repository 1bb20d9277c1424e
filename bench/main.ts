/** `npm run bench -- NAME`: runs one benchmark and prints one line of JSON. */
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { benchClick } from './click.js';
import type { BenchContext } from './context.js';
import { benchEverything } from './everything.js';
import { benchEverythingLoad } from './everything-load.js';
import { benchMemory } from './memory.js';
import { benchColdOpen, benchSecondOpen } from './open.js';
import { benchSoak } from './soak.js';
import { benchStart } from './start.js';
import { benchTrace } from './trace.js';
import { benchTraceCandidate } from './trace-candidate.js';
import { benchTraceLogits } from './trace-logits.js';
import { benchUi, benchUiClick } from './ui.js';

const BENCHMARKS: Readonly<Record<string, (context: BenchContext) => Promise<object>>> = {
  click: benchClick,
  'cold-open': benchColdOpen,
  'second-open': benchSecondOpen,
  memory: benchMemory,
  soak: benchSoak,
  start: benchStart,
  trace: benchTrace,
  'trace-candidate': benchTraceCandidate,
  'trace-logits': benchTraceLogits,
  everything: benchEverything,
  'everything-load': benchEverythingLoad,
  ui: benchUi,
  'ui-click': benchUiClick,
};

const [name = '--list', ...args] = process.argv.slice(2);
const run = BENCHMARKS[name];
if (run) await report(name, run);
else {
  console.log(Object.keys(BENCHMARKS).join('\n'));
  if (name !== '--list') process.exitCode = 2;
}

async function report(bench: string, benchmark: (context: BenchContext) => Promise<object>): Promise<void> {
  const home = await mkdtemp(join(tmpdir(), 'cutline-bench-'));
  try {
    const result = await benchmark({ home, args });
    const machine = {
      commit: commit(),
      node: process.versions.node,
      cpu: `${cpus().length} × ${cpus()[0]?.model}`,
    };
    console.log(JSON.stringify({ bench, ...machine, ...result }));
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

function commit(): string {
  try {
    return execFileSync('git', ['describe', '--always', '--dirty'], { encoding: 'utf8' }).trim();
  } catch {
    return 'unknown';
  }
}
