import { afterEach, describe, expect, it } from 'vitest';
import { buildBundles } from '../../support/build-code.js';
import type { EditorType, NodeSpec } from '../../support/figma/types.js';
import { cellOf } from './document-matrix.js';
import type { Cell } from './document-matrix.js';
import { errorPx, fillErrorPx, imageSpec, openFile, outlineOf, pictureErrorPx, pngOf } from './placing.js';
import type { OpenFile } from './placing.js';
import { IMAGE_NAME, NODE_TRANSFORMS, PAINTS, turn } from './scenes.js';
import type { Scene } from './scenes.js';

const bundles = await buildBundles();

const TOLERANCE_PX = 0.05;

let file: OpenFile;
const open = async (editor: EditorType): Promise<void> =>
  void (file = await openFile(bundles, 'curve', editor));
afterEach(() => file.host.dispose());

/** Slides in their grid, the first of which is shown. */
const inSlide = (image: NodeSpec): Scene => {
  const rowAt = turn(0, 60, 90);
  const slideAt = turn(0, 2160, 40);
  const slide = (
    name: string,
    transform: NodeSpec['transform'],
    children: readonly NodeSpec[],
  ): NodeSpec => ({
    type: 'SLIDE',
    name,
    width: 1920,
    height: 1080,
    transform: transform!,
    children,
  });
  const row: NodeSpec = {
    type: 'SLIDE_ROW',
    name: 'row',
    transform: rowAt,
    children: [slide('shown', turn(0, 0, 40), []), slide('slide', slideAt, [image])],
  };
  const [[a, c, x], [b, d, y]] = image.transform!;
  return {
    specs: [{ type: 'SLIDE_GRID', name: 'grid', children: [row] }],
    toPage: [
      [a, c, x + 2220],
      [b, d, y + 130],
    ],
    parent: 'slide',
    below: IMAGE_NAME,
  };
};

async function read(scene: Scene) {
  const ids = file.host.build(scene.specs);
  const before = file.host.node(ids[IMAGE_NAME]!);
  const { source } = await file.client.request('read-image', { nodeId: before.id });
  const outline = { path: outlineOf(file.lastJob()), prompts: [], model: 'm', tolerancePx: 0.5 };
  return { ids, before, source, outline };
}

