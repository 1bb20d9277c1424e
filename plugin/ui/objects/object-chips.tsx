/** The objects that are marked, over the image's corner: one to go on with, another to begin, merging and splitting. */
import { useMemo } from 'preact/hooks';
import type { Commands } from '../commands.js';
import { chosenCandidate } from '../question.js';
import type { State } from '../state.js';
import { strings } from '../strings.js';
import { objectColour } from './colours.js';
import { countParts } from './parts.js';
import { objectIds } from './shelf.js';

interface ObjectChipsProps {
  readonly state: State;
  readonly commands: Commands;
}

/** What is deleted is the object that has the focus; undo brings its marks back. */
function clearByKey(event: KeyboardEvent, id: number, commands: Commands): void {
  if (event.key !== 'Delete' && event.key !== 'Backspace') return;
  event.preventDefault();
  event.stopPropagation();
  commands.chooseObject(id);
  commands.dispatch({ type: 'cleared' });
}

export function ObjectChips({ state, commands }: ObjectChipsProps) {
  const { objects } = strings;
  const ids = objectIds(state.shelf);
  const chosen = chosenCandidate(state);
  const path = chosen && chosen.outline.rings > 1 ? chosen.outline.path : undefined;
  const parts = useMemo(() => (path === undefined ? 1 : countParts(path)), [path]);
  if (state.tab !== 'object' || (ids.length < 2 && !chosen)) return null;
  return (
    <div class="chips" role="group" aria-label={objects.group}>
      {ids.length > 1 &&
        ids.map((id) => (
          <button
            key={id}
            type="button"
            class="chip"
            aria-pressed={id === state.shelf.currentId}
            aria-label={objects.name(id)}
            title={objects.name(id)}
            onClick={() => commands.chooseObject(id)}
            onKeyDown={(event) => clearByKey(event, id, commands)}
          >
            <span class="chip-dot" style={{ background: objectColour(id) }} />
            {id}
          </button>
        ))}
      <button
        type="button"
        class="chip"
        aria-label={objects.add}
        title={`${objects.add} (N)`}
        disabled={state.log.prompts.length === 0}
        onClick={() => commands.addObject()}
      >
        +
      </button>
      {ids.length > 1 && (
        <button type="button" class="chip" title={objects.mergeTitle} onClick={() => commands.merge()}>
          {objects.merge}
        </button>
      )}
      {parts > 1 && (
        <button type="button" class="chip" title={objects.splitTitle} onClick={() => commands.split()}>
          {objects.split}
        </button>
      )}
    </div>
  );
}
