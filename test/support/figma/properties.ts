/** What a node of each type can be asked and told. */
import { checkPaints, checkTransform, checkVectorPaths, deepFreeze } from './checks.js';
import type { FigmaDocument } from './document.js';
import { fillGeometry } from './geometry.js';
import { singlePrecision } from './matrix.js';
import {
  absoluteTransform,
  dump,
  pageOf,
  relativeTransform,
  settle,
  sizeOf,
  walk,
  writePaths,
} from './tree.js';
import type { NodeRecord } from './tree.js';
import type { ExportJob, Transform } from './types.js';

/** One property: how it is read, and how it is assigned if it may be. */
export interface Property {
  readonly get: (record: NodeRecord) => unknown;
  readonly set?: (record: NodeRecord, value: never) => void;
}
export type Properties = Readonly<Record<string, Property>>;

export interface HandleServices {
  readonly document: FigmaDocument;
  readonly mixed: symbol;
  /** The record behind each handle. */
  readonly records: WeakMap<object, NodeRecord>;
  render(job: ExportJob): Promise<Uint8Array>;
  selectionChanged(): void;
}

const WITH_CHILDREN = [
  'PAGE',
  'FRAME',
  'GROUP',
  'COMPONENT',
  'COMPONENT_SET',
  'INSTANCE',
  'SECTION',
  'BOOLEAN_OPERATION',
  'SLIDE_GRID',
  'SLIDE_ROW',
  'SLIDE',
];
const FRAMES = ['FRAME', 'COMPONENT', 'COMPONENT_SET', 'INSTANCE', 'SLIDE'];

/** @throws Error when the value is not a node. */
export function recordOf({ records }: Pick<HandleServices, 'records'>, handle: unknown): NodeRecord {
  const record = records.get(handle as object);
  if (!record) throw new Error('Expected a node');
  return record;
}

/** @param handle Makes the object that plugin code gets for another node. */
export function propertiesOf(
  type: string,
  services: HandleServices,
  handle: (record: NodeRecord) => object,
): Properties {
  return {
    ...baseProperties(services, handle),
    ...(WITH_CHILDREN.includes(type) && childProperties(services, handle)),
    ...(type === 'PAGE' ? pageProperties(services, handle) : sceneProperties(services)),
    ...(!['PAGE', 'GROUP'].includes(type) && paintProperties(services)),
    ...(FRAMES.includes(type) && FRAME_PROPERTIES),
    ...(type === 'VECTOR' && vectorProperties(services)),
    ...(!['PAGE', 'SECTION'].includes(type) && BLEND_PROPERTIES),
    ...(!['PAGE', 'SECTION', 'GROUP'].includes(type) && { fillGeometry: { get: fillGeometry } }),
    ...(['RECTANGLE', ...FRAMES].includes(type) && CORNER_PROPERTIES),
  };
}

function baseProperties({ document }: HandleServices, handle: (record: NodeRecord) => object): Properties {
  return {
    id: { get: ({ id }) => id },
    type: { get: ({ type }) => type },
    name: { get: ({ name }) => name, set: (record, value: string) => void (record.name = String(value)) },
    removed: { get: ({ removed }) => removed },
    parent: { get: ({ parent }) => parent && handle(parent) },
    remove: { get: (record) => () => document.remove(record) },
    getPluginData: { get: (record) => (key: string) => record.pluginData.get(key) ?? '' },
    setPluginData: {
      get: (record) => (key: string, value: string) => {
        if (typeof value !== 'string') throw new TypeError('in setPluginData: Expected a string');
        if (key.length + value.length > 100_000) throw new Error('in setPluginData: exceeds 100 kB');
        // Figma keeps no empty entry.
        if (value === '') record.pluginData.delete(key);
        else record.pluginData.set(key, value);
      },
    },
    setRelaunchData: {
      get: (record) => (data: Record<string, string>) => {
        if (document.editor === 'slides') throw new Error('in setRelaunchData: Not pretended in Slides');
        for (const text of Object.values(data)) {
          if (text.length > 1000)
            throw new Error('in setRelaunchData: a description exceeds 1000 characters');
        }
        record.relaunchData = { ...data };
      },
    },
    getRelaunchData: { get: (record) => () => ({ ...record.relaunchData }) },
  };
}

