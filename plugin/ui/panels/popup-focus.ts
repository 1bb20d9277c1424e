/** Keys within an open popup: arrows walk through what is in it, Tab out of it closes it. */
import type { RefObject } from 'preact';
import { useEffect } from 'preact/hooks';

const ITEMS = 'button, summary';

/** Focuses what is current when it opens, else the first thing in it. */
export function useFocusOnOpen(panel: RefObject<HTMLElement>, isOpen: boolean): void {
  useEffect(() => {
    if (!isOpen) return;
    const [first] = itemsOf(panel.current!);
    const current = panel.current!.querySelector<HTMLElement>('[aria-current="true"]');
    (current ?? first)?.focus();
  }, [isOpen]);
}

/** @returns Whether the key was one for walking. */
export function walkItems(panel: HTMLElement, key: string): boolean {
  const items = itemsOf(panel);
  const at = items.indexOf(document.activeElement as HTMLElement);
  const next = { ArrowDown: at + 1, ArrowUp: at < 0 ? -1 : at - 1, Home: 0, End: -1 }[key];
  if (next === undefined || items.length === 0) return false;
  items.at(next % items.length)!.focus();
  return true;
}

/** What is folded away cannot be walked to. */
function itemsOf(panel: HTMLElement): HTMLElement[] {
  return [...panel.querySelectorAll<HTMLElement>(ITEMS)].filter((item) => item.checkVisibility());
}
