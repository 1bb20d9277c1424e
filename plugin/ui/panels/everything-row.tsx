/** One found object in the list: its picture, its name, whether it is chosen. */
import { useEffect, useRef } from 'preact/hooks';
import type { ShownObject } from '../everything/arrange.js';
import { colorOf } from '../everything/overlay.js';
import { IconDisclosure, IconWorkOn } from '../icons.js';
import { strings } from '../strings.js';
import type { ThumbnailCache } from './thumbnail-cache.js';
import { THUMBNAIL_SIZE } from './thumbnail-cache.js';

/** CSS pixels. */
export const ROW_HEIGHT = 32;
const INDENT = 14;
/** Deeper levels stand below each other, or names would have no room. */
const MAX_INDENTS = 8;

interface EverythingRowProps {
  readonly object: ShownObject;
  /** Where it is in the list, in CSS pixels. */
  readonly top: number;
  readonly check: 'true' | 'false' | 'mixed';
  readonly isFolded: boolean;
  readonly isActive: boolean;
  readonly isHovered: boolean;
  readonly hasLayer: boolean;
  readonly thumbnails: ThumbnailCache;
  onHover(): void;
  onToggle(): void;
  onFold(isFolded: boolean): void;
  onOpen(): void;
}

export function rowId(id: number): string {
  return `object-${id}`;
}

export function EverythingRow(props: EverythingRowProps) {
  const { object, check, isFolded, hasLayer } = props;
  const { mask, depth, partCount, siblings } = object;
  const words = strings.everything;
  return (
    <div
      id={rowId(mask.id)}
      class="row"
      role="treeitem"
      aria-level={depth + 1}
      aria-setsize={siblings.length}
      aria-posinset={siblings.indexOf(object) + 1}
      aria-expanded={partCount > 0 ? !isFolded : undefined}
      aria-checked={check}
      aria-label={hasLayer ? `${mask.name}, ${words.layeredBadge}` : mask.name}
      data-active={props.isActive}
      data-hovered={props.isHovered}
      style={{ top: `${props.top}px`, paddingLeft: `${8 + INDENT * Math.min(MAX_INDENTS, depth)}px` }}
      onPointerEnter={props.onHover}
      onClick={props.onToggle}
    >
      <span
        class="disclosure"
        aria-hidden="true"
        data-folded={isFolded}
        onClick={(event) => {
          if (partCount === 0) return;
          event.stopPropagation();
          props.onFold(!isFolded);
        }}
      >
        {partCount > 0 && <IconDisclosure />}
      </span>
      <span class="box" aria-hidden="true" data-check={check} />
      <Picture object={object} thumbnails={props.thumbnails} />
      <span class="row-name" title={mask.name}>
        {mask.name}
      </span>
      {hasLayer && <span class="badge">{words.layeredBadge}</span>}
      <span
        class="row-open"
        aria-hidden="true"
        title={words.open}
        onClick={(event) => {
          event.stopPropagation();
          props.onOpen();
        }}
      >
        <IconWorkOn />
      </span>
    </div>
  );
}

/** Drawn when its row appears, and kept for when it appears again. */
function Picture({ object, thumbnails }: Pick<EverythingRowProps, 'object' | 'thumbnails'>) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const { mask } = object;
  useEffect(() => thumbnails.drawLater(canvas.current!, mask), [thumbnails, mask.outline]);
  return (
    <canvas
      ref={canvas}
      class="row-picture"
      width={2 * THUMBNAIL_SIZE}
      height={2 * THUMBNAIL_SIZE}
      style={{ borderColor: colorOf(mask.id) }}
    />
  );
}
