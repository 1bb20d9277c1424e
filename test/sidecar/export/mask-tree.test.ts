import { expect, it } from 'vitest';
import { buildMaskTree, parentId, type MaskNode } from '../../../sidecar/export/mask-tree.js';
import { drawScene } from './tree-scene.js';

const [template] = drawScene();
const treeOf = (...pairs: readonly (readonly [id: number, parent: number | null])[]) =>
  buildMaskTree(pairs.map(([id, parent]) => ({ ...template!, id, parent })));

/** Ids, parts in brackets. */
const print = (nodes: readonly MaskNode[]): string =>
  nodes.map(({ mask, parts }) => `${mask.id}${parts.length > 0 ? `(${print(parts)})` : ''}`).join(' ');

it('keeps siblings in painting order, also where a family does not stand together', () => {
  expect(print(treeOf([5, null], [2, null], [9, 5], [1, 2], [4, 5], [3, 9]).roots)).toBe('5(9(3) 4) 2(1)');
});

it('puts a mask to the top whose parent is missing, comes later or is itself', () => {
  const { roots, nodes } = treeOf([1, 99], [2, 3], [3, 2], [4, 4]);
  expect(print(roots)).toBe('1 2(3) 4');
  expect(nodes.map(parentId)).toEqual([null, null, 2, null]);
});
