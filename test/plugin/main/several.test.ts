import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { OutlineLayer, SelectionState } from '../../../plugin/bridge.js';
import { MAX_LISTED } from '../../../plugin/selection.js';
import type { SeveralSelection } from '../../../plugin/selection.js';
import { buildBundles } from '../../support/build-code.js';
import { runPlugin } from '../../support/figma-host-plugin.js';
import type { RunningPlugin } from '../../support/figma-host-plugin.js';

const bundles = await buildBundles();
const size = { width: 200, height: 100 };
const fill = (imageHash: string) => ({ type: 'IMAGE', scaleMode: 'FILL', imageHash });
const OUTLINE: OutlineLayer = { path: 'M 1 1 L 9 1 L 9 9 Z', prompts: [], model: 'm', tolerancePx: 0.5 };

let plugin: RunningPlugin;
let ids: Record<string, string>;

beforeEach(async () => {
  plugin = await runPlugin(bundles, { render: () => new Uint8Array([1]) }, (host) => {
    host.addImage('h', { width: 400, height: 200 });
    ids = host.build([
      { type: 'RECTANGLE', name: 'lake', ...size, fills: [fill('h')] },
      { type: 'FRAME', name: 'dog', ...size, fills: [fill('h')] },
      { type: 'RECTANGLE', name: 'lost', ...size, fills: [fill('lost')] },
      { type: 'TEXT', name: 'words', ...size, fills: [] },
    ]);
  });
  await plugin.client.request('ui-ready', {});
});

afterEach(() => plugin.host.dispose());

async function select<K extends SelectionState['kind'] = 'several'>(...nodeIds: readonly string[]) {
  const next = plugin.nextSelection();
  plugin.host.select(...nodeIds);
  return (await next) as Extract<SelectionState, { kind: K }>;
}

async function insert(name: string, more: object = {}) {
  const { source } = await plugin.client.request('read-image', { nodeId: ids[name]! });
  const { layers } = await plugin.client.request('insert-outlines', { source, outlines: [OUTLINE], ...more });
  return layers[0]!;
}

const names = (list: readonly { readonly name: string }[]) => list.map(({ name }) => name);

describe('several selected nodes', () => {
  it('are the images among them, as they can be read, and why the others are none', async () => {
    expect(await select(ids['lake']!, ids['words']!, ids['dog']!, ids['lost']!)).toEqual({
      kind: 'several',
      count: 4,
      images: ['lake', 'dog'].map((name) => ({
        nodeId: ids[name],
        name,
        revision: expect.any(String) as string,
        pixels: { width: 400, height: 200 },
      })),
      layers: [],
      others: [
        { nodeId: ids['words'], name: 'words', what: 'text', reason: 'no-image-fill' },
        { nodeId: ids['lost'], name: 'lost', what: 'rectangle', reason: 'image-missing' },
      ],
    });
  });

  it('are layers of ours with their images', async () => {
    const [one, two] = [await insert('lake'), await insert('dog')];
    const { images, layers } = await select(one.nodeId, two.nodeId, ids['words']!);
    expect(images).toEqual([]);
    expect(layers).toMatchObject([
      { ...one, image: { nodeId: ids['lake'] } },
      { ...two, image: { nodeId: ids['dog'] } },
    ]);
  });

  it('are the image once, where several layers that cannot be opened stand for it', async () => {
    const [one, two] = [await insert('lake'), await insert('lake')];
    plugin.host.change(ids['lake']!, { width: 150 });
    expect(await select(one.nodeId, two.nodeId, ids['dog']!)).toMatchObject({
      images: [{ nodeId: ids['lake'] }, { nodeId: ids['dog'] }],
      layers: [],
    });
  });

  it('open their one image where all are layers of it, and say which', async () => {
    const [one, two] = [await insert('lake'), await insert('lake')];
    const { nodeId, layers, layer } = await select<'image'>(one.nodeId, two.nodeId);
    expect([nodeId, layer]).toEqual([ids['lake'], undefined]);
    expect(names(layers!)).toEqual([one.name, two.name]);
  });

  it('are looked at up to a number that anybody may want at once', async () => {
    const count = MAX_LISTED + 20;
    const many = plugin.host.build(
      Array.from({ length: count }, (_, i) => ({
        type: 'RECTANGLE',
        name: `r${i}`,
        ...size,
        fills: [fill('h')],
      })),
    );
    const several: SeveralSelection = await select(...Object.values(many));
    expect([several.count, several.images.length]).toEqual([count, MAX_LISTED]);
  });
});

describe('layers that are inserted one after another', () => {
  it('leave the selection alone where that is asked for', async () => {
    const selected = await select(ids['lake']!, ids['dog']!);
    await insert('lake', { keepsSelection: true });
    expect(plugin.host.state.selection).toEqual([ids['lake'], ids['dog']]);
    expect(names(selected.images)).toEqual(['lake', 'dog']);
  });

  it('are selected and brought into view when they are asked for, those that are there still', async () => {
    const layers = [await insert('lake'), await insert('dog')];
    plugin.host.remove(layers[0]!.nodeId);
    await plugin.client.request('select-nodes', { nodeIds: layers.map(({ nodeId }) => nodeId) });
    expect(plugin.host.state.selection).toEqual([layers[1]!.nodeId]);
    expect(plugin.events.at(-2)).toEqual({ type: 'viewed', ids: [layers[1]!.nodeId] });
  });

  it('are gone to on another page', async () => {
    const { nodeId } = await insert('lake');
    plugin.host.build([], 'Page 2');
    plugin.host.goToPage('Page 2');
    await plugin.client.request('select-nodes', { nodeIds: [nodeId] });
    expect(plugin.host.state.selection).toEqual([nodeId]);
  });

  it('are not asked for in vain when all are gone', async () => {
    const { nodeId } = await insert('lake');
    plugin.host.remove(nodeId);
    expect(await plugin.client.request('select-nodes', { nodeIds: [nodeId] })).toBeNull();
  });
});

describe('an image that layers were made from', () => {
  it('gets a button for more of them', async () => {
    const { source } = await plugin.client.request('read-image', { nodeId: ids['lake']! });
    await plugin.client.request('insert-outlines', { source, outlines: [OUTLINE] });
    expect(plugin.host.node(ids['lake']!).relaunchData).toEqual({ again: '' });
  });
});
