/** What the objects' outlines are to be like; they are asked for with it. */
import type { Commands } from '../commands.js';
import type { State } from '../state.js';
import { strings } from '../strings.js';
import { Fidelity } from './fidelity.js';

interface EverythingOptionsProps {
  readonly state: State;
  readonly commands: Commands;
}

export function EverythingOptions({ state, commands }: EverythingOptionsProps) {
  const { sharedEdges, sharedEdgesTitle } = strings.everything;
  return (
    <div class="run-options">
      <Fidelity state={state} commands={commands} />
      <label class="switch" title={sharedEdgesTitle}>
        <input
          type="checkbox"
          role="switch"
          checked={state.everything.sharedEdges}
          onChange={({ currentTarget }) =>
            commands.everything.change({ type: 'chose', choices: { sharedEdges: currentTarget.checked } })
          }
        />
        <span>
          {sharedEdges} <span class="muted">{strings.everything.sharedEdgesHint}</span>
        </span>
      </label>
    </div>
  );
}
