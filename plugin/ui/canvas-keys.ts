/**
 * Keys on their way to the canvas. In Figma it takes them only while it has the focus; a page of our own is all
 * canvas, but for what needs the key itself.
 */
import type { Disposable } from 'vscode-jsonrpc';
import { runKey } from './canvas-session.js';
import type { CanvasSession } from './canvas-session.js';
import { commandForKey } from './keys.js';

/**
 * @param canvas Has the focus while keys are surely meant for it.
 * @param ownsPage Whether keys pressed elsewhere in the page are for the canvas, too.
 * @returns Disposing it stops listening.
 */
export function listenForKeys(canvas: HTMLElement, session: CanvasSession, ownsPage: boolean): Disposable {
  const listening = new AbortController();
  const { signal } = listening;
  const keys = new CanvasKeys(canvas, session);
  const source: HTMLElement | Document = ownsPage ? document : canvas;
  source.addEventListener('keydown', (event) => keys.down(event as KeyboardEvent), { signal });
  source.addEventListener('keyup', (event) => keys.up(event as KeyboardEvent), { signal });
  // Whoever lets go of Space elsewhere does not tell us.
  (ownsPage ? window : canvas).addEventListener('blur', () => keys.setPanning(false), { signal });
  document.addEventListener('pointerdown', () => (keys.usesPointer = true), { signal, capture: true });
  document.addEventListener('keydown', (event) => keys.noticeKey(event), { signal, capture: true });
  return { dispose: () => listening.abort() };
}

class CanvasKeys {
  /** A button clicked has the focus without being meant by Space or Enter; one reached by Tab is meant. */
  usesPointer = false;

  constructor(
    private readonly canvas: HTMLElement,
    private readonly session: CanvasSession,
  ) {}

  noticeKey({ key }: KeyboardEvent): void {
    if (key === 'Tab') this.usesPointer = false;
  }

  down(event: KeyboardEvent): void {
    if (event.defaultPrevented || !this.isForCanvas(event)) return;
    if (event.code === 'Space') {
      event.preventDefault();
      return this.setPanning(true);
    }
    const command = commandForKey(event);
    if (!command || runKey(command, this.session) === false) return;
    event.preventDefault();
    event.stopPropagation();
  }

  up(event: KeyboardEvent): void {
    if (event.code !== 'Space' || !this.session.panning) return;
    // The button that has the focus would take this for a click.
    event.preventDefault();
    this.setPanning(false);
  }

  setPanning(panning: boolean): void {
    this.session.panning = panning;
    this.canvas.dataset['over'] = panning ? 'pan' : 'image';
  }

  private isForCanvas({ key, target }: KeyboardEvent): boolean {
    if (target === this.canvas) return true;
    if (key === 'Tab' || isMenuOpen()) return false;
    if (!(target instanceof HTMLElement)) return true;
    if (target.matches('input[type=range]')) return !/^(Arrow|Page|Home|End)/.test(key);
    if (target.matches('input, textarea, select, [contenteditable]')) return false;
    return this.usesPointer || !target.matches('button, summary, a') || (key !== 'Enter' && key !== ' ');
  }
}

function isMenuOpen(): boolean {
  return document.querySelector('.popup > [aria-expanded="true"]') !== null;
}
