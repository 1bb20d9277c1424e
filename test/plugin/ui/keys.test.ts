import { expect, it } from 'vitest';
import { commandForKey } from '../../../plugin/ui/keys.js';
import type { KeyPress } from '../../../plugin/ui/keys.js';

const press = (key: string, more: Partial<KeyPress> = {}) =>
  commandForKey({ key, code: '', shiftKey: false, altKey: false, ctrlKey: false, metaKey: false, ...more });

it('does what the table of keys says', () => {
  expect(press('ArrowLeft')).toEqual({ kind: 'move', dx: -8, dy: 0 });
  expect(press('ArrowDown', { shiftKey: true })).toEqual({ kind: 'move', dx: 0, dy: 48 });
  expect(press('i')).toEqual({ kind: 'place', label: 'inside' });
  expect(press('O', { shiftKey: true })).toEqual({ kind: 'place', label: 'outside' });
  expect(press('Tab')).toEqual({ kind: 'cycle', step: 1 });
  expect(press('Tab', { shiftKey: true })).toEqual({ kind: 'cycle', step: -1 });
  expect(press('Backspace')).toEqual({ kind: 'remove' });
  expect(press('Escape')).toEqual({ kind: 'escape' });
  expect(press('Enter')).toEqual({ kind: 'finish' });
  expect(press('Enter', { shiftKey: true })).toEqual({ kind: 'cutout' });
});

it('undoes and redoes with either modifier', () => {
  expect(press('z', { metaKey: true })).toEqual({ kind: 'undo' });
  expect(press('z', { ctrlKey: true })).toEqual({ kind: 'undo' });
  expect(press('Z', { metaKey: true, shiftKey: true })).toEqual({ kind: 'redo' });
  expect(press('y', { ctrlKey: true })).toEqual({ kind: 'redo' });
});

it('zooms with + and -, whatever is held with them', () => {
  for (const key of ['+', '=']) expect(press(key)).toEqual({ kind: 'zoom', step: 1 });
  expect(press('-')).toEqual({ kind: 'zoom', step: -1 });
  expect(press('-', { ctrlKey: true })).toEqual({ kind: 'zoom', step: -1 });
  expect(press('=', { metaKey: true })).toEqual({ kind: 'zoom', step: 1 });
});

it('knows digits by their place, whatever the keyboard makes of them', () => {
  expect(press('2', { code: 'Digit2' })).toEqual({ kind: 'pick', index: 1 });
  expect(press('é', { code: 'Digit2' })).toEqual({ kind: 'pick', index: 1 });
  expect(press('0', { code: 'Digit0' })).toEqual({ kind: 'fit' });
  expect(press(')', { code: 'Digit0', shiftKey: true })).toEqual({ kind: 'actualSize' });
  expect(press('@', { code: 'Digit2', shiftKey: true })).toBeUndefined();
});

it('leaves every other key to the page', () => {
  expect(press('c', { metaKey: true })).toBeUndefined();
  expect(press('i', { altKey: true })).toBeUndefined();
  expect(press('q')).toBeUndefined();
});
