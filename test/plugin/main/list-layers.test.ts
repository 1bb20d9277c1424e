import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ImageSource, TreeLayer } from '../../../plugin/bridge.js';
import { buildBundles } from '../../support/build-code.js';
import { runPlugin } from '../../support/figma-host-plugin.js';
import type { RunningPlugin } from '../../support/figma-host-plugin.js';
import type { NodeSpec } from '../../support/figma/types.js';

const bundles = await buildBundles();

const PATH = 'M 100 50 L 300 50 L 300 150 Z';
const FOUND = {
  point: [250, 75] as [number, number],
  cropBox: [0, 0, 800, 400] as [number, number, number, number],
  box: [100, 50, 300, 150] as [number, number, number, number],
  area: 10_000,
  predictedIou: 0.97,
  stabilityScore: 0.96,
};
const OUTLINE = { path: PATH, prompts: [], model: 'm', tolerancePx: 0.5 };
const layer = (id: number, parent: number | null = null): TreeLayer => ({
  ...OUTLINE,
  id,
  parent,
  name: `Region ${id}`,
  found: FOUND,
});

const fill = (more: object = {}) => ({ type: 'IMAGE', scaleMode: 'FILL', imageHash: 'h', ...more });
const image: NodeSpec = { type: 'RECTANGLE', name: 'photo', width: 400, height: 200, fills: [fill()] };

let plugin: RunningPlugin;
let ids: Record<string, string>;

beforeEach(async () => {
  plugin = await runPlugin(bundles, { render: () => new Uint8Array([1]) }, (host) => {
    host.addImage('h', { width: 800, height: 400 });
    ids = host.build([
      image,
      { ...image, name: 'twin' },
      { type: 'FRAME', name: 'frame', width: 900, height: 900 },
    ]);
  });
});

afterEach(() => plugin.host.dispose());

async function sourceOf(name: string): Promise<ImageSource> {
  const { source } = await plugin.client.request('read-image', { nodeId: ids[name]! });
  return source;
}

const list = async (source: ImageSource) => (await plugin.client.request('list-layers', { source })).layers;

async function insertTree(style: 'outlines' | 'cutouts' = 'outlines') {
  const source = await sourceOf('photo');
  const { layers } = await plugin.client.request('insert-tree', {
    source,
    style,
    layers: [layer(1), layer(2, 1), layer(3)],
  });
  return { source, layers };
}

describe('the layers of an image', () => {
  it('are none at first', async () => {
    expect(await list(await sourceOf('photo'))).toEqual([]);
  });

  it.each(['outlines', 'cutouts'] as const)('come back as they were inserted: %s', async (style) => {
    const { source, layers } = await insertTree(style);
    expect(await list(source)).toEqual(layers.map((inserted) => ({ ...inserted, path: PATH, found: FOUND })));
  });

  it('include outlines inserted one by one, renamed, and moved into other frames', async () => {
    const source = await sourceOf('photo');
    const { layers } = await plugin.client.request('insert-outlines', { source, outlines: [OUTLINE] });
    const { nodeId } = layers[0]!;
    plugin.host.change(nodeId, { name: 'Dog' });
    plugin.host.run(`void (async () => {
      const [frame, vector] = await Promise.all(['${ids['frame']}', '${nodeId}'].map((id) => figma.getNodeByIdAsync(id)));
      frame.appendChild(vector);
    })()`);
    expect(await list(source)).toEqual([{ nodeId, name: 'Dog', path: PATH }]);
  });

  it('are not those of another image, nor of an image that was there before', async () => {
    const { source } = await insertTree();
    expect(await list(await sourceOf('twin'))).toEqual([]);
    plugin.host.addImage('other', { width: 800, height: 400 });
    plugin.host.change(ids['photo']!, { fills: [fill({ imageHash: 'other' })] });
    expect(await list(await sourceOf('photo'))).toEqual([]);
    expect(await list(source)).toHaveLength(3);
  });

  it('are not those that were deleted', async () => {
    const { source, layers } = await insertTree();
    plugin.host.remove(layers[1]!.nodeId);
    expect((await list(source)).map(({ name }) => name)).toEqual(['Region 1', 'Region 3']);
  });

  it('are found when the person has gone to another page', async () => {
    const { source } = await insertTree();
    plugin.host.build([], 'Page 2');
    plugin.host.goToPage('Page 2');
    expect(await list(source)).toHaveLength(3);
  });

  it('have no path where it was too long to keep', async () => {
    const source = await sourceOf('photo');
    const path = `M 0 0 ${'L 1.25 2.25 '.repeat(8000)}Z`;
    await plugin.client.request('insert-tree', {
      source,
      style: 'outlines',
      layers: [{ ...layer(1), path }],
    });
    expect(await list(source)).toEqual([
      { nodeId: expect.any(String) as string, name: 'Region 1', found: FOUND },
    ]);
  });

  it('are read from the data of earlier versions, which had no path', async () => {
    const source = await sourceOf('photo');
    const data = {
      version: 1,
      nodeId: source.nodeId,
      imageHash: 'h',
      pixelsPerUnit: 2,
      model: 'm',
      tolerancePx: 1,
    };
    const { old } = plugin.host.build([
      { type: 'VECTOR', name: 'old', pluginData: { cutline: JSON.stringify({ ...data, prompts: [] }) } },
      { type: 'VECTOR', name: 'newer', pluginData: { cutline: JSON.stringify({ ...data, version: 2 }) } },
      { type: 'VECTOR', name: 'broken', pluginData: { cutline: '{' } },
      { type: 'VECTOR', name: 'foreign', pluginData: { other: '1' } },
    ]);
    expect(await list(source)).toEqual([{ nodeId: old, name: 'old' }]);
  });

  it('are refused once the image is gone', async () => {
    const { source } = await insertTree();
    plugin.host.remove(ids['photo']!);
    await expect(list(source)).rejects.toHaveProperty('code', 'NODE_GONE');
  });

  it('are let go of when the request is cancelled', async () => {
    const { source } = await insertTree();
    plugin.host.run('{ let now = 0; Date.now = () => (now += 60); }');
    const cancel = new AbortController();
    const listing = plugin.client.request('list-layers', { source }, { signal: cancel.signal });
    cancel.abort();
    await expect(listing).rejects.toHaveProperty('code', 'CANCELLED');
  });

  it('rest while there are many', async () => {
    const { source } = await insertTree();
    let timers = 0;
    plugin.host.run('{ let now = 0; Date.now = () => (now += 60); }');
    plugin.host.run(
      '{ const start = setTimeout; setTimeout = (...args) => (console.log("rest"), start(...args)); }',
    );
    plugin.host.onEvent((event) => {
      if (event.type === 'console' && event.text === 'rest') timers++;
    });
    expect(await list(source)).toHaveLength(3);
    expect(timers).toBe(3);
  });
});

