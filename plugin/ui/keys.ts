/** Tells what a key means on the canvas. */
import type { Label } from './tool.js';

export type KeyCommand =
  | { readonly kind: 'move'; readonly dx: number; readonly dy: number }
  | { readonly kind: 'place'; readonly label: Label }
  | { readonly kind: 'pick'; readonly index: number }
  | { readonly kind: 'cycle' | 'zoom' | 'brush'; readonly step: 1 | -1 }
  | {
      readonly kind:
        'object' | 'remove' | 'undo' | 'redo' | 'escape' | 'finish' | 'cutout' | 'fit' | 'actualSize';
    };

export type KeyPress = Pick<KeyboardEvent, 'key' | 'code' | 'shiftKey' | 'altKey' | 'ctrlKey' | 'metaKey'>;

/** Steps of the grid cursor, in CSS pixels. */
const STEP = 8;
const LARGE_STEP = 48;

const ARROWS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** @returns undefined when the key means nothing here. */
export function commandForKey(press: KeyPress): KeyCommand | undefined {
  if (press.altKey) return undefined;
  const zoom = zoomCommand(press);
  if (zoom) return zoom;
  if (press.ctrlKey || press.metaKey) return undoCommand(press);
  const arrow = ARROWS[press.key];
  if (arrow) {
    const step = press.shiftKey ? LARGE_STEP : STEP;
    return { kind: 'move', dx: arrow[0] * step, dy: arrow[1] * step };
  }
  return digitCommand(press) ?? plainCommand(press);
}

/** With or without Ctrl or Cmd; `=` is where most keyboards have `+`. */
function zoomCommand({ key }: KeyPress): KeyCommand | undefined {
  if (key === '+' || key === '=') return { kind: 'zoom', step: 1 };
  return key === '-' ? { kind: 'zoom', step: -1 } : undefined;
}

function undoCommand({ key, shiftKey }: KeyPress): KeyCommand | undefined {
  if (key.toLowerCase() === 'z') return { kind: shiftKey ? 'redo' : 'undo' };
  return key.toLowerCase() === 'y' ? { kind: 'redo' } : undefined;
}

/** Digits by their place on the keyboard: with Shift, or on a French one, `key` is something else. */
function digitCommand({ code, shiftKey }: KeyPress): KeyCommand | undefined {
  const digit = /^(?:Digit|Numpad)([0-4])$/.exec(code)?.[1];
  if (digit === undefined) return undefined;
  if (digit === '0') return { kind: shiftKey ? 'actualSize' : 'fit' };
  return shiftKey ? undefined : { kind: 'pick', index: Number(digit) - 1 };
}

function plainCommand({ key, shiftKey }: KeyPress): KeyCommand | undefined {
  switch (key) {
    case 'i':
    case 'I':
      return { kind: 'place', label: 'inside' };
    case 'o':
    case 'O':
      return { kind: 'place', label: 'outside' };
    case '[':
      return { kind: 'brush', step: -1 };
    case ']':
      return { kind: 'brush', step: 1 };
    case 'Tab':
      return { kind: 'cycle', step: shiftKey ? -1 : 1 };
    case 'n':
    case 'N':
      return { kind: 'object' };
    case 'Backspace':
    case 'Delete':
      return { kind: 'remove' };
    case 'Escape':
      return { kind: 'escape' };
    case 'Enter':
      return { kind: shiftKey ? 'cutout' : 'finish' };
    default:
      return undefined;
  }
}
