/** The pretended document: records of nodes, and what Figma does by itself when the tree changes. */
import { boundsOfBox, invert, multiply, singlePrecision } from './matrix.js';
import type { PathCommand } from './paths.js';
import { writePath } from './paths.js';
import type { NodeDump, Transform } from './types.js';

export interface NodeRecord {
  readonly id: string;
  readonly type: string;
  name: string;
  parent: NodeRecord | null;
  readonly children: NodeRecord[];
  /** Relative to the nearest container. Groups have none of their own. */
  relative: Transform;
  width: number;
  height: number;
  fills: readonly Record<string, unknown>[] | 'mixed';
  strokes: readonly Record<string, unknown>[];
  strokeWeight: number;
  paths: { windingRule: string; commands: PathCommand[] }[];
  layoutMode: string;
  layoutPositioning: string;
  padding: number;
  itemSpacing: number;
  locked: boolean;
  visible: boolean;
  clipsContent: boolean;
  opacity: number;
  blendMode: string;
  cornerRadius: number;
  isMask: boolean;
  maskType: string;
  readonly pluginData: Map<string, string>;
  relaunchData: Readonly<Record<string, string>>;
  removed: boolean;
}

export const UNIT: Transform = [
  [1, 0, 0],
  [0, 1, 0],
];

/** A node as `figma.create…` makes it. */
export function newRecord(id: string, type: string): NodeRecord {
  const white = {
    type: 'SOLID',
    visible: true,
    opacity: 1,
    blendMode: 'NORMAL',
    color: { r: 1, g: 1, b: 1 },
  };
  return {
    id,
    type,
    name: type[0] + type.slice(1).toLowerCase(),
    parent: null,
    children: [],
    relative: UNIT,
    width: 100,
    height: 100,
    fills: type === 'VECTOR' ? [] : [white],
    strokes: type === 'VECTOR' ? [{ ...white, color: { r: 0, g: 0, b: 0 } }] : [],
    strokeWeight: 1,
    paths: [],
    layoutMode: 'NONE',
    layoutPositioning: 'AUTO',
    padding: 0,
    itemSpacing: 0,
    locked: false,
    visible: true,
    clipsContent: true,
    opacity: 1,
    blendMode: 'NORMAL',
    cornerRadius: 0,
    isMask: false,
    maskType: 'ALPHA',
    pluginData: new Map(),
    relaunchData: {},
    removed: false,
  };
}

const isGroup = ({ type }: NodeRecord): boolean => type === 'GROUP' || type === 'BOOLEAN_OPERATION';

/** What a position is relative to: groups and boolean operations do not count. */
function containerOf(record: NodeRecord): NodeRecord {
  let container = record.parent!;
  while (isGroup(container)) container = container.parent!;
  return container;
}

/** A group lies where its children are. */
export function relativeTransform(record: NodeRecord): Transform {
  if (!isGroup(record)) return record.relative;
  const [x, y] = boundsInContainer(record);
  return [
    [1, 0, x],
    [0, 1, y],
  ];
}

export function absoluteTransform(record: NodeRecord): Transform {
  const container = containerOf(record);
  const relative = relativeTransform(record);
  return container.type === 'PAGE' ? relative : multiply(absoluteTransform(container), relative);
}

export function sizeOf(record: NodeRecord): { width: number; height: number } {
  if (!isGroup(record)) return record;
  const [x0, y0, x1, y1] = boundsInContainer(record);
  return { width: x1 - x0, height: y1 - y0 };
}

function boundsInContainer(record: NodeRecord): [number, number, number, number] {
  if (!isGroup(record)) return boundsOfBox(record.relative, record.width, record.height);
  const all = record.children.map(boundsInContainer);
  const least = (i: number): number => Math.min(...all.map((bounds) => bounds[i]!));
  const most = (i: number): number => Math.max(...all.map((bounds) => bounds[i]!));
  return [least(0), least(1), most(2), most(3)];
}

export function isInside(record: NodeRecord, type: string): boolean {
  for (let node: NodeRecord | null = record; node; node = node.parent) if (node.type === type) return true;
  return false;
}

export function pageOf(record: NodeRecord): NodeRecord {
  return record.type === 'PAGE' ? record : pageOf(record.parent!);
}

