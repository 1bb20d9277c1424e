/** Opens a layer of ours again, and changes it in place: its name, styles and place in the tree stay. */
import type { BridgeParams, BridgeResult, ImageSource } from '../bridge.js';
import { CodedError } from '../../protocol/errors.js';
import { MAX_BRUSH_RADIUS_PX, MAX_GROW_PX } from '../../protocol/hand-limits.js';
import type { Point } from '../../protocol/geometry.js';
import type { Prompt } from '../../protocol/prompt.js';
import { moveFills, readMovableFills } from './cut-out.js';
import { refusedByFigma } from './figma-errors.js';
import type { FilledNode } from './image-node.js';
import { keepLayerData, readLayerData, writeLayerData } from './layer-data.js';
import type { LayerData, MadeFrom } from './layer-data.js';
import { drawPath, findPlace, openUnchanged } from './place.js';
import type { Place } from './place.js';
import { compose, translation } from './placement.js';
import { keepButtons } from './relaunch.js';
import type { RequestContext } from './requests.js';
import { findBackground, separatePaths } from './separated.js';
import { takeAllBack, withLeft } from './take-back.js';
import type { Change } from './take-back.js';

/** What a layer must remember to be opened: how it came about, and where it was drawn. */
type OpenData = LayerData & Required<Pick<LayerData, 'prompts' | 'path'>>;

interface OpenLayer {
  readonly vector: VectorNode;
  readonly data: OpenData;
}

/** Sizes that differ by less are one: the rest is rounding. */
const SAME_SIZE = 1e-3;

/** @returns undefined for anything but a vector of ours that can be opened while the image is as it was then. */
export function openableLayer(node: SceneNode, revision: string): OpenLayer | undefined {
  if (node.type !== 'VECTOR') return undefined;
  const data = readLayerData(node);
  if (!data?.prompts || data.path === undefined || data.revision !== revision) return undefined;
  return { vector: node, data: data as OpenData };
}

/**
 * What made a layer, in the pixels that `source` was read with.
 *
 * @throws CodedError NODE_GONE, NODE_CHANGED.
 */
export async function openLayer({
  source,
  nodeId,
}: BridgeParams<'open-layer'>): Promise<BridgeResult<'open-layer'>> {
  const { vector, data } = await open(nodeId, source);
  const { model, tolerancePx, refine, pixelsPerUnit } = data;
  const scale = source.pixelsPerUnit / pixelsPerUnit;
  return {
    nodeId,
    name: vector.name,
    model,
    tolerancePx: tolerancePx * scale,
    refine: refine ?? false,
    prompts: scale === 1 ? data.prompts : data.prompts.map((prompt) => scalePrompt(prompt, scale, vector)),
  };
}

/**
 * Gives a layer another outline, as one undo step. Where the person has moved, turned or scaled it since, it stays so.
 *
 * @throws CodedError NODE_GONE, NODE_CHANGED, NODE_READ_ONLY, PARAMS_INVALID, CANCELLED, LEFT_BEHIND.
 */
export async function updateOutline(
  { source, nodeId, outline }: BridgeParams<'update-outline'>,
  context: RequestContext,
): Promise<BridgeResult<'update-outline'>> {
  const { node } = await openUnchanged(source);
  const movable = await readMovableFills(node);
  const { vector, data } = await open(nodeId, source);
  context.throwIfCancelled();
  const { name } = vector;
  const changes = changesOf(vector, data, { outline, source }, node);
  if (!movable && changes.some(({ vector: each }) => hasImagePaint(each))) throw changedSince(name);
  const kept = changes.flatMap(({ vector: each }) => keepVector(each));
  try {
    figma.commitUndo();
    const place = findPlace(node);
    for (const change of changes) {
      const paints = hasImagePaint(change.vector) && movable;
      redraw(change, place, paints ? (drawn) => moveFills(paints, drawn, node, place) : undefined);
      writeLayerData(change.vector, source, change.made);
    }
    figma.commitUndo();
  } catch (error) {
    const first = error instanceof CodedError ? error : refusedByFigma(error, `change ${name}`);
    throw withLeft(first, takeAllBack(kept));
  }
  return { layers: [{ nodeId, name }] };
}

/** One vector, what it was drawn with, and what it is to be drawn with. */
interface Redrawing {
  readonly vector: VectorNode;
  readonly before: { readonly path: string; readonly pixelsPerUnit: number };
  readonly after: { readonly path: string; readonly pixelsPerUnit: number };
  readonly made: MadeFrom;
}

