/** One open file: its pages, the current selection, the images it holds, and the undo history. */
import { CallLog } from './faults.js';
import { dumpDocument, restoreSnapshot, takeSnapshot } from './history.js';
import type { Snapshot } from './history.js';
import { singlePrecision } from './matrix.js';
import { boundsOfPaths, readPath, shiftPath } from './paths.js';
import { attach, detach, dump, gather, isInside, newRecord, pageOf, settle, walk } from './tree.js';
import type { NodeRecord } from './tree.js';
import type { BoundsMode, EditorType, NodeDump, NodeSpec, StoredImage } from './types.js';

export class FigmaDocument {
  readonly pages: NodeRecord[] = [];
  readonly images = new Map<string, StoredImage>();
  readonly selections = new Map<NodeRecord, NodeRecord[]>();
  /** Pages other than the current one whose content may be read. */
  readonly loadedPages = new Set<NodeRecord>();
  /** The current page as it was at each `commitUndo`. */
  readonly commits: NodeDump[] = [];
  /** What plugins keep in the file itself. */
  readonly fileData = new Map<string, string>();
  readonly log = new CallLog((nodeId) => this.removeIfThere(nodeId));
  currentPage: NodeRecord;
  private nextId = 1;
  private readonly history: Snapshot[] = [];
  private mark: { readonly snapshot: Snapshot; readonly nextId: number } | undefined;

  constructor(
    readonly bounds: BoundsMode,
    readonly editor: EditorType = 'figma',
  ) {
    this.currentPage = this.addPage('Page 1');
  }

  addPage(name: string): NodeRecord {
    const page = newRecord(`0:${this.nextId++}`, 'PAGE');
    page.name = name;
    this.pages.push(page);
    return page;
  }

  /** Where new nodes are: on the page, or on the slide that is shown. */
  private get home(): NodeRecord {
    const slides = this.editor === 'slides' ? [...walk(this.currentPage)] : [];
    return slides.find(({ type }) => type === 'SLIDE') ?? this.currentPage;
  }

  /** `figma.create…`: on top of it at once. */
  create(type: string): NodeRecord {
    const record = newRecord(`1:${this.nextId++}`, type);
    if (type === 'VECTOR') record.width = record.height = 0;
    const { home } = this;
    attach(home, record, home.children.length);
    return record;
  }

  find(id: string): NodeRecord | undefined {
    for (const page of this.pages) for (const node of walk(page)) if (node.id === id) return node;
    return undefined;
  }

  insert(parent: NodeRecord, record: NodeRecord, index: number): void {
    checkMove(parent, record, index);
    attach(parent, record, index);
  }

  /** `figma.group`. Refuses cases of which Figma's documentation does not say how they end. */
  group(records: readonly NodeRecord[], parent: NodeRecord, index?: number): NodeRecord {
    const at = index ?? parent.children.length;
    if (records.length === 0)
      throw new Error('in group: First argument must be an array of at least one node');
    for (const record of records) {
      checkMove(parent, record, at);
      if (record.parent !== parent) continue;
      if (index !== undefined && parent.children.indexOf(record) < index)
        throw new Error('Not pretended: grouping nodes below the group');
      if (parent.type === 'GROUP' && parent.children.length === records.length) {
        throw new Error('Not pretended: grouping all that is in a group');
      }
    }
    const group = newRecord(`1:${this.nextId++}`, 'GROUP');
    group.fills = [];
    group.parent = parent;
    parent.children.splice(at, 0, group);
    gather(group, records);
    return group;
  }

  remove(record: NodeRecord): void {
    if (record.parent && isInside(record.parent, 'INSTANCE')) {
      throw new Error('Removing this node is not allowed');
    }
    const selection = this.selections.get(pageOf(record));
    detach(record);
    selection?.splice(0, selection.length, ...selection.filter((node) => !node.removed));
  }

  /** Rebases the geometry to its own corner, resizes the node, and moves it to where the corner was. */
  setVectorPaths(record: NodeRecord, paths: readonly { windingRule: string; data: string }[]): void {
    const read = paths.map(({ windingRule, data }) => ({ windingRule, commands: readPath(data) }));
    const [x0, y0, x1, y1] = boundsOfPaths(
      read.map(({ commands }) => commands),
      this.bounds,
    );
    record.paths = read.map(({ windingRule, commands }) => ({
      windingRule,
      commands: shiftPath(commands, -Math.fround(x0), -Math.fround(y0)),
    }));
    record.width = Math.fround(x1 - x0);
    record.height = Math.fround(y1 - y0);
    const [[a, c, tx], [b, d, ty]] = record.relative;
    record.relative = singlePrecision([
      [a, c, tx + x0],
      [b, d, ty + y0],
    ]);
    settle(record.parent!);
  }

