/** What becomes of the image when its object is separated from it: small, below the ways to use the outline. */
import type { OriginalAfter as Choice } from '../../bridge.js';
import type { Commands } from '../commands.js';
import type { State } from '../state.js';
import { strings } from '../strings.js';

interface OriginalAfterProps {
  readonly state: Pick<State, 'originalAfter'>;
  readonly commands: Commands;
}

const CHOICES: readonly Choice[] = ['keep', 'hide', 'lock'];

export function OriginalAfter({ state, commands }: OriginalAfterProps) {
  const { label, choices } = strings.originalAfter;
  return (
    <div class="original-after" role="group" aria-label={label}>
      <p class="muted" aria-hidden="true">
        {label}
      </p>
      {CHOICES.map((choice) => (
        <button
          key={choice}
          type="button"
          class="toggle"
          aria-pressed={state.originalAfter === choice}
          onClick={() => commands.dispatch({ type: 'originalAfterChosen', originalAfter: choice })}
        >
          <span>{choices[choice]}</span>
        </button>
      ))}
    </div>
  );
}
