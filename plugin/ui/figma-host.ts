/** The plugin's window in Figma: images come from the selection, outlines go into the document. */
import { BridgeClient } from '../bridge.js';
import type { ImageSource, Inserted, MainMessage, SelectionState } from '../bridge.js';
import { CodedError } from '../../protocol/errors.js';
import { furEdgePx, THIN_EDGE_PX } from '../../protocol/soft-edge.js';
import type { Host, Offer, OutlineResult } from './host.js';
import { createFigmaDocument } from './figma-document.js';
import { FIGMA_DELIVERIES, figmaSettings } from './figma-settings.js';
import { DEFAULT_LIMITS } from './image-file.js';
import { outlineLayer, treeLayers } from './layers.js';
import { meanObjectColour } from './outline-image.js';
import type { SourceImage } from './situation.js';
import type { DeliveryKind } from './delivery.js';
import { strings } from './strings.js';

/** Several objects at once are layers of one insertion. */
const TOGETHER: readonly DeliveryKind[] = ['insert', 'insertFilled', 'insertCutout'];

/**
 * @param frame The plugin's window; its parent relays messages to the main thread.
 * @param colourOf Takes the mean colour of an object from its image's pixels.
 */
export function createFigmaHost(frame: Window, colourOf = meanObjectColour): Host {
  const bridge = new BridgeClient((message) => frame.parent.postMessage({ pluginMessage: message }, '*'));
  /** Where each image offered came from; an insertion hands it back. */
  const sources = new Map<string, ImageSource>();
  const ready = openBridge(frame, bridge);
  const sourceOf = ({ key }: SourceImage): ImageSource => {
    const source = sources.get(key);
    if (!source) throw new CodedError('NODE_GONE', 'The image’s layer is gone.', 'Select an image.');
    return source;
  };

  return {
    kind: 'figma',
    clientName: 'Cutline for Figma',
    deliveries: FIGMA_DELIVERIES,
    settings: figmaSettings(bridge, ready.first),
    onOffer(listener) {
      const offer = (selection: SelectionState) => listener(offerFor(selection, bridge, sources));
      void ready.first.then(({ selection, command }) => {
        const first = offerFor(selection, bridge, sources);
        listener(first.kind === 'image' && command === 'change' ? { ...first, opensLayer: true } : first);
      });
      ready.selectionListeners.add(offer);
      return { dispose: () => ready.selectionListeners.delete(offer) };
    },
    async deliver(kind: DeliveryKind, result: OutlineResult) {
      const source = sourceOf(result.image);
      if (kind === 'update' && result.layer) {
        const params = { source, nodeId: result.layer.nodeId, outline: layerOf(result) };
        const { layers } = await bridge.request('update-outline', params);
        return strings.delivered.updated(layers[0]!.name);
      }
      if (kind === 'separate') {
        const choices = { delivery: kind, originalAfter: result.originalAfter };
        const params = { source, outline: layerOf(result), originalAfter: result.originalAfter, choices };
        const { originalAfter, beside } = await bridge.request('separate-object', params);
        const isAsAsked = originalAfter === result.originalAfter;
        return strings.delivered.separated(result.image.name, isAsAsked ? originalAfter : 'left', beside);
      }
      const { layers, beside } = await insert(bridge, source, kind, result, colourOf);
      return strings.delivered.inserted(layers[0]?.name ?? result.image.name, beside);
    },
    together: {
      kinds: TOGETHER,
      async deliver(kind, results) {
        const { image } = results[0]!;
        const { layers, beside } = await insertOutlines(bridge, sourceOf(image), kind, results, colourOf);
        return strings.delivered.insertedSeveral(layers.length, beside);
      },
    },
    async insertTree(style, tree, { signal, onProgress }) {
      const layers = treeLayers(tree.masks, tree.model);
      const params = { source: sourceOf(tree.image), style, layers, choices: { treeStyle: style } };
      const inserted = await bridge.request('insert-tree', params, { signal, onProgress });
      return strings.everything.inserted(inserted.layers.length, inserted.beside);
    },
    openLayer: async (image, { nodeId }) => bridge.request('open-layer', { source: sourceOf(image), nodeId }),
    async listLayers(image, signal) {
      const { layers } = await bridge.request('list-layers', { source: sourceOf(image) }, { signal });
      return layers;
    },
    document: createFigmaDocument(bridge, ready.first),
    close: () => void bridge.request('close', {}),
    // What is not remembered is resized nevertheless.
    resize: (size) => void bridge.request('resize-window', size).catch((error) => console.warn(error)),
  };
}

