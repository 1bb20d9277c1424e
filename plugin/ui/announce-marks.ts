/** What a screen reader is told of marks as they are made and taken back, before there is an answer to them. */
import type { Prompt } from '../../protocol/prompt.js';
import { objectIds } from './objects/shelf.js';
import { isInverted } from './prompt-log.js';
import type { State } from './state.js';
import { strings } from './strings.js';

export function markNews(state: State, previous: State): string | undefined {
  if (state.log.prompts === previous.log.prompts && state.shelf === previous.shelf) return undefined;
  const { openLayer } = state;
  if (openLayer && openLayer !== previous.openLayer) return strings.layer.opened(openLayer.name);
  const { shelf } = state;
  const count = objectIds(shelf).length;
  if (shelf.currentId !== previous.shelf.currentId || count !== objectIds(previous.shelf).length) {
    return strings.spoken.object(strings.objects.name(shelf.currentId), count);
  }
  const [marks, before] = [state.log.prompts.flatMap(wordsOf), previous.log.prompts.flatMap(wordsOf)];
  const { spoken } = strings;
  // An object that was taken up is no mark, but can be taken back like one.
  if (marks.length === 0 && !state.answer) return spoken.cleared;
  if (marks.length < before.length) return spoken.marksLeft(marks.length);
  const changed = marks.find((words, i) => words !== before[i]);
  return changed === undefined ? inversionNews(state, previous) : spoken.marked(changed, marks.length);
}

function inversionNews(state: State, previous: State): string | undefined {
  const inverted = isInverted(state.log.prompts);
  if (inverted === isInverted(previous.log.prompts)) return undefined;
  return inverted ? `${strings.outline.invert}.` : strings.spoken.notInverted;
}

/** Where a mark is dragged to, its outline tells; what is no mark has no words. */
function wordsOf(prompt: Prompt): string[] {
  const { names, inside, outside } = strings.tools;
  const label = 'label' in prompt && prompt.label === 'outside' ? outside : inside;
  switch (prompt.type) {
    case 'point':
      return [label];
    case 'box':
      return [names.box];
    case 'stroke':
      return [`${names.brush}, ${label.toLowerCase()}`];
    case 'lasso':
      return [`${names.lasso}, ${label.toLowerCase()}`];
    default:
      return [];
  }
}
