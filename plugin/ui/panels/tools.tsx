/** Tools, and what undoes them. Everything here has a key on the canvas too. */
import type { ComponentChildren, JSX } from 'preact';
import type { Commands } from '../commands.js';
import {
  IconBox,
  IconBrush,
  IconInside,
  IconLasso,
  IconOutside,
  IconPoint,
  IconRedo,
  IconUndo,
} from '../icons.js';
import { canRegroupAgain } from '../objects/shelf.js';
import type { State } from '../state.js';
import type { Label, Tool } from '../tool.js';
import { strings } from '../strings.js';

interface ToolsProps {
  readonly state: State;
  readonly commands: Commands;
}

const TOOLS: readonly (readonly [Tool, () => JSX.Element])[] = [
  ['point', IconPoint],
  ['box', IconBox],
  ['brush', IconBrush],
  ['lasso', IconLasso],
];

export function Tools({ state, commands }: ToolsProps) {
  const { tools } = strings;
  const { log } = state;
  return (
    <div class="tools">
      <div class="toggles" role="group" aria-label={tools.group}>
        {TOOLS.map(([tool, Icon]) => (
          <Toggle
            key={tool}
            pressed={state.tool === tool}
            title={tools.titles[tool]}
            onClick={() => commands.dispatch({ type: 'toolChosen', tool })}
          >
            <Icon /> {state.tool === tool && <span class="tool-name">{tools.names[tool]}</span>}
          </Toggle>
        ))}
      </div>
      {state.tool !== 'box' && <Labels state={state} commands={commands} />}
      <span class="spacer" />
      <ToolButton
        title={tools.undo}
        disabled={log.past.length === 0}
        onClick={() => commands.dispatch({ type: 'undone' })}
      >
        <IconUndo />
      </ToolButton>
      <ToolButton
        title={tools.redo}
        disabled={log.future.length === 0 && !canRegroupAgain(state)}
        onClick={() => commands.dispatch({ type: 'redone' })}
      >
        <IconRedo />
      </ToolButton>
      {state.selected === undefined ? (
        <TextButton
          disabled={log.prompts.length === 0}
          onClick={() => commands.dispatch({ type: 'cleared' })}
        >
          {tools.clear}
        </TextButton>
      ) : (
        <TextButton title={tools.removeTitle} onClick={() => commands.remove()}>
          {tools.remove}
        </TextButton>
      )}
    </div>
  );
}

/** Inside or outside: of the selected mark if there is one, else of the next click. */
function Labels({ state, commands }: ToolsProps) {
  const { tools } = strings;
  const { selected } = state;
  const mark = selected === undefined ? undefined : state.log.prompts[selected];
  const label = mark?.type === 'point' ? mark.label : state.label;
  const choose = (next: Label) => {
    if (mark?.type !== 'point') commands.dispatch({ type: 'labelChosen', label: next });
    else if (mark.label !== next) commands.flip(selected!);
  };
  return (
    <div class="toggles" role="group" aria-label={tools.labels}>
      <Toggle pressed={label === 'inside'} title={tools.inside} onClick={() => choose('inside')}>
        <IconInside />
      </Toggle>
      <Toggle pressed={label === 'outside'} title={tools.outside} onClick={() => choose('outside')}>
        <IconOutside />
      </Toggle>
    </div>
  );
}

interface ToolButtonProps {
  readonly title: string;
  readonly disabled?: boolean;
  readonly children: ComponentChildren;
  onClick(): void;
}

function ToolButton({ title, disabled, children, onClick }: ToolButtonProps) {
  return (
    <button
      type="button"
      class="icon-button"
      title={title}
      aria-label={title}
      disabled={disabled}
      onClick={onClick}
    >
      {children}
    </button>
  );
}

function TextButton({ title, disabled, children, onClick }: Partial<ToolButtonProps>) {
  return (
    <button type="button" class="text-button" title={title} disabled={disabled} onClick={onClick}>
      {children}
    </button>
  );
}

function Toggle({ pressed, title, children, onClick }: ToolButtonProps & { readonly pressed: boolean }) {
  return (
    <button
      type="button"
      class="toggle"
      title={title}
      aria-label={title}
      aria-pressed={pressed}
      onClick={onClick}
    >
      {children}
    </button>
  );
}
