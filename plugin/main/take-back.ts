/**
 * Takes changes back that were made before Figma refused one.
 *
 * What is promised: a request that fails leaves the document as it was, and a selection that it changed. Where Figma
 * refuses that, too, because the file became read-only in the middle, the failure is LEFT_BEHIND and names what is
 * still there. Every request that changes layers commits an undo step before its first change, so that one undo, once
 * the file can be edited again, takes away exactly that.
 */
import { CodedError } from '../../protocol/errors.js';

/** Something that was changed, or may have been. */
export interface Change {
  /** What is left when it cannot be taken back, to stand in a list. */
  readonly what: string;
  /** Puts back what differs from before, and touches nothing else. May throw. */
  readonly takeBack: () => void;
}

const UNDO = 'Undo once in Figma, which takes it back.';

/** @returns The change of having made a node. */
export function madeNode(node: SceneNode, what: string): Change {
  return {
    what,
    takeBack: () => {
      if (!node.removed) node.remove();
    },
  };
}

/**
 * Takes back each change for itself: one that Figma holds on to does not keep the others. What failed is tried once
 * more at the end, when nothing else is in its way.
 *
 * @returns What could not be taken back.
 */
export function takeAllBack(changes: readonly Change[]): readonly string[] {
  const left = changes.filter(isHeld).filter(isHeld);
  return [...new Set(left.map(({ what }) => what))];
}

function isHeld({ takeBack }: Change): boolean {
  try {
    takeBack();
    return false;
  } catch (error) {
    console.warn(error);
    return true;
  }
}

/**
 * The error to fail with: what went wrong first, and what is left of the changes if anything is.
 *
 * @param hint What takes away what is left.
 */
export function withLeft(error: CodedError, left: readonly string[], hint = UNDO): CodedError {
  if (left.length === 0) return error;
  const message = `${error.message} Figma did not let the plugin take back ${left.join(', ')} either.`;
  return new CodedError('LEFT_BEHIND', message, `${hint} ${error.hint}`, { cause: error });
}