  /** As when the person duplicates a node: the copy lies right above it, and remembers what it remembers. */
  duplicate(record: NodeRecord): NodeRecord {
    const parent = record.parent!;
    const copy = this.copy(record, parent);
    parent.children.splice(parent.children.indexOf(record) + 1, 0, copy);
    return copy;
  }

  private copy(record: NodeRecord, parent: NodeRecord): NodeRecord {
    const id = `2:${this.nextId++}`;
    const copy: NodeRecord = { ...record, id, parent, children: [], pluginData: new Map(record.pluginData) };
    copy.children.push(...record.children.map((child) => this.copy(child, copy)));
    return copy;
  }

  /** Builds what a test describes, without any of the rules for plugins. */
  build(spec: NodeSpec, parent: NodeRecord, ids: Record<string, string>): void {
    const record = newRecord(`2:${this.nextId++}`, spec.type);
    record.name = spec.name;
    if (spec.width !== undefined) record.width = Math.fround(spec.width);
    if (spec.height !== undefined) record.height = Math.fround(spec.height);
    if (spec.transform) record.relative = singlePrecision(spec.transform);
    if (spec.fills) record.fills = spec.fills as NodeRecord['fills'];
    if (spec.locked !== undefined) record.locked = spec.locked;
    if (spec.visible !== undefined) record.visible = spec.visible;
    if (spec.opacity !== undefined) record.opacity = spec.opacity;
    if (spec.blendMode !== undefined) record.blendMode = spec.blendMode;
    if (spec.cornerRadius !== undefined) record.cornerRadius = spec.cornerRadius;
    if (spec.padding !== undefined) record.padding = spec.padding;
    if (spec.itemSpacing !== undefined) record.itemSpacing = spec.itemSpacing;
    for (const [key, value] of Object.entries(spec.pluginData ?? {})) record.pluginData.set(key, value);
    ids[spec.name] = record.id;
    record.parent = parent;
    parent.children.push(record);
    for (const child of spec.children ?? []) this.build(child, record, ids);
    if (spec.layoutMode) record.layoutMode = spec.layoutMode;
    if (spec.layoutPositioning) record.layoutPositioning = spec.layoutPositioning;
    if (parent.type === 'PAGE') for (const node of walk(record)) settle(node);
  }

  /** Empties the current page and forgets the undo history. */
  clear(): void {
    for (const node of [...this.currentPage.children]) this.remove(node);
    this.commits.length = 0;
  }

  commitUndo(): void {
    this.commits.push(dump(this.currentPage));
    this.history.push(takeSnapshot(this));
  }

  /** As when the person undoes once: back to the latest commit that looked different. */
  undo(): void {
    const now = JSON.stringify(dumpDocument(this));
    for (let last = this.history.pop(); last; last = this.history.pop()) {
      if (JSON.stringify(dumpDocument(last)) === now) continue;
      return restoreSnapshot(this, last);
    }
  }

  /** Remembers the document as it is. */
  setMark(): void {
    this.mark = { snapshot: takeSnapshot(this), nextId: this.nextId };
  }

  /** Puts everything back to the mark; new nodes get the ids that they would have got then. */
  goToMark(): void {
    const { snapshot, nextId } = this.mark!;
    restoreSnapshot(this, snapshot);
    this.nextId = nextId;
    this.commits.length = this.history.length = 0;
  }

  private removeIfThere(id: string): void {
    const record = this.find(id);
    if (record) this.remove(record);
  }
}

/** @throws Error for the moves that Figma refuses. */
function checkMove(parent: NodeRecord, record: NodeRecord, index: number): void {
  if (index < 0 || index > parent.children.length) throw new Error('Index is out of range');
  if (isInside(parent, 'INSTANCE')) {
    throw new Error('Cannot move node. New parent is an instance or is inside of an instance');
  }
  if (record.parent && isInside(record.parent, 'INSTANCE')) {
    throw new Error('Cannot move node. It is inside of an instance');
  }
  if (parent.type === 'COMPONENT_SET' && record.type !== 'COMPONENT') {
    throw new Error('Cannot move node. A component set only takes components');
  }
  if (parent.type === 'SLIDE_ROW' || parent.type === 'SLIDE_GRID') {
    throw new Error('Cannot move node. Slides are arranged in a grid of rows');
  }
  for (let node: NodeRecord | null = parent; node; node = node.parent) {
    if (node === record) throw new Error('Cannot move node into itself');
  }
}
