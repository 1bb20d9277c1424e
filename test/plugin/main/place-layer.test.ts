import { describe, expect, it } from 'vitest';
import { buildBundles } from '../../support/build-code.js';
import { multiply } from '../../support/figma/matrix.js';
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
import type { Scene } from './scenes.js';
import type { LayerStyle } from '../../../plugin/bridge.js';

const bundles = await buildBundles();

/** Reads the image of a scene, finds the object in what was exported, and inserts it. */
async function insertObject({ host, client, lastJob }: OpenFile, scene: Scene, style?: LayerStyle) {
  const ids = host.build(scene.specs);
  const before = host.node(ids[IMAGE_NAME]!);
  const { source } = await client.request('read-image', { nodeId: before.id });
  const { layers } = await client.request('insert-outlines', {
    source,
    ...(style && { style }),
    outlines: [{ path: outlineOf(lastJob()), prompts: [], model: 'm', tolerancePx: 0.5 }],
  });
  return {
    ids,
    before,
    vector: host.node(layers[0]!.nodeId),
    top: host.node(host.state.selection[0]!),
  };
}

describe.each(['curve', 'hull'] as const)('a layer, where bounds are those of the %s,', (bounds) => {
  it.each(Object.entries(SURROUNDINGS))(
    'lies on its image %s',
    async (surrounding, surround) => {
      const file = await openFile(bundles, bounds);
      for (const { name, paint, transform } of variantsIn(surrounding)) {
        const scene = surround(imageSpec(paint, transform));
        const { ids, before, vector } = await insertObject(file, scene);
        expect(errorPx(scene, paint, before, vector), name).toBeLessThan(TOLERANCE_PX);
        expectRightAbove(file, scene, ids, before, vector);
        file.host.clear();
      }
      file.host.dispose();
    },
    30_000,
  );
});

describe('a layer', () => {
  it('is taken out of the flow of an auto-layout, which keeps its arrangement', async () => {
    const file = await openFile(bundles, 'curve');
    const image = imageSpec(PAINTS['fill']!, NODE_TRANSFORMS['plain']);
    const { ids, vector } = await insertObject(file, SURROUNDINGS['in an auto-layout']!(image));
    expect(vector.layoutPositioning).toBe('ABSOLUTE');
    // Padding, the lower node and the image, each followed by a gap.
    const [[, , left]] = file.host.node(ids['upper']!).relativeTransform;
    expect(left).toBeCloseTo(16 + (60 + 12) + (321.7 + 12), 3);
    file.host.dispose();
  });

  it('lies right far out on the page, where single precision is coarse', async () => {
    const file = await openFile(bundles, 'hull');
    const far = multiply(turn(0, 21_000, -17_500), NODE_TRANSFORMS['rotated by 37°']!);
    const paint = PAINTS['rotated crop']!;
    const scene = SURROUNDINGS['on the page']!(imageSpec(paint, far));
    const { before, vector } = await insertObject(file, scene);
    expect(errorPx(scene, paint, before, vector)).toBeLessThan(TOLERANCE_PX);
    file.host.dispose();
  });
});

describe('a cut-out of one object', () => {
  /** One paint that can be moved to a vector, and one that takes a mask. */
  const paints = ['rotated crop', 'fit turned by 270°'] as const;
  const surroundings = [
    'in groups in a rotated frame',
    'in an instance in a group',
    'in groups in an auto-layout',
  ];

  it.each(paints.flatMap((paint) => surroundings.map((around) => [paint, around] as const)))(
    'shows the image where the image shows it: %s, %s',
    async (paintName, around) => {
      const file = await openFile(bundles, 'hull');
      const paint = PAINTS[paintName]!;
      for (const transform of Object.values(NODE_TRANSFORMS)) {
        const scene = SURROUNDINGS[around]!(imageSpec(paint, transform));
        const { ids, before, vector, top } = await insertObject(file, scene, 'cutouts');
        expect(errorPx(scene, paint, before, vector)).toBeLessThan(TOLERANCE_PX);
        const picture = top.type === 'GROUP' ? top.children[1]! : vector;
        expect(fillErrorPx(scene, paint, before, picture)).toBeLessThan(TOLERANCE_PX);
        expectRightAbove(file, scene, ids, before, top);
        file.host.clear();
      }
      file.host.dispose();
    },
  );

  it.each(paints)('is taken out of the flow of an auto-layout as a whole: %s', async (paint) => {
    const file = await openFile(bundles, 'curve');
    const image = imageSpec(PAINTS[paint]!, NODE_TRANSFORMS['plain']);
    const { ids, top } = await insertObject(file, SURROUNDINGS['in an auto-layout']!(image), 'cutouts');
    expect(top.layoutPositioning).toBe('ABSOLUTE');
    const [[, , left]] = file.host.node(ids['upper']!).relativeTransform;
    expect(left).toBeCloseTo(16 + (60 + 12) + (321.7 + 12), 3);
    file.host.dispose();
  });
});
