/** Checks what the UI sends, by hand: a schema library would be larger than the rest of this bundle. */
import type {
  BridgeMethod,
  FileChoices,
  FoundData,
  ImageSource,
  OutlineLayer,
  Rgb,
  TreeLayer,
  LayerStyle,
  OriginalAfter,
  UiMessage,
  UiRequest,
} from '../bridge.js';
import { CodedError } from '../../protocol/errors.js';
import type { Box } from '../../protocol/geometry.js';
import { MAX_FOUND_MASKS, MAX_NAME_CHARACTERS } from '../../protocol/message-limits.js';
import { bytes, fields, invalid, list, number, numbers, positive, text, UPDATE_HINT } from './fields.js';
import type { Fields } from './fields.js';

/** Most layers one insertion accepts. */
export const MAX_LAYERS = 2000;

const MAX_PROMPTS = 2000;

/** What the pixels of the largest image that Figma takes are without any packing. */
export const MAX_IMAGE_BYTES = 4 * 4096 * 4096;

/**
 * @param value Whatever arrived.
 * @returns The same content with exactly the known fields.
 * @throws CodedError PARAMS_INVALID naming the first field that is wrong; METHOD_UNKNOWN.
 */
export function parseUiMessage(value: unknown): UiMessage {
  const message = fields(value, 'message');
  const id = number(message['id'], 'id');
  if (message['type'] === 'cancel') return { type: 'cancel', id };
  if (message['type'] !== 'request') throw invalid('type', 'request or cancel');
  const method = message['method'];
  if (typeof method !== 'string' || !Object.prototype.hasOwnProperty.call(PARSERS, method)) {
    throw new CodedError('METHOD_UNKNOWN', `The plugin has no request ${String(method)}.`, UPDATE_HINT);
  }
  const params = PARSERS[method as BridgeMethod](fields(message['params'], 'params'));
  return { type: 'request', id, method, params } as UiRequest;
}

const PARSERS: { readonly [M in BridgeMethod]: (params: Fields) => unknown } = {
  'ui-ready': () => ({}),
  'read-image': (params) => ({
    nodeId: text(params['nodeId'], 'nodeId'),
    ...(params['maxBytes'] !== undefined && { maxBytes: positive(params['maxBytes'], 'maxBytes') }),
  }),
  'insert-outlines': (params) => ({
    source: parseSource(fields(params['source'], 'source')),
    ...(params['style'] !== undefined && { style: parseStyle(params['style']) }),
    outlines: list(params['outlines'], 'outlines', MAX_LAYERS).map((outline, i) =>
      parseOutline(fields(outline, `outlines[${i}]`)),
    ),
    ...(params['keepsSelection'] === true && { keepsSelection: true }),
    ...parseChoices(params),
  }),
  'insert-image': (params) => ({
    source: parseSource(fields(params['source'], 'source')),
    bytes: bytes(params['bytes'], 'bytes', MAX_IMAGE_BYTES),
    box: parseBox(params['box'], 'box'),
    layer: parseOutline(fields(params['layer'], 'layer'), 'layer'),
    ...parseChoices(params),
  }),
  'separate-object': (params) => ({
    source: parseSource(fields(params['source'], 'source')),
    outline: parseOutline(fields(params['outline'], 'outline')),
    originalAfter: parseOriginalAfter(params['originalAfter']),
    ...parseChoices(params),
  }),
  'insert-tree': (params) => ({
    source: parseSource(fields(params['source'], 'source')),
    style: parseStyle(params['style']),
    layers: parseTree(list(params['layers'], 'layers', MAX_FOUND_MASKS)),
    ...(params['keepsSelection'] === true && { keepsSelection: true }),
    ...parseChoices(params),
  }),
  'list-layers': (params) => ({ source: parseSource(fields(params['source'], 'source')) }),
  'open-layer': (params) => ({
    source: parseSource(fields(params['source'], 'source')),
    nodeId: text(params['nodeId'], 'nodeId'),
  }),
  'update-outline': (params) => ({
    source: parseSource(fields(params['source'], 'source')),
    nodeId: text(params['nodeId'], 'nodeId'),
    outline: parseOutline(fields(params['outline'], 'outline')),
  }),
  'set-settings': parseSettings,
  'resize-window': (params) => ({
    width: positive(params['width'], 'width'),
    height: positive(params['height'], 'height'),
  }),
  'select-nodes': (params) => ({
    nodeIds: list(params['nodeIds'], 'nodeIds', MAX_LAYERS).map((id, i) => text(id, `nodeIds[${i}]`)),
  }),
  'show-window': () => ({}),
  notify: (params) => ({
    message: text(params['message'], 'message'),
    error: params['error'] === true,
    stays: params['stays'] === true,
  }),
  close: () => ({}),
};