function childProperties(services: HandleServices, handle: (record: NodeRecord) => object): Properties {
  const { document } = services;
  const insert = (parent: NodeRecord, child: unknown, index: number): void =>
    document.insert(parent, recordOf(services, child), index);
  return {
    children: {
      get: (record) => {
        checkLoaded('get_children', record, document);
        return Object.freeze(record.children.map(handle));
      },
    },
    appendChild: {
      get: (record) => (child: unknown) => {
        const own = recordOf(services, child).parent === record ? 1 : 0;
        insert(record, child, record.children.length - own);
      },
    },
    findAllWithCriteria: {
      get: (record) => (criteria: Criteria) => {
        checkLoaded('findAllWithCriteria', record, document);
        checkCriteria(criteria);
        return [...walk(record)].filter((node) => node !== record && fits(node, criteria)).map(handle);
      },
    },
    insertChild: { get: (record) => (index: number, child: unknown) => insert(record, child, index) },
  };
}

interface Criteria {
  readonly types?: readonly string[];
  readonly pluginData?: { readonly keys?: readonly string[] };
}

function checkCriteria(criteria: Criteria): void {
  const unknown = Object.keys(criteria).find((key) => !['types', 'pluginData'].includes(key));
  if (unknown !== undefined) throw new Error(`in findAllWithCriteria: Unrecognized key: ${unknown}`);
}

/** Every criterion that is given has to hold. */
function fits({ type, pluginData }: NodeRecord, criteria: Criteria): boolean {
  if (criteria.types && !criteria.types.includes(type)) return false;
  if (!criteria.pluginData) return true;
  const { keys } = criteria.pluginData;
  return keys ? keys.some((key) => pluginData.has(key)) : pluginData.size > 0;
}

/** The current page is loaded, and any other once the plugin has asked for it. */
function checkLoaded(where: string, record: NodeRecord, document: FigmaDocument): void {
  if (record.type !== 'PAGE' || record === document.currentPage || document.loadedPages.has(record)) return;
  throw new Error(`in ${where}: The page has not been loaded. Call page.loadAsync() first`);
}

function pageProperties(services: HandleServices, handle: (record: NodeRecord) => object): Properties {
  const { document, selectionChanged } = services;
  return {
    selection: {
      get: (page) => Object.freeze((document.selections.get(page) ?? []).map(handle)),
      set: (page, value: readonly unknown[]) => {
        const selected = value.map((node) => recordOf(services, node));
        if (selected.some((node) => node.removed || pageOf(node) !== page)) {
          throw new Error('in set_selection: The selection of a page can only include nodes in that page');
        }
        document.selections.set(page, selected);
        selectionChanged();
      },
    },
    loadAsync: { get: (page) => async () => void document.loadedPages.add(page) },
  };
}

function sceneProperties({ render, document }: HandleServices): Properties {
  const moveTo = (record: NodeRecord, axis: 0 | 1, value: number): void => {
    if (typeof value !== 'number' || !Number.isFinite(value)) throw new TypeError('Expected a number');
    const moved = record.relative.map((row) => [...row]) as Transform;
    moved[axis][2] = value;
    place(record, moved);
  };
  return {
    visible: {
      get: ({ visible }) => visible,
      set: (record, value: boolean) => void (record.visible = value),
    },
    locked: { get: ({ locked }) => locked, set: (record, value: boolean) => void (record.locked = value) },
    isMask: {
      get: ({ isMask }) => isMask,
      set: (record, value: boolean) => {
        if (document.editor === 'figjam') throw new Error('in set_isMask: Not pretended in FigJam');
        record.isMask = value;
      },
    },
    maskType: {
      get: ({ maskType }) => maskType,
      set: (record, value: string) => {
        if (!['ALPHA', 'VECTOR', 'LUMINANCE'].includes(value)) throw new Error(`Invalid mask type ${value}`);
        record.maskType = value;
      },
    },
    width: { get: (record) => sizeOf(record).width },
    height: { get: (record) => sizeOf(record).height },
    x: {
      get: (record) => relativeTransform(record)[0][2],
      set: (record, value: number) => moveTo(record, 0, value),
    },
    y: {
      get: (record) => relativeTransform(record)[1][2],
      set: (record, value: number) => moveTo(record, 1, value),
    },
    relativeTransform: {
      get: (record) => deepFreeze(relativeTransform(record)),
      set: (record, value: Transform) => place(record, checkTransform(value)),
    },
    absoluteTransform: { get: (record) => deepFreeze(singlePrecision(absoluteTransform(record))) },
    resize: {
      get: (record) => (width: number, height: number) => {
        if (!(width >= 0.01 && height >= 0.01)) throw new Error('in resize: Expected sizes of at least 0.01');
        record.width = Math.fround(width);
        record.height = Math.fround(height);
        settle(record);
      },
    },
    layoutPositioning: {
      get: (record) => record.layoutPositioning,
      set: (record, value: string) => {
        if (value === 'ABSOLUTE' && record.parent?.layoutMode === 'NONE') {
          throw new Error(
            "Can only set layoutPositioning = 'ABSOLUTE' if the parent node has layoutMode !== NONE",
          );
        }
        record.layoutPositioning = value;
        settle(record.parent!);
      },
    },
    exportAsync: {
      get: (record) => async (settings: ExportJob['settings']) => {
        if (!record.visible)
          throw new Error('in exportAsync: Failed to export node. It has no visible layers');
        const scale = settings.constraint?.value ?? 1;
        const [width, height] = [Math.ceil(record.width * scale), Math.ceil(record.height * scale)];
        return render({ node: dump(record), settings, scale, width, height });
      },
    },
  };
}

