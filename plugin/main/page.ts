/** Nodes and the page that they are on. */
import type { BridgeParams } from '../bridge.js';

/** @returns undefined for a node that was removed, and for the document. */
export function pageOf(node: BaseNode): PageNode | undefined {
  let above: BaseNode | null = node;
  while (above && above.type !== 'PAGE') above = above.parent;
  return above ?? undefined;
}

/** Selects the nodes that are on the page of the first one, goes there, and brings them into view; or stays where it was. */
export async function selectNodes({ nodeIds }: BridgeParams<'select-nodes'>): Promise<null> {
  const found = await Promise.all(nodeIds.map((id) => figma.getNodeByIdAsync(id)));
  const nodes = found.filter((node): node is SceneNode => node !== null && !node.removed && isOnCanvas(node));
  const page = nodes[0] && pageOf(nodes[0]);
  if (!page) return null;
  const together = nodes.filter((node) => pageOf(node)?.id === page.id);
  const before = figma.currentPage;
  if (page.id !== before.id) await figma.setCurrentPageAsync(page);
  try {
    figma.viewport.scrollAndZoomIntoView(together);
    page.selection = together;
  } catch (error) {
    if (page.id !== before.id) await figma.setCurrentPageAsync(before);
    throw error;
  }
  return null;
}

function isOnCanvas({ type }: BaseNode): boolean {
  return type !== 'DOCUMENT' && type !== 'PAGE';
}
