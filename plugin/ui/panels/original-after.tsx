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
    <fieldset class="original-after">
      <legend class="muted">{label}</legend>
      {CHOICES.map((choice) => (
        <label key={choice}>
          <input
            type="radio"
            name="original-after"
            checked={state.originalAfter === choice}
            onChange={() => commands.dispatch({ type: 'originalAfterChosen', originalAfter: choice })}
          />
          {choices[choice]}
        </label>
      ))}
    </fieldset>
  );
}
