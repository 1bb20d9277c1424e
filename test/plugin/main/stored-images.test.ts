import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readOrientation } from '../../../plugin/main/exif.js';
import type { Box } from '../../../protocol/geometry.js';
import { buildBundles } from '../../support/build-code.js';
import type { NodeSpec } from '../../support/figma/types.js';
import { cellOf } from './document-matrix.js';
import { errorPx, fillErrorPx, imageSpec, openFile, outlineOf, pictureErrorPx, pngOf } from './placing.js';
import type { OpenFile } from './placing.js';
import { IMAGE, IMAGE_HASH, IMAGE_NAME, NODE_TRANSFORMS, PAINTS } from './scenes.js';

const bundles = await buildBundles();

const TOLERANCE_PX = 0.05;
/** As Figma has it for images. */
const MAX_SIDE_PX = 4096;

let file: OpenFile;
beforeEach(async () => void (file = await openFile(bundles, 'curve')));
afterEach(() => file.host.dispose());

const cutOut = async (nodeId: string) => {
  const { source } = await file.client.request('read-image', { nodeId });
  const outlines = [{ path: outlineOf(file.lastJob()), prompts: [], model: 'm', tolerancePx: 0.5 }];
  const { layers } = await file.client.request('insert-outlines', { source, style: 'cutouts', outlines });
  return file.host.node(layers[0]!.nodeId);
};

describe('an image of more pixels than Figma exports', () => {
  const fills = ['fill at 0°', 'fill at 90°', 'fit at 0°', 'fit at 270°', 'crop', 'turned crop'];
  const cells = fills.flatMap((fill) =>
    ['rotated by 37°', 'at half its size'].map((lie) => cellOf('rectangle', fill, lie)),
  );

  it.each(cells.map((cell) => [cell.name, cell] as const))(
    'is read within the limit, and its layers lie on it: %s',
    async (_, { scene, paint }) => {
      // The same proportions, so that the object is where it is in the smaller image.
      file.host.addImage(IMAGE_HASH, { width: 12 * IMAGE.width, height: 12 * IMAGE.height });
      const ids = file.host.build(scene.specs);
      const before = file.host.node(ids[IMAGE_NAME]!);
      const { source, pixels } = await file.client.request('read-image', { nodeId: before.id });
      expect(Math.max(pixels.width, pixels.height)).toBe(MAX_SIDE_PX);
      expect(pixels.width / pixels.height).toBeCloseTo(before.width / before.height, 2);
      expect(file.lastJob().scale).toBeCloseTo(MAX_SIDE_PX / before.width, 6);
      const vector = await cutOut(before.id);
      expect(errorPx(scene, paint, before, vector)).toBeLessThan(TOLERANCE_PX);
      if (!vector.isMask) expect(fillErrorPx(scene, paint, before, vector)).toBeLessThan(TOLERANCE_PX);
      const box: Box = [100, 200, 100 + 2000, 200 + 1500];
      const layer = { path: outlineOf(file.lastJob()), prompts: [], model: 'm', tolerancePx: 0.5 };
      const picture = { source, bytes: pngOf(box), box, layer };
      const { layers } = await file.client.request('insert-image', picture);
      const rectangle = file.host.node(layers[0]!.nodeId);
      expect(pictureErrorPx(scene, source.pixelsPerUnit, box, before, rectangle)).toBeLessThan(TOLERANCE_PX);
    },
  );
});

describe('an image file that asks to be turned', () => {
  const jpeg = async (orientation?: number): Promise<Uint8Array> => {
    const plain = sharp({ create: { ...IMAGE, channels: 3, background: 'teal' } }).jpeg();
    return new Uint8Array(await (orientation ? plain.withMetadata({ orientation }) : plain).toBuffer());
  };

  it.each([1, 2, 3, 4, 5, 6, 7, 8])('is known by what it says: %d', async (orientation) => {
    expect(readOrientation(await jpeg(orientation))).toBe(orientation);
  });

  it('is no file that says nothing, is cut short or is no JPEG', async () => {
    const turned = await jpeg(6);
    const png = await sharp({ create: { ...IMAGE, channels: 3, background: 'teal' } })
      .png()
      .toBuffer();
    expect(readOrientation(await jpeg())).toBe(1);
    expect(readOrientation(new Uint8Array(png))).toBe(1);
    for (let length = 0; length < 60; length++) expect(readOrientation(turned.slice(0, length))).toBe(1);
  });

  it('is read at its place in a larger buffer', async () => {
    const turned = await jpeg(8);
    const larger = new Uint8Array(turned.length + 7);
    larger.set(turned, 7);
    expect(readOrientation(larger.subarray(7))).toBe(8);
  });

  it.each([
    ['fill', 6, true],
    ['fit', 3, true],
    ['crop', 6, false],
    ['fill', 1, false],
  ] as const)(
    'is masked where Figma’s size of it could be either way up: %s, orientation %d',
    async (paint, orientation, masks) => {
      file.host.addImage(IMAGE_HASH, { ...IMAGE, bytes: await jpeg(orientation) });
      const ids = file.host.build([imageSpec(PAINTS[paint]!, NODE_TRANSFORMS['plain'])]);
      expect((await cutOut(ids[IMAGE_NAME]!)).isMask).toBe(masks);
    },
  );
});

describe('an image among fills that are hard to copy', () => {
  const PATTERN = { type: 'PATTERN', sourceNodeId: '1:1', tileType: 'RECTANGULAR', scalingFactor: 1 };
  const build = (more: readonly object[]): string => {
    const image = imageSpec(PAINTS['fill']!, NODE_TRANSFORMS['plain']);
    const fills = [...(image.fills as readonly object[]), ...more];
    return file.host.build([{ ...image, fills } as NodeSpec])[IMAGE_NAME]!;
  };

  it('is read with a pattern over it, and its outline inserted', async () => {
    const nodeId = build([PATTERN]);
    const { source } = await file.client.request('read-image', { nodeId });
    const [rectangle] = file.lastJob().node.children;
    expect((rectangle!.fills as readonly { type: unknown }[]).map(({ type }) => type)).toEqual([
      'IMAGE',
      'PATTERN',
    ]);
    const outlines = [{ path: outlineOf(file.lastJob()), prompts: [], model: 'm', tolerancePx: 0.5 }];
    await expect(file.client.request('insert-outlines', { source, outlines })).resolves.toBeDefined();
  });

  it('says plainly that no cut-out can show the pattern, and what can be done', async () => {
    const nodeId = build([PATTERN]);
    const before = file.host.state.pages;
    await expect(cutOut(nodeId)).rejects.toMatchObject({
      message: expect.stringContaining('pattern') as string,
      hint: expect.stringContaining('outline or a picture') as string,
    });
    expect(file.host.state.pages).toEqual(before);
  });

  it('leaves out what is hidden', async () => {
    const vector = await cutOut(build([{ ...PATTERN, visible: false }]));
    expect(vector.fills).toMatchObject([{ type: 'IMAGE' }]);
  });
});