describe.each(['figma', 'figjam', 'slides'] as const)('in %s', (editor) => {
  const paint = PAINTS['rotated crop']!;
  const image = imageSpec(paint, NODE_TRANSFORMS['rotated by 37°']);
  const scene: Scene =
    editor === 'slides' ? inSlide(image) : cellOf('rectangle', 'turned crop', 'rotated by 37°').scene;
  const nothingLeft = () => expect(JSON.stringify(file.host.state.pages)).not.toContain('Cutline is reading');

  it('an outline, a cut-out and a picture lie on their image, each as one undo step', async () => {
    await open(editor);
    const { ids, before, source, outline } = await read(scene);
    nothingLeft();
    const { client, host } = file;
    const drawn = await client.request('insert-outlines', { source, outlines: [outline] });
    const { node: vector, parent } = host.find(drawn.layers[0]!.nodeId);
    expect(errorPx(scene, paint, before, vector)).toBeLessThan(TOLERANCE_PX);
    expect(parent).toBe(scene.parent && ids[scene.parent]);
    expect(host.state.commits).toHaveLength(2);
    const cut = await client.request('insert-outlines', { source, style: 'cutouts', outlines: [outline] });
    const cutOut = host.node(cut.layers[0]!.nodeId);
    expect(errorPx(scene, paint, before, cutOut)).toBeLessThan(TOLERANCE_PX);
    expect(fillErrorPx(scene, paint, before, cutOut)).toBeLessThan(TOLERANCE_PX);
    const box = [21, 12, 86, 59] as const;
    const picture = {
      source,
      bytes: pngOf([...box]),
      box: [...box] as [number, number, number, number],
      layer: outline,
    };
    const made = await client.request('insert-image', picture);
    const rectangle = host.node(made.layers[0]!.nodeId);
    expect(pictureErrorPx(scene, source.pixelsPerUnit, picture.box, before, rectangle)).toBeLessThan(
      TOLERANCE_PX,
    );
    expect(host.state.commits).toHaveLength(6);
  });

  it('an object is separated, and a tree inserted and its layers changed', async () => {
    await open(editor);
    const { source, outline } = await read(scene);
    const { client } = file;
    const separated = await client.request('separate-object', { source, outline, originalAfter: 'lock' });
    expect(separated.layers).toHaveLength(2);
    const nodeId = separated.layers[0]!.nodeId;
    await expect(client.request('update-outline', { source, nodeId, outline })).resolves.toBeDefined();
    const found = {
      point: [1, 1] as const,
      cropBox: [0, 0, 9, 9] as const,
      box: [0, 0, 5, 5] as const,
      area: 9,
      predictedIou: 1,
      stabilityScore: 1,
    };
    const layer = { ...outline, id: 1, parent: null, name: 'Region', found } as never;
    const tree = { source, style: 'cutouts', layers: [layer] } as const;
    expect((await client.request('insert-tree', tree)).layers).toHaveLength(1);
    expect((await client.request('list-layers', { source })).layers.length).toBeGreaterThan(2);
  });

  it('what takes a mask is made of one, or refused in words before anything is touched', async () => {
    await open(editor);
    const tile = imageSpec(PAINTS['tile']!, NODE_TRANSFORMS['plain']);
    const masked: Scene =
      editor === 'slides' ? inSlide(tile) : cellOf('rectangle', 'tile at 0°', 'plain').scene;
    const { source, outline } = await read(masked);
    const inserting = file.client.request('insert-outlines', {
      source,
      style: 'cutouts',
      outlines: [outline],
    });
    if (editor !== 'figjam') return expect(await inserting).toHaveProperty('layers.length', 1);
    const refusal = {
      code: 'NODE_CHANGED',
      message: expect.stringContaining('FigJam has none') as string,
      hint: expect.stringContaining('outline or a picture') as string,
    };
    await expect(inserting).rejects.toMatchObject(refusal);
    const round = await read(cellOf('ellipse', 'crop', 'plain').scene);
    const separating = { source: round.source, outline: round.outline, originalAfter: 'keep' } as const;
    await expect(file.client.request('separate-object', separating)).rejects.toMatchObject(refusal);
    expect(file.host.state.commits).toEqual([]);
  });
});

describe('in Slides', () => {
  const paint = PAINTS['fill']!;
  const slide = (cell: NodeSpec): Cell['scene'] => {
    const row: NodeSpec = { type: 'SLIDE_ROW', name: 'row', children: [cell] };
    const specs = [{ type: 'SLIDE_GRID', name: 'grid', children: [row] }];
    return { specs, toPage: cell.transform!, parent: IMAGE_NAME, below: '' };
  };

  it('layers of a slide’s own fill are in the slide, below what is on it', async () => {
    await open('slides');
    const text: NodeSpec = { type: 'RECTANGLE', name: 'on it', width: 40, height: 20 };
    const scene = slide({ ...imageSpec(paint, turn(0, 300, 200)), type: 'SLIDE', children: [text] });
    const { ids, before, source, outline } = await read(scene);
    const { layers, beside } = await file.client.request('insert-outlines', { source, outlines: [outline] });
    const { node, parent, siblings } = file.host.find(layers[0]!.nodeId);
    expect(errorPx(scene, paint, before, node)).toBeLessThan(TOLERANCE_PX);
    expect([parent, siblings, beside]).toEqual([before.id, [node.id, ids['on it']], undefined]);
  });

  it('a slide is never hidden for what was made of its fill', async () => {
    await open('slides');
    const { before, source, outline } = await read(
      slide({ ...imageSpec(paint, turn(0, 300, 200)), type: 'SLIDE' }),
    );
    const { originalAfter } = await file.client.request('separate-object', {
      source,
      outline,
      originalAfter: 'hide',
    });
    expect([originalAfter, file.host.node(before.id).visible]).toEqual(['keep', true]);
  });

  it('layers have no button, which is not documented there; the window opens them', async () => {
    await open('slides');
    const { source, outline } = await read(inSlide(imageSpec(paint, NODE_TRANSFORMS['plain'])));
    const { layers } = await file.client.request('insert-outlines', { source, outlines: [outline] });
    file.host.select(layers[0]!.nodeId);
    const { selection } = await file.client.request('ui-ready', {});
    expect(selection).toMatchObject({ kind: 'image', layer: { nodeId: layers[0]!.nodeId } });
  });
});
