import { describe, expect, it } from 'vitest';
import { ALL_SHOWN, arrange } from '../../../../plugin/ui/everything/arrange.js';
import { checkState, moveForKey, visibleRows } from '../../../../plugin/ui/everything/tree.js';
import { DOOR, HOUSE, SCENE, WINDOW } from './support.js';

const shown = arrange(SCENE, ALL_SHOWN);
const [house, door] = shown;

/** From the row of an index, with what is folded. */
function move(key: string, active: number, collapsed: readonly number[] = []) {
  const folded = new Set(collapsed);
  return moveForKey(key, visibleRows(shown, folded), active, folded, 2);
}

describe('keys in the list', () => {
  it('go up and down and stop at the ends', () => {
    expect(move('ArrowDown', 0)).toEqual({ kind: 'go', index: 1 });
    expect(move('ArrowUp', 0)).toEqual({ kind: 'go', index: 0 });
    expect(move('PageDown', 3)).toEqual({ kind: 'go', index: 3 });
    expect(move('PageUp', 3)).toEqual({ kind: 'go', index: 1 });
    expect(move('End', 0)).toEqual({ kind: 'go', index: 3 });
    expect(move('Home', 3)).toEqual({ kind: 'go', index: 0 });
  });

  it('fold with the left arrow and unfold with the right one, or go to the parent and into the parts', () => {
    expect(move('ArrowLeft', 0)).toEqual({ kind: 'fold', isFolded: true });
    expect(move('ArrowRight', 0, [HOUSE.id])).toEqual({ kind: 'fold', isFolded: false });
    expect(move('ArrowRight', 0)).toEqual({ kind: 'go', index: 1 });
    expect(move('ArrowLeft', 2)).toEqual({ kind: 'go', index: 1 });
    expect(move('ArrowLeft', 3)).toBeUndefined();
  });

  it('tick with Space, work on it with Enter, and leave all else alone', () => {
    expect(move(' ', 0)).toEqual({ kind: 'check' });
    expect(move('Enter', 0)).toEqual({ kind: 'open' });
    expect(move('z', 0)).toBeUndefined();
    expect(moveForKey('ArrowDown', [], 0, new Set(), 2)).toBeUndefined();
  });
});

describe('the box of a row', () => {
  it('is ticked when the object and all its parts are chosen', () => {
    expect(checkState(house!, new Set())).toBe('true');
  });

  it('is mixed when a part is left out, however deep', () => {
    expect(checkState(house!, new Set([WINDOW.id]))).toBe('mixed');
    expect(checkState(door!, new Set([WINDOW.id]))).toBe('mixed');
  });

  it('is empty when the object itself is left out', () => {
    expect(checkState(door!, new Set([DOOR.id]))).toBe('false');
  });
});