function openBridge(frame: Window, bridge: BridgeClient) {
  const selectionListeners = new Set<(selection: SelectionState) => void>();
  frame.addEventListener('message', (event: MessageEvent<{ pluginMessage?: MainMessage } | undefined>) => {
    const message = event.data?.pluginMessage;
    const selection = message && bridge.receive(message);
    if (selection) for (const listener of selectionListeners) listener(selection);
  });
  return { selectionListeners, first: bridge.request('ui-ready', {}) };
}

function offerFor(selection: SelectionState, bridge: BridgeClient, sources: Map<string, ImageSource>): Offer {
  switch (selection.kind) {
    case 'none':
      return { kind: 'empty' };
    case 'several':
      return selection;
    case 'not-image': {
      const reason = selection.reason === 'image-missing' ? 'imageMissing' : 'noImage';
      return { kind: 'notImage', name: selection.name, reason };
    }
    case 'image': {
      const { nodeId, name, revision, pixels, layer, layers } = selection;
      const key = `${nodeId} ${revision}`;
      return {
        kind: 'image',
        key,
        name,
        layer,
        selected: { nodeId, name, revision, pixels },
        layers,
        async read(signal) {
          const params = { nodeId, maxBytes: DEFAULT_LIMITS.imageBytes };
          const image = await bridge.request('read-image', params, { signal });
          sources.clear();
          sources.set(key, image.source);
          return image.bytes;
        },
      };
    }
  }
}

async function insert(
  bridge: BridgeClient,
  source: ImageSource,
  kind: DeliveryKind,
  result: OutlineResult,
  colourOf: typeof meanObjectColour,
): Promise<Inserted> {
  if (kind === 'insertImage' || kind === 'insertFurryImage') {
    const softEdgePx = kind === 'insertImage' ? THIN_EDGE_PX : furEdgePx(result.image);
    const { bytes, box } = await result.exportAs('cutout', { softEdgePx });
    if (!box) {
      throw new CodedError(
        'PROTOCOL_MISMATCH',
        'The sidecar does not say which part of the image a cut-out shows.',
        'Update the sidecar.',
      );
    }
    const [layer, choices] = [layerOf(result), { delivery: kind }];
    // A copy, since the bytes may lie in a larger message, which would cross as a whole.
    return bridge.request('insert-image', { source, bytes: bytes.slice(), box, layer, choices });
  }
  return insertOutlines(bridge, source, kind, [result], colourOf);
}

/** As layers of one insertion: one undo step. */
function insertOutlines(
  bridge: BridgeClient,
  source: ImageSource,
  kind: DeliveryKind,
  results: readonly OutlineResult[],
  colourOf: typeof meanObjectColour,
): Promise<Inserted> {
  const style = kind === 'insertCutout' ? 'cutouts' : 'outlines';
  const outlines = results.map((result) => {
    const fill = kind === 'insertFilled' ? colourOf(result.image.pixels, result.candidate) : undefined;
    return { ...layerOf(result), ...(fill && { fill }) };
  });
  return bridge.request('insert-outlines', { source, style, outlines, choices: { delivery: kind } });
}

function layerOf({ candidate, question, model }: OutlineResult) {
  return outlineLayer(candidate, question, model);
}