/** The layer's own, and that of the background which it was separated from. */
function changesOf(
  vector: VectorNode,
  { path, pixelsPerUnit }: OpenData,
  { outline, source }: Pick<BridgeParams<'update-outline'>, 'outline' | 'source'>,
  node: FilledNode,
): readonly Redrawing[] {
  const background = findBackground(vector);
  const change = (
    each: VectorNode,
    [before, after]: readonly [string, string],
    made: MadeFrom,
  ): Redrawing => ({
    vector: each,
    before: { path: before, pixelsPerUnit },
    after: { path: after, pixelsPerUnit: source.pixelsPerUnit },
    made,
  });
  if (!background) return [change(vector, [path, outline.path], outline)];
  const before = separatePaths({ path }, node, pixelsPerUnit);
  const after = separatePaths(outline, node, source.pixelsPerUnit);
  return [
    change(vector, [before.object, after.object], { ...outline, path: after.object }),
    change(background, [before.background, after.background], { ...outline, role: 'background' }),
  ];
}

/** @returns What a redrawing changes of a vector. */
function keepVector(vector: VectorNode): Change[] {
  const { name, vectorPaths, width, height, relativeTransform, fills } = vector;
  const putBack = <K extends 'vectorPaths' | 'relativeTransform' | 'fills'>(
    key: K,
    value: VectorNode[K],
  ): void => {
    if (!isSame(vector[key], value)) vector[key] = value;
  };
  const restores = [
    () => putBack('vectorPaths', vectorPaths),
    () => {
      if (vector.width !== width || vector.height !== height) vector.resize(width, height);
    },
    // What moves it comes first.
    () => putBack('relativeTransform', relativeTransform),
    () => putBack('fills', fills),
    keepLayerData(vector),
    keepButtons(vector),
  ];
  return restores.map((takeBack) => ({ what: `what it had changed of ${name}`, takeBack }));
}

/** Figma gives a new object each time. */
function isSame(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}

/**
 * The old outline is drawn once more, to see how the layer lies against where it was put: the new one gets as far from
 * there.
 *
 * @param paint The fills for the vector as it was just drawn.
 */
function redraw(
  { vector, before, after }: Redrawing,
  place: Place,
  paint: ((drawn: VectorNode) => Paint[]) | undefined,
): void {
  const { relativeTransform, width, height } = vector;
  drawPath(vector, before.path, place, before.pixelsPerUnit);
  const old = { x: vector.x, y: vector.y, width: vector.width, height: vector.height };
  drawPath(vector, after.path, place, after.pixelsPerUnit);
  const [x, y] = [vector.x, vector.y];
  if (paint) vector.fills = paint(vector);
  const [scaleX, scaleY] = [stretch(width, old.width), stretch(height, old.height)];
  if (scaleX !== 1 || scaleY !== 1) vector.resize(vector.width * scaleX, vector.height * scaleY);
  vector.relativeTransform = compose(
    relativeTransform,
    translation((x - old.x) * scaleX, (y - old.y) * scaleY),
  );
}

function stretch(now: number, drawn: number): number {
  return drawn > 0 && Math.abs(now / drawn - 1) > SAME_SIZE ? now / drawn : 1;
}

async function open(nodeId: string, { revision }: ImageSource): Promise<OpenLayer> {
  const node = await figma.getNodeByIdAsync(nodeId);
  if (!node || node.removed || node.type === 'DOCUMENT' || node.type === 'PAGE') {
    throw new CodedError('NODE_GONE', 'The layer was deleted from the file.', 'Insert it anew.');
  }
  const opened = openableLayer(node, revision);
  if (!opened) throw changedSince(node.name);
  return opened;
}

function changedSince(name: string): CodedError {
  return new CodedError(
    'NODE_CHANGED',
    `${name} cannot be changed: its image was resized, cropped or replaced since, or it was not made by Cutline.`,
    'Select the image and make a new layer.',
  );
}

function hasImagePaint({ fills }: VectorNode): boolean {
  return Array.isArray(fills) && (fills as readonly Paint[]).some(({ type }) => type === 'IMAGE');
}

/** Masks to start from are of one size and no other. */
function scalePrompt(prompt: Prompt, scale: number, { name }: VectorNode): Prompt {
  switch (prompt.type) {
    case 'point':
      return { ...prompt, x: prompt.x * scale, y: prompt.y * scale };
    case 'box':
      return { ...prompt, box: prompt.box.map((value) => value * scale) as typeof prompt.box };
    case 'stroke':
      return {
        ...prompt,
        radiusPx: Math.min(MAX_BRUSH_RADIUS_PX, prompt.radiusPx * scale),
        points: scaleAll(prompt.points, scale),
      };
    case 'lasso':
      return { ...prompt, points: scaleAll(prompt.points, scale) };
    case 'grow':
      return { ...prompt, px: Math.max(-MAX_GROW_PX, Math.min(MAX_GROW_PX, prompt.px * scale)) };
    case 'pick':
    case 'invert':
      return prompt;
    case 'mask':
      throw changedSince(name);
  }
}

function scaleAll(points: readonly Point[], scale: number): Point[] {
  return points.map(([x, y]) => [x * scale, y * scale]);
}