describe('the outline of a layer, after its image was changed,', () => {
  /** Inserts, changes the image, reads it anew, and lists. */
  async function after(change: Readonly<Record<string, unknown>>) {
    await insertTree();
    plugin.host.change(ids['photo']!, change);
    return (await list(await sourceOf('photo')))[0]!;
  }

  it.each([
    // The whole image is read either way, with its own pixels.
    ['made larger', { width: 800, height: 400 }, PATH, FOUND],
    // 200×200 shows the middle half of the image: 200 pixels are cut off at the left.
    [
      'cut off at its sides',
      { width: 200 },
      'M -100 50 L 100 50 L 100 150 Z',
      { ...FOUND, point: [50, 75], cropBox: [-200, 0, 600, 400], box: [-100, 50, 100, 150] },
    ],
    // A quarter of the image from its corner, over the whole node.
    [
      'cropped',
      {
        fills: [
          fill({
            scaleMode: 'CROP',
            imageTransform: [
              [0.5, 0, 0],
              [0, 0.5, 0],
            ],
          }),
        ],
      },
      PATH,
      FOUND,
    ],
    // Shrunk, unlike its image, to a crop that is stretched: half as many pixels down as there were.
    [
      'squeezed',
      {
        height: 100,
        fills: [
          fill({
            scaleMode: 'CROP',
            imageTransform: [
              [1, 0, 0],
              [0, 1, 0],
            ],
          }),
        ],
      },
      'M 200 50 L 600 50 L 600 150 Z',
      { ...FOUND, point: [500, 75], cropBox: [0, 0, 1600, 400], box: [200, 50, 600, 150], area: 20_000 },
    ],
  ])('is that of the same spot of the image: %s', async (_, change, path, found) => {
    const listed = await after(change);
    expect(listed.path).toBe(path);
    expect(listed.found).toEqual(found);
  });

  it.each([
    ['repeats', { fills: [fill({ scaleMode: 'TILE', scalingFactor: 0.5 })] }],
    ['is turned', { fills: [fill({ rotation: 90 })] }],
  ])('is not told where the image now %s', async (_, change) => {
    expect(await after(change)).toEqual({ nodeId: expect.any(String) as string, name: 'Region 1' });
  });

  it('is told where the image repeats and always did', async () => {
    plugin.host.change(ids['photo']!, { fills: [fill({ scaleMode: 'TILE', scalingFactor: 0.5 })] });
    const { source } = await insertTree();
    expect((await list(source))[0]).toMatchObject({ path: PATH, found: FOUND });
  });
});
