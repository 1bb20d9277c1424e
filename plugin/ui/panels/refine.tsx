/** Whether edges are found in the image itself. */
import { isRefinable } from '../../../models/coordinates.js';
import type { Commands } from '../commands.js';
import { isAnswered, isSettled } from '../question.js';
import { imageOf } from '../situation.js';
import type { State } from '../state.js';
import { strings } from '../strings.js';

interface RefineProps {
  readonly state: State;
  readonly commands: Commands;
}

export function Refine({ state, commands }: RefineProps) {
  const { refine, refineHint, refining, refineTitle, refineNeedless } = strings.outline;
  const image = imageOf(state);
  const isNeedless = image !== undefined && !isRefinable(image);
  const isRefining = isAnswered(state) && !isSettled(state) && state.work.kind !== 'failed';
  return (
    <label class="switch refine" title={isNeedless ? refineNeedless : refineTitle}>
      <input
        type="checkbox"
        role="switch"
        checked={state.refine && !isNeedless}
        disabled={isNeedless}
        onChange={({ currentTarget }) =>
          commands.dispatch({ type: 'refineChosen', refine: currentTarget.checked })
        }
      />
      <span>
        {refine} <span class="muted">{isRefining ? refining : refineHint}</span>
      </span>
    </label>
  );
}
