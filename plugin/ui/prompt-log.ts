/**
 * What the person did, as a replayable log with undo. The log is what the sidecar is asked with, so a lost
 * connection loses nothing, and one step of undo is one prompt.
 */
import { meansSomething } from '../../models/meaning.js';
import type { Prompt } from '../../protocol/prompt.js';

export interface PromptLog {
  readonly prompts: readonly Prompt[];
  /** Earlier logs, oldest first; undo goes back to the last of them. */
  readonly past: readonly (readonly Prompt[])[];
  /** Undone logs, the next to redo last. */
  readonly future: readonly (readonly Prompt[])[];
}

export const EMPTY_LOG: PromptLog = { prompts: [], past: [], future: [] };

/** Adds a prompt. A second box takes the place of the first: a decode knows one. */
export function addPrompt(log: PromptLog, prompt: Prompt): PromptLog {
  const box = prompt.type === 'box' ? log.prompts.findIndex((p) => p.type === 'box') : -1;
  return box < 0 ? commit(log, [...log.prompts, prompt]) : replacePrompt(log, box, prompt);
}

/** Begins anew, from an object that was found or a layer; undo goes back to what was marked before. */
export function startFrom(log: PromptLog, prompts: readonly Prompt[]): PromptLog {
  return commit(log, prompts);
}

/** Changes one prompt as a step of its own. */
export function replacePrompt(log: PromptLog, index: number, prompt: Prompt): PromptLog {
  return commit(log, withPrompt(log.prompts, index, prompt));
}

/** Changes one prompt within the current step: what the moves after the first one of a drag do. */
export function amendPrompt(log: PromptLog, index: number, prompt: Prompt): PromptLog {
  return { prompts: withPrompt(log.prompts, index, prompt), past: log.past, future: [] };
}

/** Removes one prompt; picks that no longer follow anything go with it. */
export function removePrompt(log: PromptLog, index: number): PromptLog {
  const rest = log.prompts.filter((_, i) => i !== index);
  const asksAnew = meansSomething(log.prompts[index]!);
  // With the last mark goes what was to become of its object.
  if (!rest.some(meansSomething)) return commit(log, []);
  return commit(
    log,
    rest.filter((prompt, i) => {
      if (prompt.type !== 'pick') return true;
      // Of two that come together the later one is what is shown, unless it was of another answer.
      return i > 0 && rest[asksAnew ? i - 1 : i + 1]?.type !== 'pick';
    }),
  );
}

/** Index of the last prompt that is no pick, or −1: what Backspace removes. */
export function lastPlaced(prompts: readonly Prompt[]): number {
  let index = prompts.length - 1;
  while (prompts[index]?.type === 'pick') index -= 1;
  return index;
}

/** Picks a candidate of the answer so far; picking again changes the pick, it does not add one. */
export function pickCandidate(log: PromptLog, rank: number): PromptLog {
  const pick: Prompt = { type: 'pick', rank };
  const last = log.prompts.length - 1;
  if (log.prompts[last]?.type === 'pick') return amendPrompt(log, last, pick);
  return commit(log, [...log.prompts, pick]);
}

/** Moves the object's edge; one entry says how far, wherever it stands. */
export function growTo(log: PromptLog, px: number): PromptLog {
  const index = log.prompts.findIndex(({ type }) => type === 'grow');
  if (px === grownBy(log.prompts)) return log;
  if (px === 0) return removePrompt(log, index);
  const grow: Prompt = { type: 'grow', px };
  return index < 0 ? commit(log, [...log.prompts, grow]) : replacePrompt(log, index, grow);
}

/** How far outside of where it was found the edge is to be, image pixels. */
export function grownBy(prompts: readonly Prompt[]): number {
  return prompts.flatMap((prompt) => (prompt.type === 'grow' ? [prompt.px] : [])).at(-1) ?? 0;
}

/** Turns the object into all but it, or back. What was marked in between keeps its meaning. */
export function invert(log: PromptLog): PromptLog {
  const last = lastPlaced(log.prompts);
  if (log.prompts[last]?.type === 'invert') return removePrompt(log, last);
  return commit(log, [...log.prompts, { type: 'invert' }]);
}

export function isInverted(prompts: readonly Prompt[]): boolean {
  return prompts.filter(({ type }) => type === 'invert').length % 2 === 1;
}

/** Empties the log; undo brings it back. */
export function clearPrompts(log: PromptLog): PromptLog {
  return log.prompts.length === 0 ? log : commit(log, []);
}

export function undo(log: PromptLog): PromptLog {
  const previous = log.past.at(-1);
  if (!previous) return log;
  return { prompts: previous, past: log.past.slice(0, -1), future: [...log.future, log.prompts] };
}

export function redo(log: PromptLog): PromptLog {
  const next = log.future.at(-1);
  if (!next) return log;
  return { prompts: next, past: [...log.past, log.prompts], future: log.future.slice(0, -1) };
}

/**
 * What to ask the sidecar: a pick at the very end chooses among candidates that are here already, so it asks
 * nothing new.
 */
export function askedPrompts(prompts: readonly Prompt[]): readonly Prompt[] {
  return prompts.slice(0, lastPlaced(prompts) + 1);
}

function commit(log: PromptLog, prompts: readonly Prompt[]): PromptLog {
  return { prompts, past: [...log.past, log.prompts], future: [] };
}

function withPrompt(prompts: readonly Prompt[], index: number, prompt: Prompt): readonly Prompt[] {
  return prompts.map((old, i) => (i === index ? prompt : old));
}
