import { expect, it } from 'vitest';
import * as log from '../../../plugin/ui/prompt-log.js';
import type { Prompt } from '../../../protocol/prompt.js';
import { point } from './support.js';

const box = (x: number): Prompt => ({ type: 'box', box: [x, 0, x + 10, 10] });
const pick = (rank: number): Prompt => ({ type: 'pick', rank });
const logOf = (...prompts: Prompt[]) => prompts.reduce(log.addPrompt, log.EMPTY_LOG);

it('undoes and redoes one prompt at a time', () => {
  const full = logOf(point(1, 1), point(2, 2));
  const back = log.undo(log.undo(full));
  expect(back.prompts).toEqual([]);
  expect(log.redo(log.redo(back)).prompts).toEqual(full.prompts);
});

it('has nothing to redo after something new', () => {
  const changed = log.addPrompt(log.undo(logOf(point(1, 1))), point(3, 3));
  expect(log.redo(changed)).toBe(changed);
});

it('puts a second box in the place of the first', () => {
  const replaced = logOf(box(0), point(1, 1), box(5));
  expect(replaced.prompts).toEqual([box(5), point(1, 1)]);
  expect(log.undo(replaced).prompts).toEqual([box(0), point(1, 1)]);
});

it('takes picks along with the mark they followed', () => {
  const picked = log.pickCandidate(logOf(point(1, 1)), 3);
  expect(log.removePrompt(picked, 0).prompts).toEqual([]);
});

it('keeps one pick when removing a mark brings two together', () => {
  const first = log.pickCandidate(logOf(point(1, 1)), 3);
  const second = log.pickCandidate(log.addPrompt(first, point(2, 2)), 1);
  expect(log.removePrompt(second, 2).prompts).toEqual([point(1, 1), pick(3)]);
});

it('finds the last mark behind a pick', () => {
  expect(log.lastPlaced([point(1, 1), pick(2)])).toBe(0);
  expect(log.lastPlaced([])).toBe(-1);
});

it('asks without a pick at the end and with one in the middle', () => {
  const prompts = [point(1, 1), pick(2), point(2, 2), pick(3)];
  expect(log.askedPrompts(prompts)).toEqual(prompts.slice(0, 3));
});

it('does not count clearing nothing as a step', () => {
  expect(log.clearPrompts(log.EMPTY_LOG)).toBe(log.EMPTY_LOG);
});

it('keeps one entry for how far the edge is moved, and none for not at all', () => {
  const grown = log.growTo(log.growTo(logOf(point(1, 1)), 3), 5);
  expect(grown.prompts).toEqual([point(1, 1), { type: 'grow', px: 5 }]);
  expect(log.grownBy(grown.prompts)).toBe(5);
  expect(log.undo(grown).prompts).toEqual([point(1, 1), { type: 'grow', px: 3 }]);
  expect(log.growTo(grown, 0).prompts).toEqual([point(1, 1)]);
  expect(log.growTo(grown, 5)).toBe(grown);
});

it('inverts and turns back, each a step', () => {
  const inverted = log.invert(logOf(point(1, 1)));
  expect(log.isInverted(inverted.prompts)).toBe(true);
  expect(log.invert(inverted).prompts).toEqual([point(1, 1)]);
  expect(log.undo(log.invert(inverted)).prompts).toEqual(inverted.prompts);
  const marked = log.invert(log.addPrompt(inverted, point(2, 2)));
  expect(marked.prompts.map(({ type }) => type)).toEqual(['point', 'invert', 'point', 'invert']);
  expect(log.isInverted(marked.prompts)).toBe(false);
});

it('keeps the newer of two picks when what was between them goes', () => {
  const grown = log.growTo(log.pickCandidate(logOf(point(1, 1)), 1), 3);
  expect(log.growTo(log.pickCandidate(grown, 3), 0).prompts).toEqual([point(1, 1), pick(3)]);
});

it('lets what was to become of the object go with its last mark', () => {
  const adjusted = log.invert(log.growTo(logOf(point(1, 1), point(2, 2)), 3));
  expect(log.removePrompt(adjusted, 0).prompts).toHaveLength(3);
  expect(log.removePrompt(log.removePrompt(adjusted, 0), 0).prompts).toEqual([]);
});
