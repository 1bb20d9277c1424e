/** A flat list of found masks → the tree that it stands for. */
import { CodedError } from '../../protocol/errors.js';
import type { FoundMask } from '../../protocol/everything.js';

/** What is in an image nests a few levels; programs that read nested files have limits of their own. */
const DEEPEST = 100;

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
 * @throws CodedError PARAMS_INVALID when two masks have one id, or they nest too deep for files to be read.
 */
export function buildMaskTree(masks: readonly FoundMask[]): MaskTree {
  const known = new Map<number, MaskNode & { readonly parts: MaskNode[] }>();
  const depths = new Map<MaskNode, number>();
  const nodes: MaskNode[] = [];
  const roots: MaskNode[] = [];
  for (const mask of masks) {
    const parent = mask.parent === null ? undefined : known.get(mask.parent);
    const depth = parent ? depths.get(parent)! + 1 : 0;
    if (known.has(mask.id)) throw refuse(`There are two masks ${mask.id}.`);
    if (depth > DEEPEST) throw refuse(`The masks nest deeper than ${DEEPEST} levels.`);
    const node = { mask, parent, parts: [] };
    depths.set(node, depth);
    known.set(mask.id, node);
    nodes.push(node);
    (parent?.parts ?? roots).push(node);
  }
  return { nodes, roots };
}

function refuse(message: string): CodedError {
  return new CodedError('PARAMS_INVALID', message, 'Send the masks as the sidecar answered them.');
}

/** The parent's number as files state it: null at the top. */
export function parentId({ parent }: MaskNode): number | null {
  return parent ? parent.mask.id : null;
}

/** What a mask is called where a name must be an identifier. */
export function regionId({ id }: FoundMask): string {
  return `region-${id}`;
}
