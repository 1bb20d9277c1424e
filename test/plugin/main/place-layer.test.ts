import { describe, expect, it } from 'vitest';
import { buildBundles } from '../../support/build-code.js';
import { runPlugin } from '../../support/figma-host-plugin.js';
import type { FigmaHost } from '../../support/figma-host.js';
import { apply, multiply } from '../../support/figma/matrix.js';
import type { BoundsMode, ExportJob, NodeDump, NodeSpec } from '../../support/figma/types.js';
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
  turn,
} from './scenes.js';
import type { Paint, Scene, Xy } from './scenes.js';

const bundles = await buildBundles();

/** What Figma's editor shows to a hundredth of a pixel. */
const TOLERANCE_PX = 0.01;

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
function outlineOf(job: ExportJob): string {
  return OBJECT.map(([command, ...points]) =>
    [command, ...points.flatMap((point) => imageToExport(job, point)).map((value) => value.toFixed(4))].join(
      ' ',
    ),
  ).join(' ');
}

function imageSpec(paint: Paint, transform: NodeSpec['transform']): NodeSpec {
  return {
    type: 'RECTANGLE',
    name: IMAGE_NAME,
    width: 321.7,
    height: 187.3,
    transform: transform!,
    fills: [{ type: 'IMAGE', imageHash: IMAGE_HASH, ...paint }],
  };
}

/** Opens a file with the image in it; `lastJob` is what was exported last. */
async function openFile(bounds: BoundsMode) {
  let job: ExportJob | undefined;
  const render = (asked: ExportJob): Uint8Array => {
    job = asked;
    return new Uint8Array([1]);
  };
  const plugin = await runPlugin(bundles, { bounds, render });
  plugin.host.addImage(IMAGE_HASH, IMAGE);
  return { ...plugin, lastJob: () => job! };
}

/** Reads the image of a scene, finds the object in what was exported, and inserts it. */
async function insertObject({ host, client, lastJob }: Awaited<ReturnType<typeof openFile>>, scene: Scene) {
  const ids = host.build(scene.specs);
  const before = host.node(ids[IMAGE_NAME]!);
  const { source } = await client.request('read-image', { nodeId: before.id });
  const { layers } = await client.request('insert-outlines', {
    source,
    outlines: [{ path: outlineOf(lastJob()), prompts: [], model: 'm', tolerancePx: 0.5 }],
  });
  return { ids, before, vector: host.node(layers[0]!.nodeId) };
}

/** How far the worst point of the layer is from where the object truly is on the page. */
function errorPx(scene: Scene, paint: Paint, before: NodeDump, vector: NodeDump): number {
  const toPage = scene.toPage ?? before.absoluteTransform;
  const placed = pointsOnPage(vector);
  expect(placed).toHaveLength(OBJECT_POINTS.length);
  const errors = OBJECT_POINTS.map((point, i) => {
    const [x, y] = apply(toPage, imageToNode(paint, before, point));
    return Math.hypot(x - placed[i]![0], y - placed[i]![1]);
  });
  return Math.max(...errors);
}

/** The layer is right above its image in the tree, and nothing else moved. */
function expectTree(
  host: FigmaHost,
  scene: Scene,
  ids: Record<string, string>,
  before: NodeDump,
  vector: NodeDump,
) {
  const parent = scene.parent === undefined ? host.state.pages[0]! : host.node(ids[scene.parent]!);
  const at = parent.children.findIndex(({ id }) => id === vector.id);
  expect(parent.children[at - 1]?.name).toBe(scene.below);
  expect(host.node(before.id).absoluteTransform).toEqual(before.absoluteTransform);
}

const VARIANTS = Object.entries(PAINTS).flatMap(([paintName, paint]) =>
  Object.entries(NODE_TRANSFORMS).map(([lie, transform]) => ({
    name: `${paintName}, ${lie}`,
    paint,
    transform,
  })),
);

describe.each(['curve', 'hull'] as const)('a layer, where bounds are those of the %s,', (bounds) => {
  it.each(Object.entries(SURROUNDINGS))('lies on its image %s', async (_, surround) => {
    const file = await openFile(bounds);
    for (const { name, paint, transform } of VARIANTS) {
      const scene = surround(imageSpec(paint, transform));
      const { ids, before, vector } = await insertObject(file, scene);
      expect(errorPx(scene, paint, before, vector), name).toBeLessThan(TOLERANCE_PX);
      expectTree(file.host, scene, ids, before, vector);
      file.host.clear();
    }
    file.host.dispose();
  });
});

describe('a layer', () => {
  it('is taken out of the flow of an auto-layout, which keeps its arrangement', async () => {
    const file = await openFile('curve');
    const image = imageSpec(PAINTS['fill']!, NODE_TRANSFORMS['plain']);
    const { ids, vector } = await insertObject(file, SURROUNDINGS['in an auto-layout']!(image));
    expect(vector.layoutPositioning).toBe('ABSOLUTE');
    // Padding, the lower node and the image, each followed by a gap.
    const [[, , left]] = file.host.node(ids['upper']!).relativeTransform;
    expect(left).toBeCloseTo(16 + (60 + 12) + (321.7 + 12), 3);
    file.host.dispose();
  });

  it('lies right far out on the page, where single precision is coarse', async () => {
    const file = await openFile('hull');
    const far = multiply(turn(0, 21_000, -17_500), NODE_TRANSFORMS['rotated by 37°']!);
    const paint = PAINTS['rotated crop']!;
    const scene = SURROUNDINGS['on the page']!(imageSpec(paint, far));
    const { before, vector } = await insertObject(file, scene);
    expect(errorPx(scene, paint, before, vector)).toBeLessThan(TOLERANCE_PX);
    file.host.dispose();
  });
});
