import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_IMAGE_BYTES, MAX_LAYERS, parseUiMessage } from '../../../plugin/main/parse-message.js';
import { MAX_FOUND_MASKS } from '../../../protocol/message-limits.js';

const source = { nodeId: '1:2', imageHash: 'h', pixelsPerUnit: 2, revision: 'r' };
const outline = { path: 'M 0 0 L 1 0 L 1 1 Z', prompts: [], model: 'm', tolerancePx: 0.5 };
const found = {
  point: [1, 2],
  cropBox: [0, 0, 9, 9],
  box: [1, 1, 3, 3],
  area: 4,
  predictedIou: 0.9,
  stabilityScore: 0.8,
};
const layer = { ...outline, id: 1, parent: null, name: 'Region 1', found };
const tree = (...layers: readonly object[]) => request('insert-tree', { source, style: 'cutouts', layers });
const image = (more: object) =>
  request('insert-image', {
    source,
    bytes: new Uint8Array([137, 80]),
    box: [1.5, 0, 3, 2],
    layer: outline,
    ...more,
  });
const request = (method: string, params: unknown) => ({ type: 'request', id: 7, method, params });

describe('parseUiMessage', () => {
  it.each([
    request('ui-ready', {}),
    request('read-image', { nodeId: '1:2' }),
    request('read-image', { nodeId: '1:2', maxBytes: 1000 }),
    request('insert-outlines', { source, outlines: [outline, { ...outline, fill: { r: 0, g: 0.5, b: 1 } }] }),
    request('insert-outlines', { source, style: 'cutouts', outlines: [outline] }),
    image({}),
    request('separate-object', { source, outline, originalAfter: 'hide' }),
    tree(),
    tree(
      { ...layer, fill: { r: 0, g: 0.5, b: 1 } },
      { ...layer, id: 2, parent: 1 },
      { ...layer, id: 3, parent: 2 },
    ),
    request('list-layers', { source }),
    request('set-settings', { token: 't', preferences: { detail: 0.5, refine: true, tool: 'box' } }),
    request('set-settings', { token: null, preferences: null }),
    request('resize-window', { width: 400, height: 640 }),
    request('notify', { message: 'Hello', error: false, stays: true }),
    request('select-nodes', { nodeIds: ['1:2', '1:3'] }),
    request('show-window', {}),
    request('close', {}),
    { type: 'cancel', id: 7 },
  ])('passes $method on unchanged', (message) => {
    expect(parseUiMessage(message)).toEqual(message);
  });

  it('drops fields it does not know', () => {
    expect(parseUiMessage({ ...request('close', { extra: 1 }), extra: 2 })).toEqual(request('close', {}));
  });

  it.each([
    ['message', null],
    ['message', 'ui-ready'],
    ['id', { type: 'request', method: 'close', params: {} }],
    ['type', { type: 'result', id: 7 }],
    ['params', request('close', [])],
    ['nodeId', request('read-image', { nodeId: 12 })],
    ['maxBytes', request('read-image', { nodeId: '1:2', maxBytes: 0 })],
    ['source', request('insert-outlines', { outlines: [] })],
    [
      'source.pixelsPerUnit',
      request('insert-outlines', { source: { ...source, pixelsPerUnit: -1 }, outlines: [] }),
    ],
    ['outlines', request('insert-outlines', { source, outlines: Array.from({ length: MAX_LAYERS + 1 }) })],
    ['outlines[0]', request('insert-outlines', { source, outlines: ['M 0 0 Z'] })],
    [
      'outline.tolerancePx',
      request('insert-outlines', { source, outlines: [{ ...outline, tolerancePx: NaN }] }),
    ],
    [
      'outline.fill.g',
      request('insert-outlines', { source, outlines: [{ ...outline, fill: { r: 0, g: 2, b: 0 } }] }),
    ],
    ['style', request('insert-outlines', { source, style: 'pictures', outlines: [] })],
    ['source', image({ source: undefined })],
    ['bytes', image({ bytes: [137, 80] })],
    ['bytes', image({ bytes: new Uint8Array() })],
    ['bytes', image({ bytes: new Uint8Array(MAX_IMAGE_BYTES + 1) })],
    ['box', image({ box: [0, 0, 1] })],
    ['box[2]', image({ box: [0, 0, Infinity, 1] })],
    ['box', image({ box: [3, 0, 3, 2] })],
    ['box', image({ box: [0, 2, 3, 1] })],
    ['layer', image({ layer: undefined })],
    ['layer.path', image({ layer: { ...outline, path: 7 } })],
    ['source', request('list-layers', {})],
    ['originalAfter', request('separate-object', { source, outline, originalAfter: 'delete' })],
    ['outline', request('separate-object', { source, originalAfter: 'keep' })],
    ['source', request('insert-tree', { style: 'outlines', layers: [] })],
    ['style', request('insert-tree', { source, style: 'pictures', layers: [] })],
    ['layers', tree(...Array.from({ length: MAX_FOUND_MASKS + 1 }, () => layer))],
    ['layers[1].id', tree(layer, layer)],
    ['layers[0].parent', tree({ ...layer, parent: 1 })],
    ['layers[0].parent', tree({ ...layer, parent: 2 }, { ...layer, id: 2 })],
    ['layers[0].parent', tree({ ...layer, parent: undefined })],
    ['layers[0].name', tree({ ...layer, name: 'x'.repeat(201) })],
    ['layers[0].path', tree({ ...layer, path: null })],
    ['layers[0].fill.b', tree({ ...layer, fill: { r: 0, g: 0 } })],
    ['layers[0].found', tree({ ...layer, found: undefined })],
    ['layers[0].found.box', tree({ ...layer, found: { ...found, box: [1, 2, 3] } })],
    ['layers[0].found.point[1]', tree({ ...layer, found: { ...found, point: [1, Infinity] } })],
    ['layers[0].found.area', tree({ ...layer, found: { ...found, area: '4' } })],
    ['preferences.a', request('set-settings', { preferences: { a: {} } })],
    ['width', request('resize-window', { width: Infinity, height: 1 })],
  ])('names a wrong %s', (field, message) => {
    expect(() => parseUiMessage(message)).toThrow(
      expect.objectContaining({ code: 'PARAMS_INVALID', message: expect.stringContaining(` ${field}:`) }),
    );
  });

  it.each(['eval', 'constructor', '__proto__'])('knows no request %s', (method) => {
    expect(() => parseUiMessage(request(method, {}))).toThrow(
      expect.objectContaining({ code: 'METHOD_UNKNOWN' }),
    );
  });

  it('never throws anything but a coded error', () => {
    fc.assert(
      fc.property(fc.anything({ withNullPrototype: true, withTypedArray: true }), (value) => {
        try {
          parseUiMessage(value);
        } catch (error) {
          expect(error).toHaveProperty('code');
        }
      }),
    );
  });
});
