import { describe, expect, it } from 'vitest';
import { brushRadiusPx, promptOf } from '../../../plugin/ui/hand-line.js';
import type { HandLine } from '../../../plugin/ui/hand-line.js';
import type { Point } from '../../../protocol/geometry.js';
import { MAX_HAND_POINTS } from '../../../protocol/prompt.js';

const IMAGE = { width: 400, height: 300 };
const line = (tool: HandLine['tool'], ...points: Point[]): HandLine => ({
  tool,
  label: 'inside',
  points,
  radiusPx: 10,
});

describe('a line drawn by hand', () => {
  it('keeps the points that show, and leaves the others out', () => {
    const straight = Array.from({ length: 50 }, (_, k): Point => [100 + k, 100 + 0.1 * (k % 2)]);
    expect(promptOf(line('brush', ...straight, [149, 150]), 1, IMAGE)).toEqual({
      type: 'stroke',
      points: [
        [100, 100],
        [149, 100.1],
        [149, 150],
      ],
      radiusPx: 10,
      label: 'inside',
    });
  });

  it('keeps more of them where the image is zoomed in', () => {
    const wavy = Array.from({ length: 60 }, (_, k): Point => [100 + k, 100 + Math.sin(k / 3)]);
    const points = (scale: number) => {
      const prompt = promptOf(line('brush', ...wavy), scale, IMAGE);
      return prompt?.type === 'stroke' ? prompt.points.length : 0;
    };
    expect(points(8)).toBeGreaterThan(2 * points(0.5));
  });

  it('never has more points than the sidecar takes', () => {
    const noise = Array.from({ length: 9000 }, (_, k): Point => [(k * 37) % 400, (k * 91) % 300]);
    const prompt = promptOf(line('brush', ...noise), 50, IMAGE);
    expect(prompt?.type === 'stroke' && prompt.points.length).toBeLessThanOrEqual(MAX_HAND_POINTS);
  });

  it('of a brush may leave the image, that of a lasso is led along its border', () => {
    expect(promptOf(line('brush', [390, 100], [430, 100]), 1, IMAGE)).toMatchObject({
      points: [
        [390, 100],
        [430, 100],
      ],
    });
    expect(promptOf(line('lasso', [350, 50], [450, 50], [450, 120]), 1, IMAGE)).toMatchObject({
      points: [
        [350, 50],
        [400, 50],
        [400, 120],
      ],
    });
  });

  it('means nothing where none of it reaches the image', () => {
    expect(promptOf(line('brush', [420, 100], [430, 100]), 1, IMAGE)).toBeUndefined();
    expect(promptOf(line('brush', [405, 100]), 1, IMAGE)).toBeDefined();
  });

  it('a click paints a dot with the brush, and goes around nothing with the lasso', () => {
    expect(promptOf(line('brush', [50, 60]), 1, IMAGE)).toMatchObject({ points: [[50, 60]] });
    expect(promptOf(line('lasso', [50, 60]), 1, IMAGE)).toBeUndefined();
    expect(promptOf(line('lasso', [50, 60], [90, 60]), 1, IMAGE)).toBeUndefined();
    expect(promptOf(line('lasso', [50, 60], [90, 60], [70, 90]), 1, IMAGE)?.type).toBe('lasso');
  });
});

it('the brush paints finer where the image is zoomed in', () => {
  expect(brushRadiusPx(24, 0.5)).toBe(24);
  expect(brushRadiusPx(24, 4)).toBe(3);
  expect(brushRadiusPx(4, 64)).toBe(0.75);
});
