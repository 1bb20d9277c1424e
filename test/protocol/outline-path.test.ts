import { expect, it } from 'vitest';
import { readPath } from '../../protocol/outline-path.js';

const HINT = 'Send another one.';

it('reads the commands in order, each with its coordinates', () => {
  const read: unknown[] = [];
  readPath('M 0 1 L 2.5 -3 C 4 5 6 7 8 9 Z M 1 1 Z', HINT, (...command) => read.push(command));
  expect(read).toEqual([
    ['M', [0, 1]],
    ['L', [2.5, -3]],
    ['C', [4, 5, 6, 7, 8, 9]],
    ['Z', []],
    ['M', [1, 1]],
    ['Z', []],
  ]);
});

it.each([
  ['', 'token 0: nothing'],
  ['M 0 0 L 1 1', 'token 6: its end'],
  ['M 0 0 L 1', 'token 5: its end'],
  ['M 0 0 L 1 Z', 'token 5: Z'],
  ['L 1 1 Z', 'token 0: L'],
  ['M 0 0 M 1 1 Z', 'token 3: M'],
  ['M 0 1e3 Z', 'token 2: 1e3'],
  ['M 0 0 A 1 1 Z', 'token 3: A'],
])('says where it cannot go on in %j', (path, where) => {
  expect(() => {
    readPath(path, HINT, () => undefined);
  }).toThrow(
    expect.objectContaining({
      code: 'PARAMS_INVALID',
      message: `The outline's path cannot be read at ${where}.`,
      hint: HINT,
    }) as Error,
  );
});
