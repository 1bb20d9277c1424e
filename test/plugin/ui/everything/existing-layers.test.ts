import { expect, it } from 'vitest';
import { objectsWithLayer } from '../../../../plugin/ui/everything/existing-layers.js';
import type { ExistingLayer } from '../../../../plugin/bridge.js';
import { DOOR, foundBox, HOUSE, SCENE, SIZE, TREE } from './support.js';

const layer = (change: Partial<ExistingLayer>): ExistingLayer => ({
  nodeId: '1:1',
  name: 'Layer',
  ...change,
});
const withLayer = (...layers: ExistingLayer[]) => [...objectsWithLayer(SCENE, layers, SIZE)].sort();

it('knows a layer by the click that found it, whatever has been done to its outline since', () => {
  const { path } = TREE.outline;
  expect(withLayer(layer({ found: HOUSE, path }))).toEqual([HOUSE.id]);
});

it('knows a layer by what its outline encloses', () => {
  expect(withLayer(layer({ path: DOOR.outline.path }))).toEqual([DOOR.id]);
  const nearly = foundBox(9, null, [30, 40, 45, 69]);
  expect(withLayer(layer({ path: nearly.outline.path }))).toEqual([DOOR.id]);
});

it('takes another click on the same object for the same object when the outlines agree', () => {
  const found = { ...HOUSE, point: [11, 11] as [number, number] };
  expect(withLayer(layer({ found, path: HOUSE.outline.path }))).toEqual([HOUSE.id]);
});

it('does not mistake a part, a neighbour or a fragment for the object', () => {
  const part = foundBox(9, null, [30, 40, 45, 65]);
  const moved = foundBox(9, null, [31, 41, 47, 72]);
  expect(withLayer(layer({ path: part.outline.path }), layer({ path: moved.outline.path }))).toEqual([]);
});

it('makes nothing of a layer without an outline, or with one that is none', () => {
  expect(withLayer(layer({}), layer({ path: '' }), layer({ path: 'M 0 0 Z' }))).toEqual([]);
});
