import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import type { Reporter, TestModule } from 'vitest/node';
import { updateTable } from './reliability-table.js';
import type { Outcome, TriedTrial } from './reliability-table.js';

const TABLE = new URL('../../docs/reliability.md', import.meta.url);

/** Writes what hard tests tried, and what came of it, into the table of docs/reliability.md. */
export class ReliabilityReporter implements Reporter {
  async onTestRunEnd(modules: readonly TestModule[]): Promise<void> {
    const on = new Date().toISOString().slice(0, 10);
    const trials = modules.flatMap((module) =>
      [...module.children.allTests()].flatMap((test) =>
        (test.meta().trials ?? []).map((trial): TriedTrial => ({
          ...trial,
          outcome: test.result().state as Outcome,
          on,
        })),
      ),
    );
    if (trials.length === 0) return;
    const filepath = fileURLToPath(TABLE);
    const style = { ...(await resolveConfig(filepath)), filepath };
    writeFileSync(TABLE, await format(updateTable(readFileSync(TABLE, 'utf8'), trials), style));
  }
}
