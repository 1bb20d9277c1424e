/** The table of trials as Markdown: read, brought up to date, written. */
import { AREAS } from './trials.js';
import type { Trial } from './trials.js';

/** A trial and what became of its test, which is skipped where the machine lacks something. */
export interface TriedTrial extends Trial {
  readonly outcome: Outcome;
  /** ISO date. */
  readonly on: string;
}

export type Outcome = 'passed' | 'failed' | 'skipped';

const HEADER =
  '| Area | What was tried | Times | What happened | What has to | Test | On |\n' +
  '| --- | --- | ---: | --- | --- | --- | --- |';

/**
 * @param document The file as it is, the table somewhere in it.
 * @param trials What was tried now; what was tried before in the same words goes.
 * @returns The file with the table brought up to date; the words around it stay.
 */
export function updateTable(document: string, trials: readonly TriedTrial[]): string {
  const lines = document.split('\n');
  const first = lines.findIndex((line) => line.startsWith('| Area'));
  const start = first < 0 ? lines.length : first;
  const length = lines.slice(start).findIndex((line) => !line.startsWith('|'));
  const end = length < 0 ? lines.length : start + length;
  const isAnew = new Set(trials.map(keyOf));
  const kept = lines
    .slice(start + 2, end)
    .map(readRow)
    .filter((trial) => !isAnew.has(keyOf(trial)));
  const rows = [...kept, ...trials].sort(
    (a, b) => AREAS.indexOf(a.area) - AREAS.indexOf(b.area) || a.tried.localeCompare(b.tried, 'en'),
  );
  return [...lines.slice(0, start), HEADER, ...rows.map(writeRow), ...lines.slice(end)].join('\n');
}

function keyOf({ area, tried }: Trial): string {
  return `${area}: ${tried}`;
}

function writeRow({ area, tried, times, happened, wanted, outcome, on }: TriedTrial): string {
  const cells = [
    area,
    tried,
    String(times),
    happened,
    wanted,
    outcome === 'failed' ? '**failed**' : outcome,
    on,
  ];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

function readRow(line: string): TriedTrial {
  const [area, tried, times, happened, wanted, outcome, on] = line
    .slice(1, -1)
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim().replaceAll('\\|', '|'));
  return {
    area: area as Trial['area'],
    tried: tried!,
    times: Number(times),
    happened: happened!,
    wanted: wanted!,
    outcome: outcome!.replaceAll('*', '') as Outcome,
    on: on!,
  };
}
