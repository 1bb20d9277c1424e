/** What to do with each of the selected images, and what becomes of it. */
import { Button } from '@create-figma-plugin/ui';
import { INSET_BOX, sameShares } from '../batch/box-shares.js';
import type { BoxShares } from '../batch/box-shares.js';
import type { Selected } from '../batch/list.js';
import { itemsFor } from '../batch/list.js';
import type { Commands } from '../commands.js';
import type { BatchTask } from '../../selection.js';
import type { Link } from '../situation.js';
import type { State } from '../state.js';
import { strings } from '../strings.js';
import { Choice } from './choice.js';
import { useState } from 'preact/hooks';

interface BatchChoicesProps {
  readonly state: State;
  readonly selected: Selected;
  readonly commands: Commands;
}

const words = strings.batch;

export function BatchChoices({ state, selected, commands }: BatchChoicesProps) {
  const { batch, everything, link } = state;
  const tasks = tasksFor(selected);
  // Layers are selected to be found again; that is no habit to keep for images.
  const [wantsAgain, setWantsAgain] = useState(selected.images.length === 0);
  const task: BatchTask = wantsAgain && tasks.includes('again') ? 'again' : batch.task;
  const choose = (next: BatchTask) => {
    setWantsAgain(next === 'again');
    if (next !== 'again') commands.batch.change({ type: 'taskChosen', task: next });
  };
  const count = itemsFor(task, selected).length;
  const style = batch.wanted?.style;
  return (
    <div class="batch-choices">
      <Choice label={words.tasksLabel} names={words.tasks} options={tasks} chosen={task} onChoose={choose} />
      {task === 'box' ? (
        <BoxHint box={batch.box} commands={commands} />
      ) : (
        <p class="muted">{words.hints[task]}</p>
      )}
      {task === 'again' ? (
        <Models link={link} model={batch.model} commands={commands} />
      ) : (
        <div class="batch-style">
          <span aria-hidden="true">{words.stylesLabel}</span>
          <Choice
            label={words.stylesLabel}
            names={words.styles}
            options={['outlines', 'cutouts']}
            chosen={style ?? everything.style}
            onChoose={(next) => {
              if (batch.wanted) commands.batch.change({ type: 'wanted', quick: undefined });
              commands.everything.change({ type: 'chose', choices: { style: next } });
            }}
          />
        </div>
      )}
      <div class="batch-actions">
        <Button
          fullWidth
          disabled={link.kind !== 'online'}
          onClick={() => commands.batch.start(task, selected, style)}
        >
          {words.start[task](count)}
        </Button>
      </div>
    </div>
  );
}

function tasksFor({ layers }: Selected): readonly BatchTask[] {
  return [...(['largest', 'box', 'everything'] as const), ...(layers.length > 0 ? (['again'] as const) : [])];
}

/** What the box is: in words, and as it lies in an image. */
function BoxHint({ box, commands }: { readonly box: BoxShares; readonly commands: Commands }) {
  const [x0, y0, x1, y1] = box;
  const isInset = sameShares(box, INSET_BOX);
  return (
    <div class="batch-box">
      <svg width="48" height="36" viewBox="0 0 48 36" aria-hidden="true">
        <rect x="0.5" y="0.5" width="47" height="35" rx="3" class="batch-box-image" />
        <rect
          x={48 * x0}
          y={36 * y0}
          width={48 * (x1 - x0)}
          height={36 * (y1 - y0)}
          stroke-dasharray="3 2"
          class="batch-box-box"
        />
      </svg>
      <p class="muted">
        {isInset ? words.boxInset : words.boxDrawn(words.boxSpan(x0, x1), words.boxSpan(y0, y1))}{' '}
        {!isInset && (
          <button
            type="button"
            class="link-button"
            onClick={() => commands.batch.change({ type: 'boxDrawn', box: INSET_BOX })}
          >
            {words.boxReset}
          </button>
        )}
      </p>
    </div>
  );
}

interface ModelsProps {
  readonly link: Link;
  readonly model: string | undefined;
  readonly commands: Commands;
}

/** Only there when there is a choice. */
function Models({ link, model, commands }: ModelsProps) {
  if (link.kind !== 'online' || link.server.models.length < 2) return null;
  const [first, ...others] = link.server.models;
  return (
    <label class="batch-style">
      {words.model}
      <select
        class="batch-select"
        value={model ?? first!.id}
        onChange={({ currentTarget: { value } }) =>
          commands.batch.change({ type: 'modelChosen', model: value === first!.id ? undefined : value })
        }
      >
        {[first!, ...others].map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}
