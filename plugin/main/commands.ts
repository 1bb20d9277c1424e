/** What the plugin was run for: by its menu, by a button on a layer, or from Figma's quick actions. */
import type { BridgeResult } from '../bridge.js';
import type { QuickAction } from '../selection.js';
import { CHANGE_COMMAND } from './relaunch.js';

/** The first thing that the window is told. */
export type Launch = Pick<BridgeResult<'ui-ready'>, 'command' | 'quick'>;

/** A value that a parameter of the menu's entries may have, and what it is called while it is asked for. */
interface Choice {
  readonly name: string;
  readonly data: string;
}

/** By the keys that the manifest gives the parameters. */
const CHOICES: Readonly<Record<string, readonly Choice[]>> = {
  what: [
    { name: 'Largest object', data: 'largest' },
    { name: 'What is in the box', data: 'box' },
  ],
  as: [
    { name: 'Outlines', data: 'outlines' },
    { name: 'Cut-outs', data: 'cutouts' },
  ],
};

/** Offers the values of a parameter that fit what has been typed of it. */
export function suggestValues({ key, query, result }: ParameterInputEvent): void {
  const typed = query.trim().toLowerCase();
  result.setSuggestions((CHOICES[key] ?? []).filter(({ name }) => name.toLowerCase().includes(typed)));
}

/** @returns Nothing for a command that just opens the window, an unknown one of an older button included. */
export function readLaunch({ command, parameters = {} }: RunParametersEvent): Launch {
  const values = parameters as ParameterValues;
  const task = values['what'] === 'box' ? 'box' : 'largest';
  switch (command) {
    case CHANGE_COMMAND:
      return { command };
    case 'cut-out':
      return { quick: { name: command, task, style: 'cutouts' } };
    case 'outline':
      return { quick: { name: command, task, style: 'outlines' } };
    case 'everything':
      return { quick: { name: command, task: 'everything', ...readStyle(values['as']) } };
    default:
      return {};
  }
}

function readStyle(value: unknown): Pick<QuickAction, 'style'> {
  return value === 'outlines' || value === 'cutouts' ? { style: value } : {};
}
