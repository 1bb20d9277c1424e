import { expect, it } from 'vitest';
import { WheelReader } from '../../../plugin/ui/wheel.js';
import type { WheelInput } from '../../../plugin/ui/wheel.js';

const turn = (more: Partial<WheelInput>): WheelInput => ({
  deltaX: 0,
  deltaY: 0,
  deltaMode: 0,
  altKey: false,
  ctrlKey: false,
  metaKey: false,
  timeStamp: 0,
  ...more,
});

it('zooms with a mouse, whose wheel moves in notches', () => {
  expect(new WheelReader().read(turn({ deltaY: -120 })).kind).toBe('zoom');
  expect(new WheelReader().read(turn({ deltaY: -3, deltaMode: 1 })).kind).toBe('zoom');
});

it('pans with a trackpad, also when the fingers get fast', () => {
  const reader = new WheelReader();
  expect(reader.read(turn({ deltaY: 2, timeStamp: 1000 }))).toEqual({ kind: 'pan', dx: -0, dy: -2 });
  expect(reader.read(turn({ deltaY: 90, timeStamp: 1016 })).kind).toBe('pan');
});

it('zooms with a pinch', () => {
  const meaning = new WheelReader().read(turn({ deltaY: -10, ctrlKey: true }));
  expect(meaning).toEqual({ kind: 'zoom', factor: Math.exp(0.1) });
});

it.each([
  ['120 pixels', { deltaY: 120 }],
  ['300 pixels', { deltaY: 300 }],
  ['three lines', { deltaY: 3, deltaMode: 1 }],
])('zooms as far for a notch of %s, with Ctrl or without', (_what, notch) => {
  for (const ctrlKey of [true, false]) {
    expect(new WheelReader().read(turn({ ...notch, ctrlKey }))).toEqual({ kind: 'zoom', factor: 1 / 1.2 });
  }
});

it('takes a wide pinch for a pinch, by its fractions', () => {
  const meaning = new WheelReader().read(turn({ deltaY: -60.5, ctrlKey: true }));
  expect(meaning).toEqual({ kind: 'zoom', factor: Math.exp(0.605) });
});

it('walks candidates with Alt, one step for a swipe', () => {
  const reader = new WheelReader();
  const swipe = [0, 16, 32].map((timeStamp) =>
    reader.read(turn({ deltaY: 6, altKey: true, timeStamp: 500 + timeStamp })),
  );
  expect(swipe.map(({ kind }) => kind)).toEqual(['cycle', 'nothing', 'nothing']);
});
