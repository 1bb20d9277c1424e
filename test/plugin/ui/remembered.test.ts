import { describe, expect, it } from 'vitest';
import type { Settings } from '../../../plugin/ui/host.js';
import { isChanged, rememberedOf, restoring } from '../../../plugin/ui/remembered.js';
import { INITIAL_STATE, reduce } from '../../../plugin/ui/state.js';
import { createController } from './scripted-sidecar.js';

const CHOICES: Settings = {
  toleranceFactor: 3,
  delivery: 'separate',
  refine: false,
  originalAfter: 'hide',
};

describe('choices', () => {
  it('come back as they were kept', () => {
    const state = restoring(CHOICES).reduce(reduce, INITIAL_STATE);
    expect(rememberedOf(state)).toEqual(CHOICES);
  });

  it('are left as they are where nothing was kept', () => {
    expect(restoring({})).toEqual([]);
  });

  it('are kept anew when one of them changes, and only then', () => {
    const kept = rememberedOf(INITIAL_STATE);
    const chosen = reduce(INITIAL_STATE, { type: 'originalAfterChosen', originalAfter: 'lock' });
    expect(isChanged(rememberedOf(chosen), kept)).toBe(true);
    expect(
      isChanged(rememberedOf(reduce(chosen, { type: 'tabChosen', tab: 'everything' })), rememberedOf(chosen)),
    ).toBe(false);
  });

  it('are saved by the controller as soon as they are made', () => {
    const saved: Settings[] = [];
    const { store } = createController({
      settings: { load: () => Promise.resolve({}), save: (change) => saved.push(change) },
    });
    store.dispatch({ type: 'originalAfterChosen', originalAfter: 'lock' });
    store.dispatch({ type: 'toolChosen', tool: 'box' });
    expect(saved).toMatchObject([{ originalAfter: 'lock' }]);
  });
});
