/** What a layer of ours remembers, so that it can be opened and changed again. */
import type { ImageSource, OutlineLayer } from '../bridge.js';
import type { Prompt } from '../../protocol/prompt.js';

const KEY = 'cutline';

/** Figma refuses plugin data over 100 kB an entry, key included. */
const MAX_CHARACTERS = 90_000;

export interface LayerData {
  readonly version: 1;
  readonly nodeId: string;
  readonly imageHash: string;
  readonly pixelsPerUnit: number;
  readonly model: string;
  readonly tolerancePx: number;
  /** Missing when there were too many to keep. */
  readonly prompts?: readonly Prompt[];
}

export function writeLayerData(node: SceneNode, source: ImageSource, outline: OutlineLayer): void {
  const data: LayerData = {
    version: 1,
    nodeId: source.nodeId,
    imageHash: source.imageHash,
    pixelsPerUnit: source.pixelsPerUnit,
    model: outline.model,
    tolerancePx: outline.tolerancePx,
  };
  const full = JSON.stringify({ ...data, prompts: outline.prompts });
  node.setPluginData(KEY, full.length <= MAX_CHARACTERS ? full : JSON.stringify(data));
}

/** @returns undefined for a layer that is not ours, or of a version that this one cannot read. */
export function readLayerData(node: SceneNode): LayerData | undefined {
  const text = node.getPluginData(KEY);
  if (text === '') return undefined;
  try {
    const data = JSON.parse(text) as LayerData;
    return data.version === 1 ? data : undefined;
  } catch {
    return undefined;
  }
}
