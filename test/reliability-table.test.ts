import { expect, it } from 'vitest';
import { updateTable } from './support/reliability-table.js';
import type { TriedTrial } from './support/reliability-table.js';

const trial = (tried: string, more: Partial<TriedTrial> = {}): TriedTrial => ({
  area: 'Images',
  tried,
  times: 200,
  happened: 'no crash',
  wanted: 'no crash',
  outcome: 'passed',
  on: '2026-11-29',
  ...more,
});

const EMPTY = '# Reliability\n\nBefore.\n\n| Area |\n| --- |\n\nAfter.\n';

it('what is tried again takes the place of what was tried before, and all else stays', () => {
  const first = updateTable(EMPTY, [trial('bombs'), trial('a | b', { area: 'Access', times: 64 })]);
  const second = updateTable(first, [trial('bombs', { outcome: 'failed', happened: 'it crashed' })]);
  const rows = second.split('\n').filter((line) => /^\| (Access|Images)/.test(line));
  expect(rows).toEqual([
    '| Access | a \\| b | 64 | no crash | no crash | passed | 2026-11-29 |',
    '| Images | bombs | 200 | it crashed | no crash | **failed** | 2026-11-29 |',
  ]);
  expect(second.startsWith('# Reliability\n\nBefore.\n\n| Area')).toBe(true);
  expect(second.endsWith('|\n\nAfter.\n')).toBe(true);
});

it('a run that tries the same again changes nothing', () => {
  const once = updateTable(EMPTY, [trial('bombs'), trial('truncated')]);
  expect(updateTable(once, [trial('truncated'), trial('bombs')])).toBe(once);
});
