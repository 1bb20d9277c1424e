/** Which rows of a long list are on the screen, whichever of the elements around it scrolls. */
import { useEffect, useState } from 'preact/hooks';

/** Rows kept ready above and below. */
export const SPARE_ROWS = 4;

/**
 * @param list Holds the rows, or scrolls over them.
 * @returns The first row to render, and the one after the last.
 */
export function useRowWindow(
  list: { readonly current: HTMLElement | null },
  count: number,
  rowHeight: number,
): readonly [number, number] {
  const [range, setRange] = useState<readonly [number, number]>([0, 2 * SPARE_ROWS]);
  useEffect(() => {
    const update = () => {
      const [top, bottom] = visiblePart(list.current!);
      const first = Math.max(0, Math.floor(top / rowHeight) - SPARE_ROWS);
      const end = Math.ceil(bottom / rowHeight) + SPARE_ROWS;
      setRange((range) => (range[0] === first && range[1] === end ? range : [first, end]));
    };
    update();
    // Scrolling does not bubble, but it can be caught on its way down.
    document.addEventListener('scroll', update, { capture: true, passive: true });
    const resizing = new ResizeObserver(update);
    resizing.observe(list.current!);
    const scroller = scrollerOf(list.current!);
    if (scroller) resizing.observe(scroller);
    return () => {
      document.removeEventListener('scroll', update, { capture: true });
      resizing.disconnect();
    };
  }, [count, rowHeight]);
  return [Math.min(range[0], count), Math.min(range[1], count)];
}

/** Scrolls as little as shows a row. */
export function scrollToRow(list: HTMLElement, row: number, rowHeight: number): void {
  const [top, bottom] = visiblePart(list);
  const above = row * rowHeight - top;
  const below = (row + 1) * rowHeight - bottom;
  const by = above < 0 ? above : below > 0 ? below : 0;
  const scroller = isScrolling(list) ? list : scrollerOf(list);
  if (by !== 0) scroller?.scrollBy({ top: by });
}

/** What can be seen of the rows, in pixels from the top of the first. */
function visiblePart(list: HTMLElement): readonly [number, number] {
  const rows = list.firstElementChild!.getBoundingClientRect();
  const own = list.getBoundingClientRect();
  const outer = scrollerOf(list)?.getBoundingClientRect() ?? own;
  const top = Math.max(own.top, outer.top) - rows.top;
  const bottom = Math.min(own.bottom, outer.bottom) - rows.top;
  return [top, Math.max(top, bottom)];
}

function scrollerOf(list: HTMLElement): HTMLElement | null {
  return list.closest<HTMLElement>('.panel-content');
}

function isScrolling(element: HTMLElement): boolean {
  return element.scrollHeight > element.clientHeight + 1;
}