/** Every node below `record`, itself first. */
export function* walk(record: NodeRecord): Generator<NodeRecord> {
  yield record;
  for (const child of record.children) yield* walk(child);
}

/** Moves a node under a parent; its own transform stays the number it was. */
export function attach(parent: NodeRecord, record: NodeRecord, index: number): void {
  const before = record.parent;
  if (before) before.children.splice(before.children.indexOf(record), 1);
  parent.children.splice(index, 0, record);
  record.parent = parent;
  // Figma forgets the exemption when the new parent has no layout to be exempt from.
  if (parent.layoutMode === 'NONE') record.layoutPositioning = 'AUTO';
  if (before) dropIfEmptyGroup(before);
  settle(parent);
}

/** Puts nodes into a new group, which is among `parent`'s children already; they stay where they are on the page. */
export function gather(group: NodeRecord, records: readonly NodeRecord[]): void {
  for (const record of records) {
    const places = positioned(record).map((node) => ({ node, absolute: absoluteTransform(node) }));
    attach(group, record, group.children.length);
    for (const { node, absolute } of places) {
      const container = containerOf(node);
      const relative =
        container.type === 'PAGE' ? absolute : multiply(invert(absoluteTransform(container)), absolute);
      node.relative = singlePrecision(relative);
    }
  }
  settle(group);
}

/** The node itself, or what is in it if it is a kind of group and so has no position of its own. */
function positioned(record: NodeRecord): NodeRecord[] {
  return isGroup(record) ? record.children.flatMap(positioned) : [record];
}

export function detach(record: NodeRecord): void {
  const parent = record.parent!;
  parent.children.splice(parent.children.indexOf(record), 1);
  for (const node of walk(record)) node.removed = true;
  if (!dropIfEmptyGroup(parent)) settle(parent);
}

function dropIfEmptyGroup(parent: NodeRecord): boolean {
  if (!isGroup(parent) || parent.children.length > 0 || parent.removed) return false;
  detach(parent);
  return true;
}

/** Lays out every auto-layout frame from `record` upwards. */
export function settle(record: NodeRecord): void {
  for (let node: NodeRecord | null = record; node; node = node.parent) {
    if (node.layoutMode !== 'NONE') arrange(node);
  }
}

function arrange(frame: NodeRecord): void {
  const horizontal = frame.layoutMode === 'HORIZONTAL';
  let cursor = frame.padding;
  for (const child of frame.children) {
    if (child.layoutPositioning === 'ABSOLUTE') continue;
    const [x0, y0, x1, y1] = boundsInContainer(child);
    const dx = (horizontal ? cursor : frame.padding) - x0;
    const dy = (horizontal ? frame.padding : cursor) - y0;
    moveBy(child, dx, dy);
    cursor += (horizontal ? x1 - x0 : y1 - y0) + frame.itemSpacing;
  }
}

function moveBy(record: NodeRecord, dx: number, dy: number): void {
  if (isGroup(record)) {
    for (const child of record.children) moveBy(child, dx, dy);
    return;
  }
  const [[a, c, tx], [b, d, ty]] = record.relative;
  record.relative = singlePrecision([
    [a, c, tx + dx],
    [b, d, ty + dy],
  ]);
}

/** The node and all below it as plain data. */
export function dump(record: NodeRecord): NodeDump {
  const placed = record.type !== 'PAGE';
  const { width, height } = sizeOf(record);
  return {
    id: record.id,
    type: record.type,
    name: record.name,
    width,
    height,
    relativeTransform: placed ? relativeTransform(record) : UNIT,
    absoluteTransform: placed ? absoluteTransform(record) : UNIT,
    fills: record.fills,
    strokes: record.strokes,
    strokeWeight: record.strokeWeight,
    visible: record.visible,
    locked: record.locked,
    opacity: record.opacity,
    blendMode: record.blendMode,
    isMask: record.isMask,
    layoutPositioning: record.layoutPositioning,
    vectorPaths: writePaths(record),
    pluginData: Object.fromEntries(record.pluginData),
    relaunchData: record.relaunchData,
    children: record.children.map(dump),
  };
}

export function writePaths({ paths }: NodeRecord): { windingRule: string; data: string }[] {
  return paths.map(({ windingRule, commands }) => ({ windingRule, data: writePath(commands) }));
}
