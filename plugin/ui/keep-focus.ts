/**
 * Keeps the focus in the window. A button that is pressed often goes, or is of no more use, by being pressed: then the
 * browser drops the focus, and with it the place of whoever works with keys.
 */
import type { Disposable } from 'vscode-jsonrpc';

/** Matches what Tab stops at. */
export const FOCUSABLE =
  ':is(button, input, summary, [tabindex]):not(:disabled, [tabindex="-1"], [hidden] *)';

/**
 * @param root Everything in which the focus can be.
 * @returns Disposing it lets go.
 */
export function keepFocus(root: HTMLElement): Disposable {
  /** What has the focus, and all that it lies in, from the inside out. */
  let path: readonly Element[] = [];
  const restore = () => {
    const [last] = path;
    // While another window has the keys, they stay there; see to it on return.
    if (!last || !document.hasFocus() || hasFocus() || isUsable(last)) return;
    findNearest(path)?.focus();
  };
  const listening = new AbortController();
  const { signal } = listening;
  root.addEventListener('focusin', ({ target }) => (path = pathOf(target as Element, root)), { signal });
  // Who clicks beside everything wants nothing focused.
  root.addEventListener(
    'pointerdown',
    ({ target }) => {
      if (!(target as Element).closest(FOCUSABLE)) path = [];
    },
    { signal, capture: true },
  );
  window.addEventListener('focus', restore, { signal });
  const watching = new MutationObserver(restore);
  watching.observe(root, {
    subtree: true,
    childList: true,
    attributes: true,
    attributeFilter: ['disabled', 'hidden'],
  });
  return {
    dispose() {
      listening.abort();
      watching.disconnect();
    },
  };
}

/** Whether anything that can be used has it; a button just disabled keeps it until the next frame only. */
function hasFocus(): boolean {
  const { activeElement } = document;
  return activeElement !== null && activeElement !== document.body && isUsable(activeElement);
}

function isUsable(element: Element): boolean {
  return element.isConnected && element.matches(FOCUSABLE) && element.checkVisibility();
}

function pathOf(target: Element, root: Element): readonly Element[] {
  const path: Element[] = [];
  for (let element: Element | null = target; element; element = element.parentElement) {
    path.push(element);
    if (element === root) break;
  }
  return path;
}

/** What comes next in the smallest part that is still there and has something to focus; else the last before it. */
function findNearest(path: readonly Element[]): HTMLElement | undefined {
  const [last] = path;
  for (const part of path.slice(1)) {
    if (!part.isConnected) continue;
    const choices = [...part.querySelectorAll<HTMLElement>(FOCUSABLE)].filter(isUsable);
    const isAfter = (element: Element) =>
      !last!.isConnected || last!.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_FOLLOWING;
    const nearest = choices.find(isAfter) ?? choices.at(-1);
    if (nearest) return nearest;
  }
  return undefined;
}
