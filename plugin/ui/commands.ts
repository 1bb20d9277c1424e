/** What a person can ask for, by key, pointer or button alike. */
import type { Prompt } from '../../protocol/prompt.js';
import { createBatchCommands } from './batch/commands.js';
import type { BatchCommands } from './batch/commands.js';
import type { Controller } from './controller.js';
import { createEverythingCommands, showsHover } from './everything/commands.js';
import type { EverythingCommands } from './everything/commands.js';
import type { Host } from './host.js';
import { flipPrompt } from './marks.js';
import { openSelectedLayer } from './open-layer.js';
import { lastPlaced } from './prompt-log.js';
import { offeredRanks, shownIndex } from './question.js';
import type { DeliveryKind } from './delivery.js';
import type { Action, State } from './state.js';
import type { Store } from './store.js';

export interface Commands {
  dispatch(action: Action): void;
  addPrompt(prompt: Prompt): void;
  /** Turns inside into outside, or the reverse. */
  flip(index: number): void;
  /** Removes the selected mark, else the last one. */
  remove(): void;
  /** Picks the candidate at this place in the row. */
  pick(index: number): void;
  /** @returns false at either end of the row. */
  cycle(step: 1 | -1): boolean;
  /** Clears the marks; when there are none, leaves, where the host has something to leave. */
  escape(): void;
  /** Goes on with another object, or begins one. */
  chooseObject(id: number): void;
  addObject(): void;
  /** Makes one object of all. */
  merge(): void;
  /** Makes an object of each part of the one that is worked on. */
  split(): void;
  /** Brings back the marks of the selected layer, to change it. */
  openLayer(): void;
  deliver(kind: DeliveryKind): void;
  /** Delivers in the way that is offered first. */
  finish(): void;
  /** Delivers the object cut out of the image, where the host can. */
  cutOut(): void;
  setLive(live: boolean): void;
  retry(): void;
  readonly everything: EverythingCommands;
  readonly batch: BatchCommands;
}

export function createCommands(store: Store, controller: Controller, host: Host): Commands {
  const dispatch = (action: Action) => store.dispatch(action);
  const pick = (index: number) => {
    const { answer } = store.state;
    const rank = answer && offeredRanks(answer)[index];
    if (rank !== undefined) dispatch({ type: 'candidatePicked', rank });
    return rank !== undefined;
  };
  const deliver = (kind: DeliveryKind) => void controller.deliver(kind);
  return {
    dispatch,
    addPrompt: (prompt) => dispatch({ type: 'promptAdded', prompt }),
    flip(index) {
      const prompt = store.state.log.prompts[index];
      if (prompt?.type !== 'point') return;
      dispatch({ type: 'promptChanged', index, prompt: flipPrompt(prompt), amend: false });
    },
    remove() {
      if (store.state.tab === 'everything') return;
      const index = store.state.selected ?? lastPlaced(store.state.log.prompts);
      if (index >= 0) dispatch({ type: 'promptRemoved', index });
    },
    pick,
    cycle(step) {
      if (showsHover(store.state)) return controller.everything.walk(step);
      const index = shownIndex(store.state);
      return index >= 0 && pick(index + step);
    },
    escape() {
      if (store.state.tab === 'everything') controller.everything.stop();
      else if (store.state.log.prompts.length > 0) dispatch({ type: 'cleared' });
      else if (store.state.shelf.objects.length > 0)
        dispatch({ type: 'objectRemoved', id: store.state.shelf.currentId });
      else host.close?.();
    },
    chooseObject: (id) => dispatch({ type: 'objectChosen', id }),
    addObject: () => dispatch({ type: 'objectAdded' }),
    merge: () => void controller.regrouping.merge(),
    split: () => void controller.regrouping.split(),
    openLayer: () => void openSelectedLayer(store, host),
    deliver,
    finish() {
      if (store.state.tab === 'everything') void controller.everything.deliver();
      else deliver(primaryDelivery(store.state, host));
    },
    cutOut() {
      const kind = host.deliveries.find((each) => each === 'cutout' || each === 'insertCutout');
      if (store.state.tab === 'object' && kind) deliver(kind);
    },
    setLive: (live) => controller.setLive(live),
    retry: () => controller.retry(),
    everything: createEverythingCommands(store, controller.everything),
    batch: createBatchCommands(store, controller.batch),
  };
}

/** An open layer is updated; else the last way chosen, and before any choice, the first that the host has. */
export function primaryDelivery(
  { preferred, openLayer }: Pick<State, 'preferred' | 'openLayer'>,
  { deliveries }: Host,
): DeliveryKind {
  if (openLayer) return 'update';
  return preferred && deliveries.includes(preferred) ? preferred : deliveries[0]!;
}
