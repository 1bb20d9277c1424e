/** What a layer of ours remembers, so that it can be opened and changed again. */
import type { FoundData, ImageSource, OutlineLayer } from '../bridge.js';
import type { Prompt } from '../../protocol/prompt.js';
import { offerChange } from './relaunch.js';

/** On every vector that shows an object. */
const KEY = 'cutline';

/** On the groups around them; layers are looked for by the other key. */
const GROUP_KEY = 'cutline-group';

/** Figma refuses plugin data over 100 kB an entry, key included. */
const MAX_CHARACTERS = 90_000;

/** The image that something was made from. */
export interface Origin {
  readonly nodeId: string;
  readonly imageHash: string;
}

export interface LayerData extends Origin {
  readonly version: 1;
  readonly pixelsPerUnit: number;
  /** How the image lay in its node; missing on layers of before there was anything to map by it. */
  readonly revision?: string;
  readonly model: string;
  readonly tolerancePx: number;
  /** Present when the outline follows the image's own edges. */
  readonly refine?: true;
  /** Present when finding everything made the layer. */
  readonly found?: FoundData;
  /** Present on what was left of the image: it follows its object, and cannot be opened itself. */
  readonly role?: 'background';
  /** Missing when there were too many to keep. */
  readonly prompts?: readonly Prompt[];
  /** The outline in image pixels; missing when it was too long to keep, and on older layers. */
  readonly path?: string;
}

/** What a layer is made from and remembers. */
export type MadeFrom = OutlineLayer & Pick<LayerData, 'found' | 'role'>;

/** Remembers as much as fits: prompts rather than the path, which they can find again. */
export function writeLayerData(node: SceneNode, source: ImageSource, outline: MadeFrom): void {
  const { prompts, path } = outline;
  const data: LayerData = {
    version: 1,
    nodeId: source.nodeId,
    imageHash: source.imageHash,
    pixelsPerUnit: source.pixelsPerUnit,
    revision: source.revision,
    model: outline.model,
    tolerancePx: outline.tolerancePx,
    ...(outline.refine && { refine: true }),
    ...(outline.found && { found: outline.found }),
    ...(outline.role && { role: outline.role }),
  };
  if (outline.role) return node.setPluginData(KEY, JSON.stringify(data));
  const versions = [
    { ...data, prompts, path },
    { ...data, prompts },
    { ...data, path },
  ];
  const texts = versions.map((version) => JSON.stringify(version));
  node.setPluginData(KEY, texts.find((text) => text.length <= MAX_CHARACTERS) ?? JSON.stringify(data));
  // A picture has no outline to change.
  if (node.type === 'VECTOR') offerChange(node);
}

/** @returns Has a layer remember again what it remembers now. */
export function keepLayerData(node: SceneNode): () => void {
  const text = node.getPluginData(KEY);
  return () => {
    if (node.getPluginData(KEY) !== text) node.setPluginData(KEY, text);
  };
}

/** What a group of ours remembers. */
interface GroupData extends Origin {
  /** Id of the object in it that was separated from its background; true where older versions did that. */
  readonly separated?: string | true;
}

/**
 * Lets a group of layers of ours stand for their image, as the layers do.
 *
 * @param separated The object in it, where its background is in it, too.
 */
export function markGroup(
  group: GroupNode,
  { nodeId, imageHash }: ImageSource,
  separated?: VectorNode,
): void {
  const mark = { version: 1, nodeId, imageHash, ...(separated && { separated: separated.id }) };
  group.setPluginData(GROUP_KEY, JSON.stringify(mark));
}

/** The background that an object was separated from, in a group that holds both. */
export function findSeparated(group: GroupNode, object: VectorNode): VectorNode | undefined {
  const { separated } = (read(group, GROUP_KEY) as GroupData | undefined) ?? {};
  if (separated === undefined) return undefined;
  const ours = group.findAllWithCriteria({ types: ['VECTOR'], pluginData: { keys: [KEY] } });
  const isBackground = (node: VectorNode): boolean => readLayerData(node)?.role === 'background';
  const objects = ours.filter((node) => !isBackground(node));
  // In a copy of the group everything has another id; the first of its objects is the lowest, and was there first.
  const known = objects.find(({ id }) => id === separated) ?? objects[0];
  return known?.id === object.id ? ours.find(isBackground) : undefined;
}

/** @returns undefined for a layer that is not ours, or of a version that this one cannot read. */
export function readLayerData(node: SceneNode): LayerData | undefined {
  return read(node, KEY) as LayerData | undefined;
}

/** @returns The image behind a layer or a group of ours. */
export function readOrigin(node: SceneNode): Origin | undefined {
  return read(node, KEY) ?? read(node, GROUP_KEY);
}

/** @returns The layers of ours on a page that is loaded, in back-to-front order. */
export function findLayers(page: PageNode): readonly SceneNode[] {
  return page.findAllWithCriteria({ pluginData: { keys: [KEY] } });
}

function read(node: SceneNode, key: string): Origin | undefined {
  const text = node.getPluginData(key);
  if (text === '') return undefined;
  try {
    const data = JSON.parse(text) as Origin & { readonly version: number };
    return data.version === 1 ? data : undefined;
  } catch {
    return undefined;
  }
}
