import { describe, expect, it } from 'vitest';
import type { TreeLayer, LayerStyle } from '../../../plugin/bridge.js';
import type { CodedError } from '../../../protocol/errors.js';
import { buildBundles } from '../../support/build-code.js';
import { multiply } from '../../support/figma/matrix.js';
import type { BoundsMode, NodeDump } from '../../support/figma/types.js';
import {
  errorPx,
  expectRightAbove,
  fillErrorPx,
  imageSpec,
  openFile,
  outlineOf,
  TOLERANCE_PX,
  variantsIn,
} from './placing.js';
import type { OpenFile } from './placing.js';
import { IMAGE_NAME, NODE_TRANSFORMS, PAINTS, SURROUNDINGS, turn } from './scenes.js';
import type { Paint, Scene } from './scenes.js';

const bundles = await buildBundles();

/** An object with a part that has a part itself, and one without parts. */
const PARENTS = [null, 1, 2, null];

function layersOf(path: string): TreeLayer[] {
  const found = {
    point: [1, 1] as [number, number],
    cropBox: [0, 0, 9, 9] as [number, number, number, number],
    box: [1, 1, 2, 2] as [number, number, number, number],
    area: 1,
    predictedIou: 0.9,
    stabilityScore: 0.9,
  };
  const rest = { path, prompts: [], model: 'm', tolerancePx: 0.5, found };
  return PARENTS.map((parent, i) => ({ ...rest, id: i + 1, parent, name: `Region ${i + 1}` }));
}

async function insertObjects({ host, client, lastJob }: OpenFile, scene: Scene, style: LayerStyle) {
  const ids = host.build(scene.specs);
  const before = host.node(ids[IMAGE_NAME]!);
  const { source } = await client.request('read-image', { nodeId: before.id });
  const pages = host.state.pages;
  const inserting = client.request('insert-tree', { source, style, layers: layersOf(outlineOf(lastJob())) });
  const refusal = await inserting.then(
    () => undefined,
    (error: unknown) => error as CodedError,
  );
  return { ids, before, pages, refusal, root: refusal ? undefined : host.node(host.state.selection[0]!) };
}

const everythingIn = (node: NodeDump): NodeDump[] => [node, ...node.children.flatMap(everythingIn)];

/** Every outline lies on its object, and so does every picture on the image. */
function expectExact(
  scene: Scene,
  paint: Paint,
  before: NodeDump,
  root: NodeDump,
  style: LayerStyle,
  name: string,
) {
  const nodes = everythingIn(root);
  const vectors = nodes.filter(({ type }) => type === 'VECTOR');
  expect(vectors, name).toHaveLength(PARENTS.length);
  for (const vector of vectors)
    expect(errorPx(scene, paint, before, vector), name).toBeLessThan(TOLERANCE_PX);
  if (style === 'outlines') return;
  const pictures = nodes.filter(({ fills }) => fills !== 'mixed' && fills[0]?.['type'] === 'IMAGE');
  expect(pictures, name).toHaveLength(PARENTS.length);
  for (const picture of pictures) {
    expect(fillErrorPx(scene, paint, before, picture), name).toBeLessThan(TOLERANCE_PX);
  }
}

/** How the image fills its node matters to cut-outs alone, and no more where bounds are others. */
const matters = (paint: Paint, style: LayerStyle, bounds: BoundsMode): boolean =>
  (style === 'cutouts' && bounds === 'hull') || paint === PAINTS['rotated crop'];

const movable = (paint: Paint): boolean => paint.scaleMode !== 'TILE' && paint.rotation === undefined;

describe.each(['curve', 'hull'] as const)('a tree, where bounds are those of the %s,', (bounds) => {
  describe.each(['outlines', 'cutouts'] as const)('as %s', (style) => {
    it.each(Object.entries(SURROUNDINGS))('lies on its image %s', async (surrounding, surround) => {
      const file = await openFile(bundles, bounds);
      for (const { name, paint, transform } of variantsIn(surrounding)) {
        if (!matters(paint, style, bounds)) continue;
        const scene = surround(imageSpec(paint, transform));
        const { ids, before, pages, refusal, root } = await insertObjects(file, scene, style);
        if (refusal) {
          // A picture that repeats or is turned cannot be skewed, whatever is around it.
          expect([surrounding, style, movable(paint)], `${name}: ${refusal.message}`).toEqual([
            expect.stringContaining('skewed'),
            'cutouts',
            false,
          ]);
          expect(refusal.code).toBe('NODE_CHANGED');
          expect(file.host.state.pages).toEqual(pages);
        } else {
          expectExact(scene, paint, before, root!, style, name);
          expectRightAbove(file, scene, ids, before, root!);
        }
        file.host.clear();
      }
      file.host.dispose();
    });
  });
});

describe('a tree', () => {
  it('is one thing out of the flow of an auto-layout, which keeps its arrangement', async () => {
    const file = await openFile(bundles, 'curve');
    const image = imageSpec(PAINTS['fill']!, NODE_TRANSFORMS['plain']);
    const { ids, root } = await insertObjects(file, SURROUNDINGS['in an auto-layout']!(image), 'outlines');
    expect(root!.layoutPositioning).toBe('ABSOLUTE');
    const [[, , left]] = file.host.node(ids['upper']!).relativeTransform;
    expect(left).toBeCloseTo(16 + (60 + 12) + (321.7 + 12), 3);
    file.host.dispose();
  });

  it.each(['outlines', 'cutouts'] as const)(
    'lies right far out on the page, where single precision is coarse: %s',
    async (style) => {
      const file = await openFile(bundles, 'hull');
      const far = multiply(turn(0, 21_000, -17_500), NODE_TRANSFORMS['rotated by 37°']!);
      const paint = PAINTS['rotated crop']!;
      const scene = SURROUNDINGS['on the page']!(imageSpec(paint, far));
      const { before, root } = await insertObjects(file, scene, style);
      expectExact(scene, paint, before, root!, style, 'far out');
      file.host.dispose();
    },
  );
});
