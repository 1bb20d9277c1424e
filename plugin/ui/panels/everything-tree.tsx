/** The found objects as a tree: only the rows on the screen exist, so five hundred scroll as five do. */
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Commands } from '../commands.js';
import type { ShownObject } from '../everything/arrange.js';
import { hoveredObject } from '../everything/state.js';
import type { Everything } from '../everything/state.js';
import { checkState, moveForKey, rowOf, visibleRows } from '../everything/tree.js';
import type { SourceImage } from '../situation.js';
import { strings } from '../strings.js';
import { EverythingChooseAll } from './everything-choose-all.js';
import { EverythingRow, rowId, ROW_HEIGHT } from './everything-row.js';
import { scrollToRow, SPARE_ROWS, useRowWindow } from './row-window.js';
import { ThumbnailCache } from './thumbnail-cache.js';

interface EverythingTreeProps {
  readonly everything: Everything;
  readonly image: SourceImage;
  readonly commands: Commands;
}

/** The list follows the pointer on the image once that rests, in milliseconds. */
const FOLLOW_MS = 150;

export function EverythingTree({ everything, image, commands }: EverythingTreeProps) {
  const { shown, collapsed, unchecked, layered, hover } = everything;
  const words = strings.everything;
  const rows = useMemo(() => visibleRows(shown, collapsed), [shown, collapsed]);
  const [activeId, setActiveId] = useState<number>();
  const active = Math.max(
    0,
    rows.findIndex(({ mask }) => mask.id === activeId),
  );
  const thumbnails = useMemo(() => new ThumbnailCache(image.pixels), [image]);
  const tree = useRef<HTMLDivElement>(null);
  const [first, end] = useRowWindow(tree, rows.length, ROW_HEIGHT);
  const hovered = rowOf(rows, hoveredObject(everything));
  useFollow(tree, hover?.from === 'canvas' ? hovered : -1);

  const go = (index: number) => {
    setActiveId(rows[index]!.mask.id);
    commands.everything.pointAtObject(rows[index]);
    scrollToRow(tree.current!, index, ROW_HEIGHT);
  };
  const toggle = (object: ShownObject) =>
    commands.everything.change({
      type: 'checked',
      id: object.mask.id,
      checked: checkState(object, unchecked) !== 'true',
    });
  const fold = (id: number, isFolded: boolean) =>
    commands.everything.change({ type: 'folded', id, isFolded });
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const page = Math.max(1, end - first - 2 * SPARE_ROWS);
    const move = moveForKey(event.key, rows, active, collapsed, page);
    if (!move) return;
    event.preventDefault();
    event.stopPropagation();
    const object = rows[active]!;
    if (move.kind === 'go') go(move.index);
    else if (move.kind === 'fold') fold(object.mask.id, move.isFolded);
    else if (move.kind === 'check') toggle(object);
    else commands.everything.take(object);
  };
  return (
    <div class="tree-frame">
      <EverythingChooseAll everything={everything} commands={commands} />
      {rows.length === 0 && <p class="tree-empty muted">{words.allHidden}</p>}
      <div
        ref={tree}
        class="tree"
        role="tree"
        aria-label={words.tree}
        aria-multiselectable="true"
        tabIndex={0}
        aria-activedescendant={rows.length > 0 ? rowId(rows[active]!.mask.id) : undefined}
        onKeyDown={onKeyDown}
        onPointerLeave={() => commands.everything.pointAtObject(undefined)}
      >
        <div class="tree-rows" style={{ height: `${rows.length * ROW_HEIGHT}px` }}>
          {rows.slice(first, end).map((object, i) => (
            <EverythingRow
              key={object.mask.id}
              object={object}
              top={(first + i) * ROW_HEIGHT}
              check={checkState(object, unchecked)}
              isFolded={collapsed.has(object.mask.id)}
              isActive={first + i === active}
              isHovered={first + i === hovered}
              hasLayer={layered.has(object.mask.id)}
              thumbnails={thumbnails}
              onHover={() => commands.everything.pointAtObject(object)}
              onToggle={() => (setActiveId(object.mask.id), toggle(object))}
              onFold={(isFolded) => fold(object.mask.id, isFolded)}
              onOpen={() => commands.everything.take(object)}
            />
          ))}
        </div>
      </div>
    </div>
  );
}

/** Scrolls to the row of what the pointer rests on, on the image. */
function useFollow(tree: { readonly current: HTMLElement | null }, row: number): void {
  useEffect(() => {
    if (row < 0) return;
    const timer = setTimeout(() => scrollToRow(tree.current!, row, ROW_HEIGHT), FOLLOW_MS);
    return () => clearTimeout(timer);
  }, [row]);
}
