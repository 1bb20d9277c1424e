/** Checks what the UI sends, by hand: a schema library would be larger than the rest of this bundle. */
import type { BridgeMethod, ImageSource, OutlineLayer, Rgb, UiMessage, UiRequest } from '../bridge.js';
import { CodedError } from '../../protocol/errors.js';

type Fields = Readonly<Record<string, unknown>>;

/** Most layers one insertion accepts. */
export const MAX_LAYERS = 2000;

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

const UPDATE_HINT = 'Close the plugin and open it again; if that does not help, reinstall it.';

const PARSERS: { readonly [M in BridgeMethod]: (params: Fields) => unknown } = {
  'ui-ready': () => ({}),
  'read-image': (params) => ({
    nodeId: text(params['nodeId'], 'nodeId'),
    ...(params['maxBytes'] !== undefined && { maxBytes: positive(params['maxBytes'], 'maxBytes') }),
  }),
  'insert-outlines': (params) => ({
    source: parseSource(fields(params['source'], 'source')),
    outlines: list(params['outlines'], 'outlines').map((outline, i) =>
      parseOutline(fields(outline, `outlines[${i}]`)),
    ),
  }),
  'set-settings': parseSettings,
  'resize-window': (params) => ({
    width: positive(params['width'], 'width'),
    height: positive(params['height'], 'height'),
  }),
  notify: (params) => ({ message: text(params['message'], 'message'), error: params['error'] === true }),
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

function parseOutline(outline: Fields): OutlineLayer {
  const { fill } = outline;
  return {
    path: text(outline['path'], 'outline.path'),
    // Only remembered, never acted on; the sidecar checks prompts where they matter.
    prompts: list(outline['prompts'], 'outline.prompts') as OutlineLayer['prompts'],
    model: text(outline['model'], 'outline.model'),
    tolerancePx: number(outline['tolerancePx'], 'outline.tolerancePx'),
    ...(fill !== undefined && { fill: parseColour(fields(fill, 'outline.fill')) }),
  };
}

function parseColour(colour: Fields): Rgb {
  const [r, g, b] = ['r', 'g', 'b'].map((channel) => {
    const value = number(colour[channel], `fill.${channel}`);
    if (value < 0 || value > 1) throw invalid(`fill.${channel}`, 'a number in [0, 1]');
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

function fields(value: unknown, name: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalid(name, 'an object');
  return value as Fields;
}

function list(value: unknown, name: string): readonly unknown[] {
  if (!Array.isArray(value) || value.length > MAX_LAYERS) {
    throw invalid(name, `a list of at most ${MAX_LAYERS}`);
  }
  return value;
}

function text(value: unknown, name: string): string {
  if (typeof value !== 'string') throw invalid(name, 'a string');
  return value;
}

function number(value: unknown, name: string): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) throw invalid(name, 'a finite number');
  return value;
}

function positive(value: unknown, name: string): number {
  if (number(value, name) <= 0) throw invalid(name, 'above 0');
  return value as number;
}

function invalid(name: string, expected: string): CodedError {
  return new CodedError(
    'PARAMS_INVALID',
    `The plugin’s window sent a wrong ${name}: not ${expected}.`,
    UPDATE_HINT,
  );
}