/** An auto-layout keeps turning and flipping, and puts the node back to its own place. */
function place(record: NodeRecord, transform: Transform): void {
  if (record.type === 'GROUP' || record.type === 'BOOLEAN_OPERATION')
    throw new Error('Not pretended: moving groups');
  record.relative = singlePrecision(transform);
  settle(record.parent!);
}

function paintProperties({ mixed }: HandleServices): Properties {
  return {
    fills: {
      get: ({ fills }) => (fills === 'mixed' ? mixed : deepFreeze(fills)),
      set: (record, value: readonly Record<string, unknown>[]) => {
        if (checkPaints(value).some(({ type }) => type === 'PATTERN')) {
          throw new Error('in set_fills: Use node.setFillsAsync to set a pattern');
        }
        record.fills = checkPaints(value);
      },
    },
    setFillsAsync: {
      get: (record) => async (value: readonly Record<string, unknown>[]) =>
        void (record.fills = checkPaints(value)),
    },
    fillStyleId: {
      get: () => '',
      set: () => {
        throw new Error(
          'in set_fillStyleId: Cannot call with documentAccess: dynamic-page. Use node.setFillStyleIdAsync instead.',
        );
      },
    },
    strokes: {
      get: ({ strokes }) => deepFreeze(strokes),
      set: (record, value: readonly Record<string, unknown>[]) => void (record.strokes = checkPaints(value)),
    },
    strokeWeight: {
      get: ({ strokeWeight }) => strokeWeight,
      set: (record, value: number) => void (record.strokeWeight = value),
    },
  };
}

const FRAME_PROPERTIES: Properties = {
  layoutMode: { get: ({ layoutMode }) => layoutMode },
  clipsContent: {
    get: ({ clipsContent }) => clipsContent,
    set: (record, value: boolean) => void (record.clipsContent = value),
  },
};

const BLEND_PROPERTIES: Properties = {
  opacity: {
    get: ({ opacity }) => opacity,
    set: (record, value: number) => {
      if (!(value >= 0 && value <= 1)) throw new Error('in set_opacity: Expected a number in [0, 1]');
      record.opacity = value;
    },
  },
  blendMode: {
    get: ({ blendMode }) => blendMode,
    set: (record, value: string) => void (record.blendMode = value),
  },
};

const CORNER_PROPERTIES: Properties = Object.fromEntries(
  ['topLeftRadius', 'topRightRadius', 'bottomRightRadius', 'bottomLeftRadius'].map((name) => [
    name,
    { get: ({ cornerRadius }: NodeRecord) => cornerRadius },
  ]),
);

function vectorProperties({ document }: HandleServices): Properties {
  return {
    vectorPaths: {
      get: (record) => deepFreeze(writePaths(record)),
      set: (record, value: readonly { windingRule: string; data: string }[]) =>
        document.setVectorPaths(record, checkVectorPaths(value)),
    },
    vectorNetwork: {
      get: () => Object.freeze({}),
      set: () => {
        throw new Error(
          'in set_vectorNetwork: Cannot call with documentAccess: dynamic-page. Use node.setVectorNetworkAsync instead.',
        );
      },
    },
  };
}
