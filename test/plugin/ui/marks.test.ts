import { describe, expect, it } from 'vitest';
import { dragMark, flipPrompt, markAt } from '../../../plugin/ui/marks.js';
import type { Prompt } from '../../../protocol/prompt.js';
import { point } from './support.js';

const view = { scale: 2, x: 10, y: 20 };
const image = { width: 100, height: 80 };
const box: Prompt = { type: 'box', box: [20, 20, 60, 50] };

describe('finding a mark', () => {
  it('takes the later of two that lie on each other', () => {
    expect(markAt([point(30, 30), point(31, 30)], view, [71, 80])?.index).toBe(1);
  });

  it('finds nothing a little farther away', () => {
    expect(markAt([point(30, 30)], view, [70, 91])).toBeUndefined();
  });

  it('tells corners, edges and the inside of a box apart', () => {
    expect(markAt([box], view, [131, 119])?.part).toEqual({ corner: 2 });
    expect(markAt([box], view, [90, 62])?.part).toBe('edge');
    expect(markAt([box], view, [90, 90])).toBeUndefined();
  });

  it('passes over picks', () => {
    expect(markAt([{ type: 'pick', rank: 1 }], view, [10, 20])).toBeUndefined();
  });
});

describe('dragging a mark', () => {
  it('stops a point within the image', () => {
    expect(dragMark(point(30, 30), 'point', [30, 30], [300, -50], image)).toEqual(point(99.5, 0.5));
  });

  it('moves a box as a whole and keeps its size at the border', () => {
    expect(dragMark(box, 'edge', [20, 30], [90, 30], image)).toEqual({ type: 'box', box: [60, 20, 100, 50] });
  });

  it('turns a box over when a corner is pulled past the opposite one', () => {
    const pulled = dragMark(box, { corner: 0 }, [20, 20], [70, 60], image);
    expect(pulled).toEqual({ type: 'box', box: [60, 50, 70, 60] });
  });

  it('leaves the box alone when nothing would be left of it', () => {
    expect(dragMark(box, { corner: 0 }, [20, 20], [60, 50], image)).toBeUndefined();
  });
});

it('flips inside and outside, and nothing else', () => {
  expect(flipPrompt(point(1, 2))).toEqual(point(1, 2, 'outside'));
  expect(flipPrompt(flipPrompt(point(1, 2)))).toEqual(point(1, 2));
  expect(flipPrompt(box)).toBe(box);
});