function parseSource(source: Fields): ImageSource {
  return {
    nodeId: text(source['nodeId'], 'source.nodeId'),
    imageHash: text(source['imageHash'], 'source.imageHash'),
    pixelsPerUnit: positive(source['pixelsPerUnit'], 'source.pixelsPerUnit'),
    revision: text(source['revision'], 'source.revision'),
  };
}

function parseOutline(outline: Fields, name = 'outline'): OutlineLayer {
  const { fill } = outline;
  return {
    path: text(outline['path'], `${name}.path`),
    // Only remembered, never acted on; the sidecar checks prompts where they matter.
    prompts: list(outline['prompts'], `${name}.prompts`, MAX_PROMPTS) as OutlineLayer['prompts'],
    model: text(outline['model'], `${name}.model`),
    tolerancePx: number(outline['tolerancePx'], `${name}.tolerancePx`),
    ...(outline['refine'] === true && { refine: true }),
    ...(fill !== undefined && { fill: parseColour(fields(fill, `${name}.fill`), `${name}.fill`) }),
  };
}

function parseOriginalAfter(value: unknown): OriginalAfter {
  if (value !== 'keep' && value !== 'hide' && value !== 'lock') {
    throw invalid('originalAfter', 'keep, hide or lock');
  }
  return value;
}

function parseChoices({ choices }: Fields): { choices?: FileChoices } {
  if (choices === undefined) return {};
  const { delivery, originalAfter, treeStyle } = fields(choices, 'choices');
  return {
    choices: {
      ...(delivery !== undefined && { delivery: text(delivery, 'choices.delivery', MAX_NAME_CHARACTERS) }),
      ...(originalAfter !== undefined && { originalAfter: parseOriginalAfter(originalAfter) }),
      ...(treeStyle !== undefined && { treeStyle: parseStyle(treeStyle) }),
    },
  };
}

function parseBox(value: unknown, name: string): Box {
  const [x0, y0, x1, y1] = numbers(value, name, 4) as Box;
  if (x1 <= x0 || y1 <= y0) throw invalid(name, 'a box with an inside');
  return [x0, y0, x1, y1];
}

function parseStyle(style: unknown): LayerStyle {
  if (style !== 'outlines' && style !== 'cutouts') throw invalid('style', 'outlines or cutouts');
  return style;
}

/** Each layer has an id of its own, and its parent comes before it. */
function parseTree(layers: readonly unknown[]): TreeLayer[] {
  const ids = new Set<number>();
  return layers.map((value, i) => {
    const layer = parseTreeLayer(fields(value, `layers[${i}]`), `layers[${i}]`);
    if (ids.has(layer.id)) throw invalid(`layers[${i}].id`, 'unique');
    if (layer.parent !== null && !ids.has(layer.parent)) {
      throw invalid(`layers[${i}].parent`, 'null or the id of an earlier layer');
    }
    ids.add(layer.id);
    return layer;
  });
}

function parseTreeLayer(layer: Fields, name: string): TreeLayer {
  const { parent } = layer;
  return {
    ...parseOutline(layer, name),
    id: number(layer['id'], `${name}.id`),
    parent: parent === null ? null : number(parent, `${name}.parent`),
    name: text(layer['name'], `${name}.name`, MAX_NAME_CHARACTERS),
    found: parseFound(fields(layer['found'], `${name}.found`), `${name}.found`),
  };
}

function parseFound(found: Fields, name: string): FoundData {
  return {
    point: numbers(found['point'], `${name}.point`, 2) as FoundData['point'],
    cropBox: numbers(found['cropBox'], `${name}.cropBox`, 4) as FoundData['cropBox'],
    box: numbers(found['box'], `${name}.box`, 4) as FoundData['box'],
    area: number(found['area'], `${name}.area`),
    predictedIou: number(found['predictedIou'], `${name}.predictedIou`),
    stabilityScore: number(found['stabilityScore'], `${name}.stabilityScore`),
  };
}

function parseColour(colour: Fields, name: string): Rgb {
  const [r, g, b] = ['r', 'g', 'b'].map((channel) => {
    const value = number(colour[channel], `${name}.${channel}`);
    if (value < 0 || value > 1) throw invalid(`${name}.${channel}`, 'a number in [0, 1]');
    return value;
  });
  return { r: r!, g: g!, b: b! };
}

function parseSettings(params: Fields): Fields {
  const patch: Record<string, unknown> = {};
  const { token, preferences } = params;
  if (token !== undefined) patch['token'] = token === null ? null : text(token, 'token');
  if (preferences === null) patch['preferences'] = null;
  else if (preferences !== undefined)
    patch['preferences'] = parsePreferences(fields(preferences, 'preferences'));
  return patch;
}

function parsePreferences(preferences: Fields): Fields {
  for (const [name, value] of Object.entries(preferences)) {
    if (!['string', 'number', 'boolean'].includes(typeof value)) {
      throw invalid(`preferences.${name}`, 'a string, a number or a boolean');
    }
  }
  return preferences;
}
