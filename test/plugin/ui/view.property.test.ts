import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  boxBetween,
  clampPoint,
  fitView,
  panView,
  revealPoint,
  toImage,
  toScreen,
  zoomView,
} from '../../../plugin/ui/view.js';

const side = fc.integer({ min: 1, max: 8000 });
const size = fc.record({ width: side, height: side });
const windowSide = fc.integer({ min: 60, max: 3000 });
const viewport = fc.record({ width: windowSide, height: windowSide });
const coordinate = fc.double({ min: -5000, max: 9000, noNaN: true });
const place = fc.tuple(coordinate, coordinate);
const factor = fc.double({ min: 0.2, max: 5, noNaN: true });

describe('the view', () => {
  it('takes a point to the screen and back', () => {
    fc.assert(
      fc.property(size, viewport, factor, place, (image, screen, zoom, point) => {
        const view = zoomView(fitView(image, screen), zoom, [10, 10], image, screen);
        const [x, y] = toImage(view, toScreen(view, point));
        expect(Math.hypot(x - point[0], y - point[1])).toBeLessThan(0.001);
      }),
    );
  });

  it('shows the whole image when fitted', () => {
    fc.assert(
      fc.property(size, viewport, (image, screen) => {
        const view = fitView(image, screen);
        const [left, top] = toScreen(view, [0, 0]);
        const [right, bottom] = toScreen(view, [image.width, image.height]);
        expect(Math.min(left, top)).toBeGreaterThan(-0.001);
        expect(right).toBeLessThan(screen.width + 0.001);
        expect(bottom).toBeLessThan(screen.height + 0.001);
      }),
    );
  });

  it('leaves room for the zoom buttons below a fitted image', () => {
    const image = { width: 1200, height: 900 };
    const view = fitView(image, { width: 320, height: 236 });
    expect(toScreen(view, [0, 900])[1]).toBeLessThanOrEqual(236 - 40 + 0.001);
  });

  it('keeps the pixel under the pointer while zooming in', () => {
    const image = { width: 4000, height: 3000 };
    const screen = { width: 800, height: 600 };
    const anchor = fc.tuple(fc.integer({ min: 100, max: 700 }), fc.integer({ min: 100, max: 500 }));
    fc.assert(
      fc.property(anchor, fc.double({ min: 1, max: 20, noNaN: true }), (at, zoom) => {
        const before = fitView(image, screen);
        const [x, y] = toImage(zoomView(before, zoom, at, image, screen), at);
        const [wantedX, wantedY] = toImage(before, at);
        expect(Math.hypot(x - wantedX, y - wantedY)).toBeLessThan(0.001);
      }),
    );
  });

  it('never loses the image, however far it is pushed', () => {
    fc.assert(
      fc.property(size, viewport, place, (image, screen, [dx, dy]) => {
        const view = panView(fitView(image, screen), dx * 10, dy * 10, image, screen);
        const [right, bottom] = toScreen(view, [image.width, image.height]);
        expect(view.x).toBeLessThan(screen.width);
        expect(view.y).toBeLessThan(screen.height);
        expect(right).toBeGreaterThan(0);
        expect(bottom).toBeGreaterThan(0);
      }),
    );
  });

  it('brings the grid cursor onto the canvas', () => {
    const image = { width: 4000, height: 3000 };
    const screen = { width: 400, height: 300 };
    const inside = fc.tuple(fc.integer({ min: 0, max: 4000 }), fc.integer({ min: 0, max: 3000 }));
    fc.assert(
      fc.property(inside, (point) => {
        const close = zoomView(fitView(image, screen), 20, [200, 150], image, screen);
        const [x, y] = toScreen(revealPoint(close, point, image, screen), point);
        expect(x).toBeGreaterThanOrEqual(0);
        expect(x).toBeLessThanOrEqual(400);
        expect(y).toBeGreaterThanOrEqual(0);
        expect(y).toBeLessThanOrEqual(300);
      }),
    );
  });
});

describe('what is sent', () => {
  it('never lies outside the image', () => {
    fc.assert(
      fc.property(size, place, (image, at) => {
        const [x, y] = clampPoint(at, image);
        expect(x > 0 && x < image.width && y > 0 && y < image.height).toBe(true);
      }),
    );
  });

  it('is a box only when it is one', () => {
    fc.assert(
      fc.property(size, place, place, (image, from, to) => {
        const box = boxBetween(from, to, image);
        if (!box) return;
        const [x0, y0, x1, y1] = box;
        expect(x0 >= 0 && y0 >= 0 && x1 <= image.width && y1 <= image.height).toBe(true);
        expect(x1 > x0 && y1 > y0).toBe(true);
        expect(boxBetween(to, from, image)).toEqual(box);
      }),
    );
  });
});
