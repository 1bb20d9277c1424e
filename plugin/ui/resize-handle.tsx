/** The corner by which the plugin's window is resized; Figma offers none of its own. */
import { strings } from './strings.js';
import type { Size } from '../../protocol/geometry.js';

const SMALLEST_WINDOW: Size = { width: 320, height: 480 };
/** One press of an arrow key. */
const KEY_STEP = 32;

const KEY_MOVES: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-KEY_STEP, 0],
  ArrowRight: [KEY_STEP, 0],
  ArrowUp: [0, -KEY_STEP],
  ArrowDown: [0, KEY_STEP],
};

export function ResizeHandle({ onResize }: { onResize(size: Size): void }) {
  const resizeTo = (width: number, height: number) =>
    onResize({
      width: Math.round(Math.max(SMALLEST_WINDOW.width, width)),
      height: Math.round(Math.max(SMALLEST_WINDOW.height, height)),
    });
  return (
    <button
      type="button"
      class="resize-handle"
      aria-label={strings.resize}
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={(event) => {
        if (event.currentTarget.hasPointerCapture(event.pointerId))
          resizeTo(event.clientX + 4, event.clientY + 4);
      }}
      onKeyDown={({ key }) => {
        const move = KEY_MOVES[key];
        if (move) resizeTo(innerWidth + move[0], innerHeight + move[1]);
      }}
    >
      <svg width="12" height="12" viewBox="0 0 12 12" stroke="currentColor" aria-hidden="true">
        <path d="M11 3 3 11M11 7l-4 4" />
      </svg>
    </button>
  );
}
