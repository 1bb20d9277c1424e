/**
 * F6 goes from the image to the buttons and back. On the image Tab goes through the outlines, and whoever only wants to
 * leave it would choose another one on the way.
 */
import type { Disposable } from 'vscode-jsonrpc';
import { FOCUSABLE } from './keep-focus.js';

/** @returns Disposing it lets go. */
export function switchPanes(root: HTMLElement): Disposable {
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'F6' || event.altKey || event.ctrlKey || event.metaKey) return;
    const [image, buttons] = ['.stage-canvas', `.panel ${FOCUSABLE}`].map((selector) =>
      [...root.querySelectorAll<HTMLElement>(selector)].find((element) => element.checkVisibility()),
    );
    const next = document.activeElement === image ? buttons : (image ?? buttons);
    if (!next) return;
    event.preventDefault();
    next.focus();
  };
  root.addEventListener('keydown', onKeyDown);
  return { dispose: () => root.removeEventListener('keydown', onKeyDown) };
}
