import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  compose,
  containerOf,
  findAnchor,
  IDENTITY,
  invert,
  scaling,
  splitScale,
} from '../../../plugin/main/placement.js';
import type { Matrix, TreeNode } from '../../../plugin/main/placement.js';

const unit = fc.double({ min: -1, max: 1, noNaN: true });
const offset = fc.double({ min: -1e4, max: 1e4, noNaN: true });
const determinant = ([[a, c], [b, d]]: Matrix): number => a * d - b * c;
const matrix: fc.Arbitrary<Matrix> = fc
  .tuple(fc.tuple(unit, unit, offset), fc.tuple(unit, unit, offset))
  .filter((candidate) => Math.abs(determinant(candidate)) > 0.05);

function expectClose(actual: Matrix, expected: Matrix, within: number): void {
  actual.flat().forEach((value, i) => expect(Math.abs(value - expected.flat()[i]!)).toBeLessThan(within));
}

describe('matrices', () => {
  it('compose associatively', () => {
    fc.assert(
      fc.property(matrix, matrix, matrix, (a, b, c) =>
        expectClose(compose(a, compose(b, c)), compose(compose(a, b), c), 1e-7),
      ),
    );
  });

  it('undo themselves by their inverse, from either side', () => {
    fc.assert(
      fc.property(matrix, (a) => {
        expectClose(compose(a, invert(a)), IDENTITY, 1e-7);
        expectClose(compose(invert(a), a), IDENTITY, 1e-7);
      }),
    );
  });

  it('split into unit axes and a scale that make them up again', () => {
    fc.assert(
      fc.property(matrix, (a) => {
        const { unit: axes, scaleX, scaleY } = splitScale(a);
        expect(Math.hypot(axes[0][0], axes[1][0])).toBeCloseTo(1, 12);
        expect(Math.hypot(axes[0][1], axes[1][1])).toBeCloseTo(1, 12);
        expectClose(compose(axes, scaling(scaleX, scaleY)), a, 1e-9);
      }),
    );
  });

  it('refuse to invert what has been squashed flat', () => {
    const flat: Matrix = [
      [1, 2, 0],
      [2, 4, 0],
    ];
    expect(() => invert(flat)).toThrow(expect.objectContaining({ code: 'NODE_CHANGED' }));
  });
});

/** Nodes from the page down to the image, which is returned; AUTO is a frame with auto-layout. */
function chain(...types: readonly string[]): TreeNode {
  return types.reduce<TreeNode | null>((parent, name, i) => {
    const node = { id: `${i}`, type: name === 'AUTO' ? 'FRAME' : name, parent };
    return name === 'AUTO' ? { ...node, layoutMode: 'HORIZONTAL' } : node;
  }, null)!;
}

describe('the place of a new layer', () => {
  it.each([
    ['the frame around', ['PAGE', 'FRAME'], '1'],
    ['the frame around a group', ['PAGE', 'FRAME', 'GROUP'], '1'],
    ['the page around groups and booleans', ['PAGE', 'GROUP', 'BOOLEAN_OPERATION'], '0'],
    ['the section around', ['PAGE', 'SECTION'], '1'],
  ])('is relative to %s', (_, types, id) => {
    expect(containerOf(chain(...types)).id).toBe(id);
  });

  it.each([
    ['the image itself', ['PAGE', 'FRAME', 'RECTANGLE'], '2'],
    ['the instance around it', ['PAGE', 'FRAME', 'INSTANCE', 'RECTANGLE'], '2', 'instance'],
    ['the outermost of nested instances', ['PAGE', 'INSTANCE', 'FRAME', 'INSTANCE', 'BLOB'], '1', 'instance'],
    ['the image when that is an instance', ['PAGE', 'FRAME', 'INSTANCE'], '2'],
    [
      'the boolean operation around it',
      ['PAGE', 'BOOLEAN_OPERATION', 'GROUP', 'RECTANGLE'],
      '1',
      'booleanOperation',
    ],
    ['the image when that is a boolean operation', ['PAGE', 'FRAME', 'BOOLEAN_OPERATION'], '2'],
    ['the transformed group around it', ['PAGE', 'TRANSFORM_GROUP', 'RECTANGLE'], '1', 'transformGroup'],
    ['the image in a group', ['PAGE', 'FRAME', 'GROUP', 'RECTANGLE'], '3'],
    ['the image in an auto-layout', ['PAGE', 'AUTO', 'RECTANGLE'], '2'],
    [
      'the groups that an auto-layout moves',
      ['PAGE', 'AUTO', 'GROUP', 'GROUP', 'RECTANGLE'],
      '2',
      'layoutGroup',
    ],
    ['the instance that an auto-layout moves', ['PAGE', 'AUTO', 'INSTANCE', 'RECTANGLE'], '2', 'instance'],
    ['the image in a frame, whatever moves the frame', ['PAGE', 'AUTO', 'GROUP', 'FRAME', 'RECTANGLE'], '4'],
    ['the set of a component', ['PAGE', 'COMPONENT_SET', 'COMPONENT'], '1', 'componentSet'],
    ['the image in a component of a set', ['PAGE', 'COMPONENT_SET', 'COMPONENT', 'RECTANGLE'], '3'],
  ])('is beside %s, and it says why where that is not the image', (_, types, id, closed?: string) => {
    expect(findAnchor(chain(...types))).toMatchObject({ node: { id }, ...(closed && { closed }) });
    if (!closed) expect(findAnchor(chain(...types))).not.toHaveProperty('closed');
  });
});
