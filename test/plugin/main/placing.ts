/** An object in the stored image, files with that image, and where its layers come to lie. */
import { expect } from 'vitest';
import type { Box } from '../../../protocol/geometry.js';
import type { RunningPlugin } from '../../support/figma-host-plugin.js';
import { runPlugin } from '../../support/figma-host-plugin.js';
import type { Bundles } from '../../support/build-code.js';
import { apply } from '../../support/figma/matrix.js';
import type { BoundsMode, EditorType, ExportJob, NodeDump, NodeSpec } from '../../support/figma/types.js';
import {
  IMAGE,
  IMAGE_HASH,
  IMAGE_NAME,
  imageToExport,
  imageToNode,
  NODE_TRANSFORMS,
  PAINTS,
  pointsOnPage,
  SURROUNDINGS,
} from './scenes.js';
import type { Paint, Scene, Xy } from './scenes.js';

/** What Figma's editor shows to a hundredth of a pixel. */
export const TOLERANCE_PX = 0.01;

/**
 * Corners and control points of an object in the stored image, control points well outside of the curve, so
 * that a hull and a curve have different bounds; and a hole.
 */
const OBJECT: readonly [command: string, ...points: Xy[]][] = [
  ['M', [310, 260]],
  ['C', [200, 100], [640, 60], [600, 250]],
  ['L', [560, 430]],
  ['C', [700, 700], [100, 650], [310, 260]],
  ['Z'],
  ['M', [400, 300]],
  ['L', [450, 300]],
  ['L', [430, 380]],
  ['Z'],
];
const OBJECT_POINTS = OBJECT.flatMap(([, ...points]) => points);

/** What the sidecar would answer for the exported pixels. */
export function outlineOf(job: ExportJob): string {
  return OBJECT.map(([command, ...points]) =>
    [command, ...points.flatMap((point) => imageToExport(job, point)).map((value) => value.toFixed(4))].join(
      ' ',
    ),
  ).join(' ');
}

/** As much of a PNG file as tells how large its picture is. */
export function pngOf([x0, y0, x1, y1]: Box): Uint8Array {
  const bytes = new Uint8Array(33);
  bytes.set([137, 80, 78, 71, 13, 10, 26, 10]);
  const header = new DataView(bytes.buffer);
  header.setUint32(16, x1 - x0);
  header.setUint32(20, y1 - y0);
  return bytes;
}

export function imageSpec(paint: Paint, transform: NodeSpec['transform']): NodeSpec {
  return {
    type: 'RECTANGLE',
    name: IMAGE_NAME,
    width: 321.7,
    height: 187.3,
    transform: transform!,
    fills: [{ type: 'IMAGE', imageHash: IMAGE_HASH, ...paint }],
  };
}

export interface OpenFile extends RunningPlugin {
  /** What was exported last. */
  lastJob(): ExportJob;
}

/** Opens a file with the image in it. */
export async function openFile(
  bundles: Bundles,
  bounds: BoundsMode,
  editor: EditorType = 'figma',
): Promise<OpenFile> {
  let job: ExportJob | undefined;
  const render = (asked: ExportJob): Uint8Array => {
    job = asked;
    return new Uint8Array([1]);
  };
  const plugin = await runPlugin(bundles, { bounds, render, editor });
  plugin.host.addImage(IMAGE_HASH, IMAGE);
  return { ...plugin, lastJob: () => job! };
}

/** A new node is right above its image, or above what that is inside of, and the image has not moved. */
export function expectRightAbove(
  { host }: OpenFile,
  scene: Scene,
  ids: Record<string, string>,
  before: NodeDump,
  made: NodeDump,
): void {
  const parent = scene.parent === undefined ? host.state.pages[0]! : host.node(ids[scene.parent]!);
  const at = parent.children.findIndex(({ id }) => id === made.id);
  expect(parent.children[at - 1]?.name).toBe(scene.below);
  expect(host.node(before.id).absoluteTransform).toEqual(before.absoluteTransform);
}

/** How far the worst point of a vector is from where the object truly is on the page. */
export function errorPx(scene: Scene, paint: Paint, before: NodeDump, vector: NodeDump): number {
  const toPage = scene.toPage ?? before.absoluteTransform;
  const placed = pointsOnPage(vector);
  if (placed.length !== OBJECT_POINTS.length) return Infinity;
  return worst(OBJECT_POINTS, (point, i) => [apply(toPage, imageToNode(paint, before, point)), placed[i]!]);
}

interface SomePaint {
  readonly type: string;
  readonly visible?: boolean;
}

/** How far the worst spot of the image that a node is filled with is from where the image shows it. */
export function fillErrorPx(scene: Scene, paint: Paint, before: NodeDump, filled: NodeDump): number {
  const toPage = scene.toPage ?? before.absoluteTransform;
  const fill = (filled.fills as unknown as readonly (Paint & SomePaint)[]).find(
    ({ type, visible }) => type === 'IMAGE' && visible !== false,
  )!;
  return worst(OBJECT_POINTS, (point) => [
    apply(toPage, imageToNode(paint, before, point)),
    apply(filled.absoluteTransform, imageToNode(fill, filled, point)),
  ]);
}

/**
 * How far the worst corner of a picture is from where the part of the image that it shows truly is.
 *
 * @param box What it shows, in exported pixels.
 */
export function pictureErrorPx(
  scene: Scene,
  pixelsPerUnit: number,
  [x0, y0, x1, y1]: Box,
  before: NodeDump,
  picture: NodeDump,
): number {
  const toPage = scene.toPage ?? before.absoluteTransform;
  const size = { width: x1 - x0, height: y1 - y0 };
  const fill = (picture.fills as unknown as readonly Paint[])[0]!;
  const corners: Xy[] = [
    [0, 0],
    [size.width, 0],
    [0, size.height],
    [size.width, size.height],
  ];
  return worst(corners, ([x, y]) => [
    apply(toPage, [(x0 + x) / pixelsPerUnit, (y0 + y) / pixelsPerUnit]),
    apply(picture.absoluteTransform, [...imageToNode(fill, picture, [x, y], size)] as [number, number]),
  ]);
}

function worst(points: readonly Xy[], compare: (point: Xy, i: number) => readonly [Xy, Xy]): number {
  return Math.max(
    ...points.map((point, i) => {
      const [[x, y], [u, v]] = compare(point, i);
      return Math.hypot(x - u, y - v);
    }),
  );
}

/** A way a fill can lie in its node, and a way the node can lie. */
export interface Variant {
  readonly name: string;
  readonly paint: Paint;
  readonly transform: NodeSpec['transform'];
}

/**
 * In each surrounding every fill, in another lie of the node each; in four surroundings one after another, every fill in
 * every lie. CUTLINE_EVERY_CASE, as the slow tests have it, is for every fill in every lie everywhere.
 */
export function variantsIn(surrounding: string): Variant[] {
  const shift = Object.keys(SURROUNDINGS).indexOf(surrounding);
  const lies = Object.entries(NODE_TRANSFORMS);
  return Object.entries(PAINTS).flatMap(([paintName, paint], i) => {
    const here = process.env['CUTLINE_EVERY_CASE'] ? lies : [lies[(shift + i) % lies.length]!];
    return here.map(([lie, transform]) => ({ name: `${paintName}, ${lie}`, paint, transform }));
  });
}
