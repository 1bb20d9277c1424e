/** What becomes of the outline that was found: its edge moved, the object exchanged for all but it. */
import { MAX_GROW_PX } from '../../../protocol/hand-limits.js';
import type { Commands } from '../commands.js';
import { IconInvert } from '../icons.js';
import { grownBy, isInverted } from '../prompt-log.js';
import type { State } from '../state.js';
import { strings } from '../strings.js';

interface AdjustProps {
  readonly state: State;
  readonly commands: Commands;
}

/** Pixels; with Shift, ten of them. */
function stepOf({ shiftKey }: MouseEvent): number {
  return shiftKey ? 10 : 1;
}

export function Adjust({ state: { log, answer }, commands }: AdjustProps) {
  const { grow, growTitle, growMore, growLess, invert } = strings.outline;
  const px = grownBy(log.prompts);
  const disabled = !answer;
  const growTo = (next: number) =>
    commands.dispatch({ type: 'grown', px: Math.max(-MAX_GROW_PX, Math.min(MAX_GROW_PX, next)) });
  return (
    <div class="adjustments">
      <div class="stepper" role="group" aria-label={growTitle} title={growTitle}>
        <button
          type="button"
          aria-label={growLess}
          disabled={disabled || px <= -MAX_GROW_PX}
          onClick={(event) => growTo(px - stepOf(event))}
        >
          −
        </button>
        <output>{px === 0 ? grow : strings.outline.grownBy(px)}</output>
        <button
          type="button"
          aria-label={growMore}
          disabled={disabled || px >= MAX_GROW_PX}
          onClick={(event) => growTo(px + stepOf(event))}
        >
          +
        </button>
      </div>
      <button
        type="button"
        class="toggle"
        aria-label={invert}
        title={invert}
        aria-pressed={isInverted(log.prompts)}
        disabled={disabled}
        onClick={() => commands.dispatch({ type: 'inverted' })}
      >
        <IconInvert />
      </button>
    </div>
  );
}
