/** A flat list of found masks → the tree that it stands for. */
import type { FoundMask } from '../../protocol/everything.js';

export interface MaskNode {
  readonly mask: FoundMask;
  /** The object that this one is a part of, as long as it is in the list too. */
  readonly parent: MaskNode | undefined;
  /** In painting order. */
  readonly parts: readonly MaskNode[];
}

export interface MaskTree {
  /** Every mask, in the order of the list. */
  readonly nodes: readonly MaskNode[];
  /** Those at the top. */
  readonly roots: readonly MaskNode[];
}

/**
 * @param masks In painting order, parents before their children. A mask whose parent is missing, or comes only
 *   after it, goes to the top.
 */
export function buildMaskTree(masks: readonly FoundMask[]): MaskTree {
  const known = new Map<number, MaskNode & { readonly parts: MaskNode[] }>();
  const nodes: MaskNode[] = [];
  const roots: MaskNode[] = [];
  for (const mask of masks) {
    const parent = mask.parent === null ? undefined : known.get(mask.parent);
    const node = { mask, parent, parts: [] };
    known.set(mask.id, node);
    nodes.push(node);
    (parent?.parts ?? roots).push(node);
  }
  return { nodes, roots };
}

/** The parent's number as files state it: null at the top. */
export function parentId({ parent }: MaskNode): number | null {
  return parent ? parent.mask.id : null;
}

/** What a mask is called where a name must be an identifier. */
export function regionId({ id }: FoundMask): string {
  return `region-${id}`;
}
