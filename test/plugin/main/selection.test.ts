import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { buildBundles } from '../../support/build-code.js';
import { runPlugin } from '../../support/figma-host-plugin.js';
import type { RunningPlugin } from '../../support/figma-host-plugin.js';

const bundles = await buildBundles();
const image = (more: object = {}) => ({ type: 'IMAGE', scaleMode: 'FILL', imageHash: 'h', ...more });
const size = { width: 200, height: 100 };

let plugin: RunningPlugin;
let ids: Record<string, string>;

beforeEach(async () => {
  plugin = await runPlugin(bundles, { render: () => new Uint8Array([1]) }, (host) => {
    host.addImage('h', { width: 400, height: 200 });
    ids = host.build([
      { type: 'RECTANGLE', name: 'photo', ...size, fills: [image()] },
      {
        type: 'FRAME',
        name: 'frame',
        ...size,
        fills: [image(), { type: 'SOLID', color: { r: 0, g: 0, b: 0 } }],
      },
      { type: 'TEXT', name: 'words', ...size, fills: 'mixed' },
      { type: 'GROUP', name: 'group', children: [{ type: 'RECTANGLE', name: 'plain', ...size }] },
      { type: 'RECTANGLE', name: 'hidden', ...size, fills: [image({ visible: false })] },
      { type: 'RECTANGLE', name: 'lost', ...size, fills: [image({ imageHash: 'lost' })] },
      { type: 'RECTANGLE', name: 'empty', ...size, fills: [image({ imageHash: null })] },
      { type: 'BOOLEAN_OPERATION', name: 'union', children: [{ type: 'VECTOR', name: 'shape', ...size }] },
    ]);
  });
});

afterEach(() => plugin.host.dispose());

async function select(...names: readonly string[]) {
  const next = plugin.nextSelection();
  plugin.host.select(...names.map((name) => ids[name]!));
  return next;
}

describe('the selection', () => {
  it('is told when the window is ready, together with the settings', async () => {
    plugin.host.select(ids['photo']!);
    expect(await plugin.client.request('ui-ready', {})).toMatchObject({
      selection: { kind: 'image', name: 'photo' },
      settings: {},
    });
  });

  it('describes an image with the pixels to expect', async () => {
    await plugin.client.request('ui-ready', {});
    expect(await select('photo')).toEqual({
      kind: 'image',
      nodeId: ids['photo'],
      name: 'photo',
      imageHash: 'h',
      revision: expect.any(String) as string,
      node: size,
      pixels: { width: 400, height: 200 },
    });
  });

  it('finds an image on any node that has fills, below other fills too', async () => {
    await plugin.client.request('ui-ready', {});
    expect(await select('frame')).toMatchObject({ kind: 'image', name: 'frame' });
  });

  it.each([
    ['words', 'text', 'no-image-fill'],
    ['group', 'group', 'no-image-fill'],
    ['plain', 'rectangle', 'no-image-fill'],
    ['hidden', 'rectangle', 'no-image-fill'],
    ['empty', 'rectangle', 'no-image-fill'],
    ['union', 'boolean operation', 'no-image-fill'],
    ['lost', 'rectangle', 'image-missing'],
  ])('says what %s is instead of an image', async (name, what, reason) => {
    await plugin.client.request('ui-ready', {});
    expect(await select(name)).toEqual({ kind: 'not-image', name, what, reason });
  });

  it('tells several from none', async () => {
    await plugin.client.request('ui-ready', {});
    expect(await select('photo', 'frame')).toMatchObject({ kind: 'several', count: 2 });
    expect(await select()).toEqual({ kind: 'none' });
  });

  it('is not pushed before the window is ready, nor again while it stays the same', async () => {
    const pushed = () =>
      plugin.events.filter((event) => JSON.stringify(event).includes('"selection","selection"'));
    plugin.host.select(ids['photo']!);
    await plugin.client.request('ui-ready', {});
    plugin.host.select(ids['photo']!);
    await select('frame');
    expect(pushed()).toHaveLength(1);
  });

  it('is pushed anew when an insertion finds the selected image changed', async () => {
    plugin.host.select(ids['photo']!);
    const { selection } = await plugin.client.request('ui-ready', {});
    const { source } = await plugin.client.request('read-image', { nodeId: ids['photo']! });
    plugin.host.change(ids['photo']!, { width: 150 });
    const next = plugin.nextSelection();
    const inserting = plugin.client.request('insert-outlines', { source, outlines: [] });
    await expect(inserting).rejects.toHaveProperty('code', 'NODE_CHANGED');
    expect(await next).toMatchObject({ kind: 'image', node: { width: 150 } });
    expect((await next) as object).not.toHaveProperty(
      'revision',
      (selection as { revision: string }).revision,
    );
  });

  it('changes with the page', async () => {
    plugin.host.select(ids['photo']!);
    await plugin.client.request('ui-ready', {});
    plugin.host.build([], 'Page 2');
    const next = plugin.nextSelection();
    plugin.host.goToPage('Page 2');
    expect(await next).toEqual({ kind: 'none' });
  });
});

describe('a selected outline of ours', () => {
  const outline = { path: 'M 1 1 L 9 1 L 9 9 Z', prompts: [], model: 'm', tolerancePx: 0.5 };

  async function insertTwo() {
    const { source } = await plugin.client.request('read-image', { nodeId: ids['photo']! });
    return plugin.client.request('insert-outlines', { source, outlines: [outline, outline] });
  }

  it('stands for its image, so that inserting does not lose it', async () => {
    plugin.host.select(ids['photo']!);
    const { selection } = await plugin.client.request('ui-ready', {});
    await insertTwo();
    await select();
    const next = plugin.nextSelection();
    plugin.host.select(...plugin.host.state.pages[0]!.children.slice(1, 3).map(({ id }) => id));
    const layer = expect.objectContaining({ image: expect.objectContaining({ nodeId: ids['photo'] }) });
    expect(await next).toEqual({ ...selection, layers: [layer, layer] });
  });

  it('is a vector like any other once its image is gone or another', async () => {
    await plugin.client.request('ui-ready', {});
    const { layers } = await insertTwo();
    plugin.host.change(ids['photo']!, { fills: [] });
    const next = plugin.nextSelection();
    plugin.host.select(layers[0]!.nodeId);
    expect(await next).toMatchObject({ kind: 'not-image', what: 'vector' });
  });
});
