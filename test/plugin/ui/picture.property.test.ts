import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Picture } from '../../../plugin/ui/picture.js';
import { fitView, panView, toScreen, zoomView } from '../../../plugin/ui/view.js';
import type { View } from '../../../plugin/ui/view.js';

const WINDOW = { width: 400, height: 380 };
const DENSITY = 2;

interface Style {
  cssText: string;
  transform: string;
}

/** As much of a canvas as a picture needs. */
function fakeCanvas() {
  const style: Style = { cssText: '', transform: '' };
  const context = { setTransform: () => undefined, clearRect: () => undefined };
  return { width: 0, height: 0, style, getContext: () => context };
}

/** A picture drawn in a view, with what a person would see of an image point in another one. */
function drawnIn(view: View, stretches: boolean) {
  const canvas = fakeCanvas();
  const picture = new Picture(canvas as unknown as HTMLCanvasElement, stretches);
  picture.resize(WINDOW, DENSITY);
  let own: View | undefined;
  picture.draw(view, (_context, painted) => (own = painted));
  const [left, top] = [...canvas.style.cssText.matchAll(/(?:left|top): (-?[\d.]+)px/g)].map((m) =>
    Number(m[1]),
  );
  return {
    picture,
    /** Where on the screen an image point is shown, and whether the canvas has that place at all. */
    show(point: readonly [number, number]) {
      const numbers = canvas.style.transform.match(/-?[\d.]+(?:e-?\d+)?/g)?.map(Number) ?? [1, 0, 0, 1, 0, 0];
      const [factor, , , , dx, dy] = numbers as [number, number, number, number, number, number];
      const [x, y] = toScreen(own!, point as [number, number]);
      const isDrawn = x >= 0 && y >= 0 && x * DENSITY <= canvas.width && y * DENSITY <= canvas.height;
      return { at: [left! + x * factor + dx, top! + y * factor + dy] as const, isDrawn };
    },
  };
}

const image = fc.record({
  width: fc.integer({ min: 8, max: 6_000 }),
  height: fc.integer({ min: 8, max: 6_000 }),
});
const steps = fc.array(
  fc.oneof(
    fc.record({
      dx: fc.double({ min: -150, max: 150, noNaN: true }),
      dy: fc.double({ min: -150, max: 150, noNaN: true }),
    }),
    fc.record({ factor: fc.double({ min: 0.4, max: 2.5, noNaN: true }) }),
  ),
  { maxLength: 6 },
);

describe('a picture that is moved along', () => {
  it('shows every visible point of the image where it belongs, or asks to be drawn anew', () => {
    fc.assert(
      fc.property(image, steps, steps, fc.boolean(), (size, before, after, stretches) => {
        const start = move(fitView(size, WINDOW), before, size);
        const view = move(start, after, size);
        const { picture, show } = drawnIn(start, stretches);
        if (!picture.suits(view, size)) return;
        picture.moveTo(view);
        for (const point of visiblePoints(view, size)) {
          const { at, isDrawn } = show(point);
          expect(isDrawn).toBe(true);
          const [x, y] = toScreen(view, point);
          // Less than a device pixel off.
          expect(Math.abs(at[0] - x)).toBeLessThanOrEqual(0.5 / DENSITY + 1e-6);
          expect(Math.abs(at[1] - y)).toBeLessThanOrEqual(0.5 / DENSITY + 1e-6);
        }
      }),
    );
  });

  it('follows a short pan without being drawn, and not a long one', () => {
    const size = { width: 6_000, height: 4_000 };
    const start: View = { scale: 1, x: -2_000, y: -1_500 };
    const { picture } = drawnIn(start, false);
    expect(picture.suits(panView(start, 40, -40, size, WINDOW), size)).toBe(true);
    expect(picture.suits(panView(start, 0, 90, size, WINDOW), size)).toBe(false);
  });

  it('is stretched while zooming only where that is allowed, and not for long', () => {
    const size = { width: 6_000, height: 4_000 };
    const start: View = { scale: 1, x: -2_000, y: -1_500 };
    const zoomed = (factor: number) => zoomView(start, factor, [200, 190], size, WINDOW);
    expect(drawnIn(start, false).picture.suits(zoomed(1.5), size)).toBe(false);
    expect(drawnIn(start, true).picture.suits(zoomed(1.5), size)).toBe(true);
    expect(drawnIn(start, true).picture.suits(zoomed(2.5), size)).toBe(false);
    expect(drawnIn(start, true).picture.suits(zoomed(0.6), size)).toBe(false);
  });

  it('suits nothing once the window has another size', () => {
    const start: View = { scale: 1, x: 0, y: 0 };
    const { picture } = drawnIn(start, true);
    picture.resize({ width: 300, height: 300 }, 1);
    expect(picture.suits(start, { width: 100, height: 100 })).toBe(false);
  });
});

function move(
  view: View,
  moves: readonly ({ dx: number; dy: number } | { factor: number })[],
  size: Size,
): View {
  return moves.reduce(
    (now, step) =>
      'factor' in step
        ? zoomView(now, step.factor, [150, 200], size, WINDOW)
        : panView(now, step.dx, step.dy, size, WINDOW),
    view,
  );
}

interface Size {
  readonly width: number;
  readonly height: number;
}

/** Corners and middle of what is seen of the image. */
function visiblePoints(view: View, size: Size): [number, number][] {
  const within = (offset: number, length: number, end: number) =>
    [0, 0.5, 1].map((share) => {
      const from = Math.max(0, -offset / view.scale);
      const to = Math.min(length, (end - offset) / view.scale);
      return from + share * (to - from);
    });
  return within(view.x, size.width, WINDOW.width).flatMap((x) =>
    within(view.y, size.height, WINDOW.height).map((y): [number, number] => [x, y]),
  );
}
