/** Figma's document, for working through several images of it. */
import type { BridgeClient, BridgeResult } from '../bridge.js';
import type { DocumentHost } from './document-host.js';
import { DEFAULT_LIMITS } from './image-file.js';

/** @param first What the main thread said when the window was ready. */
export function createFigmaDocument(
  bridge: BridgeClient,
  first: Promise<BridgeResult<'ui-ready'>>,
): DocumentHost {
  return {
    quickAction: async () => (await first).quick,
    async readImage({ nodeId }, { signal }) {
      const params = { nodeId, maxBytes: DEFAULT_LIMITS.imageBytes };
      const { source, bytes } = await bridge.request('read-image', params, { signal });
      return { source, bytes };
    },
    async insertOutline(source, style, outline, { signal }) {
      const params = { source, style, outlines: [outline], keepsSelection: true };
      return (await bridge.request('insert-outlines', params, { signal })).layers;
    },
    async insertTree(source, style, layers, work) {
      const params = { source, style, layers, keepsSelection: true };
      return (await bridge.request('insert-tree', params, work)).layers;
    },
    async listLayers(source, { signal }) {
      return (await bridge.request('list-layers', { source }, { signal })).layers;
    },
    openLayer: (source, nodeId, { signal }) => bridge.request('open-layer', { source, nodeId }, { signal }),
    async updateOutline(source, nodeId, outline, { signal }) {
      return (await bridge.request('update-outline', { source, nodeId, outline }, { signal })).layers;
    },
    async select(layers) {
      await bridge.request('select-nodes', { nodeIds: layers.map(({ nodeId }) => nodeId) });
    },
    notify: (message, options = {}) => void bridge.request('notify', { message, ...options }),
    show: () => void bridge.request('show-window', {}),
  };
}
