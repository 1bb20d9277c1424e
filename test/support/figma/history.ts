/** Copies of a whole document, to go back to. */
import { dump } from './tree.js';
import type { NodeRecord } from './tree.js';
import type { DocumentDump } from './types.js';

/** What a document consists of. */
export interface Content {
  readonly pages: NodeRecord[];
  readonly selections: Map<NodeRecord, NodeRecord[]>;
  readonly fileData: Map<string, string>;
  currentPage: NodeRecord;
}

/** A copy that nothing changes any more. */
export type Snapshot = Readonly<Content>;

export function takeSnapshot({ pages, selections, fileData, currentPage }: Content): Snapshot {
  const copies = new Map<NodeRecord, NodeRecord>();
  const copy = (record: NodeRecord, parent: NodeRecord | null): NodeRecord => {
    const made = { ...record, parent, children: [], pluginData: new Map(record.pluginData) } as NodeRecord;
    copies.set(record, made);
    made.children.push(...record.children.map((child) => copy(child, made)));
    return made;
  };
  const copied = pages.map((page) => copy(page, null));
  return {
    pages: copied,
    selections: new Map(
      [...selections].map(([page, nodes]) => [copies.get(page)!, nodes.map((node) => copies.get(node)!)]),
    ),
    fileData: new Map(fileData),
    currentPage: copies.get(currentPage)!,
  };
}

/** Whatever plugin code still holds of the nodes that there were is of no use afterwards. */
export function restoreSnapshot(document: Content, snapshot: Snapshot): void {
  const { pages, selections, fileData, currentPage } = takeSnapshot(snapshot);
  document.pages.splice(0, document.pages.length, ...pages);
  refill(document.selections, selections);
  refill(document.fileData, fileData);
  document.currentPage = currentPage;
}

/** All that a person can tell two states of a document by. */
export function dumpDocument({ pages, selections, fileData, currentPage }: Content): DocumentDump {
  return {
    pages: pages.map(dump),
    selection: (selections.get(currentPage) ?? []).map(({ id }) => id),
    fileData: Object.fromEntries(fileData),
  };
}

function refill<K, V>(map: Map<K, V>, entries: ReadonlyMap<K, V>): void {
  map.clear();
  for (const [key, value] of entries) map.set(key, value);
}
