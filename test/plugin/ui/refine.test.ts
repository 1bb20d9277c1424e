import { beforeEach, describe, expect, it } from 'vitest';
import { announcementFor } from '../../../plugin/ui/announce.js';
import type { Controller } from '../../../plugin/ui/controller.js';
import type { OutlineResult, Settings } from '../../../plugin/ui/host.js';
import { chosenCandidate, isSettled, shownIndex, shownQuestion } from '../../../plugin/ui/question.js';
import type { Store } from '../../../plugin/ui/store.js';
import { refuse } from './fake-sidecar.js';
import {
  createController,
  openKnownImage,
  outlined,
  PREPARED,
  predicted,
  ScriptedSidecar,
} from './scripted-sidecar.js';
import { candidate, NO_PIXELS, point, settle } from './support.js';

/** Large enough for its edges to be finer than the model's grid. */
const LARGE = { ...NO_PIXELS, width: 4000, height: 3000 };

let sidecar: ScriptedSidecar;
let store: Store;
let controller: Controller;
let delivered: readonly OutlineResult[];
let saved: Settings[];

const mark = (x: number) => store.dispatch({ type: 'promptAdded', prompt: point(x, x) });
const pick = (rank: number) => store.dispatch({ type: 'candidatePicked', rank });
const coarse = candidate(2);
const sharp = { ...coarse, area: 41, outline: { ...coarse.outline, nodes: coarse.outline.nodes + 5 } };
const refined = () => ({ ...predicted(), candidates: [candidate(1), sharp, candidate(3)] });

async function open(pixels = LARGE): Promise<void> {
  saved = [];
  const settings = {
    load: () => Promise.resolve({ refine: true }),
    save: (change: Settings) => saved.push(change),
  };
  sidecar = new ScriptedSidecar();
  ({ store, controller, delivered } = createController({ settings }, pixels));
  await controller.restoreSettings();
  await openKnownImage(controller, sidecar);
}

describe('with Refine switched on', () => {
  beforeEach(() => open());

  it('shows the refined outline as soon as it is here, and calls off the alternatives', async () => {
    mark(5);
    await sidecar.last.answer(predicted());
    sidecar.last.progress({ candidate: sharp, offered: 3 });
    await settle();
    expect(chosenCandidate(store.state)).toEqual(sharp);
    expect({ aborted: sidecar.last.signal?.aborted, settled: isSettled(store.state) }).toEqual({
      aborted: true,
      settled: true,
    });
  });

  it('refines nothing before the alternatives are here', async () => {
    mark(5);
    sidecar.last.progress(outlined());
    await settle();
    expect(sidecar.last.params['refine']).toBeUndefined();
  });

  it('shows the coarse outline first, then the refined one', async () => {
    mark(5);
    expect(sidecar.last.params['refine']).toBeUndefined();
    await sidecar.last.answer(predicted());
    expect(chosenCandidate(store.state)).toEqual(candidate(2));
    expect(sidecar.last).toMatchObject({
      method: 'mask/predict',
      params: { refine: true, prompts: [point(5, 5)] },
    });
    expect(Number(sidecar.last.params['tolerancePx'])).toBeLessThan(3);
    await sidecar.last.answer(refined());
    expect(chosenCandidate(store.state)).toEqual(sharp);
    expect({ settled: isSettled(store.state), work: store.state.work.kind }).toEqual({
      settled: true,
      work: 'ready',
    });
    expect(sidecar.requests).toHaveLength(4);
  });

  it('keeps the same candidate chosen, and says what it costs now', async () => {
    mark(5);
    await sidecar.last.answer(predicted());
    const before = store.state;
    await sidecar.last.answer(refined());
    expect(shownIndex(store.state)).toBe(1);
    expect(announcementFor(store.state, before)).toMatch(/2 of 3: \d+ nodes/);
  });

  it('gives up refining for a newer mark', async () => {
    mark(5);
    await sidecar.last.answer(predicted());
    const refinement = sidecar.last;
    mark(6);
    expect(refinement.signal?.aborted).toBe(true);
    expect(sidecar.last.params['refine']).toBeUndefined();
    await sidecar.last.answer(predicted());
    expect(sidecar.last.params).toMatchObject({ refine: true, prompts: [point(5, 5), point(6, 6)] });
  });

  it('refines the candidate that is picked, and shows it coarse meanwhile', async () => {
    mark(5);
    await sidecar.last.answer(predicted());
    await sidecar.last.answer(refined());
    pick(3);
    expect(chosenCandidate(store.state)).toEqual(candidate(3));
    await settle();
    expect(sidecar.last.params).toMatchObject({
      refine: true,
      prompts: [point(5, 5), { type: 'pick', rank: 3 }],
    });
  });

  it('delivers what is refined, even if asked before it is there', async () => {
    mark(5);
    controller.deliver('svg');
    await sidecar.last.answer(predicted());
    expect(delivered).toHaveLength(0);
    await sidecar.last.answer(refined());
    expect(delivered).toMatchObject([{ candidate: sharp, question: { refine: true } }]);
  });

  it('delivers the coarse outline where refining fails, and says what failed', async () => {
    mark(5);
    await sidecar.last.answer(predicted());
    await sidecar.last.fail(refuse('INTERNAL'));
    expect(store.state.work.kind).toBe('failed');
    controller.deliver('svg');
    await settle();
    expect(delivered).toMatchObject([{ candidate: candidate(2) }]);
    store.dispatch({ type: 'refineChosen', refine: false });
    expect(store.state.work.kind).toBe('ready');
  });

  it('sends a forgotten image again, and refines then', async () => {
    mark(5);
    await sidecar.last.answer(predicted());
    await sidecar.last.fail(refuse('IMAGE_UNKNOWN'));
    expect(sidecar.uploads).toHaveLength(1);
    await sidecar.last.answer(PREPARED);
    expect(sidecar.last.params).toMatchObject({ refine: true, image: 'uploaded' });
  });

  it('keeps the sharp outline on the screen until it is traced anew for another tolerance', async () => {
    mark(5);
    await sidecar.last.answer(predicted());
    await sidecar.last.answer(refined());
    const before = Number(sidecar.last.params['tolerancePx']);
    store.dispatch({ type: 'toleranceChanged', factor: 4 });
    expect(chosenCandidate(store.state)).toEqual(sharp);
    expect(shownQuestion(store.state)).toMatchObject({ refine: true, tolerancePx: before });
    await sidecar.last.answer(predicted());
    expect(chosenCandidate(store.state)).toEqual(sharp);
    expect(sidecar.last.params).toMatchObject({ refine: true, tolerancePx: 4 * before });
    const smooth = candidate(2);
    await sidecar.last.answer({ ...refined(), candidates: [candidate(1), smooth, candidate(3)] });
    expect(chosenCandidate(store.state)).toEqual(smooth);
    expect(shownQuestion(store.state)).toMatchObject({ refine: true, tolerancePx: 4 * before });
  });

  it('goes back to the coarse outline when switched off, without asking, and remembers', async () => {
    mark(5);
    await sidecar.last.answer(predicted());
    await sidecar.last.answer(refined());
    const asked = sidecar.requests.length;
    store.dispatch({ type: 'refineChosen', refine: false });
    await settle();
    expect(chosenCandidate(store.state)).toEqual(candidate(2));
    expect(sidecar.requests).toHaveLength(asked);
    expect(saved.at(-1)).toMatchObject({ refine: false });
  });

  it('shows at once what was refined before, when it is undone to', async () => {
    mark(5);
    await sidecar.last.answer(predicted());
    await sidecar.last.answer(refined());
    pick(3);
    await settle();
    await sidecar.last.answer({ ...predicted(), chosen: 3 });
    const asked = sidecar.requests.length;
    store.dispatch({ type: 'undone' });
    await settle();
    expect(chosenCandidate(store.state)).toEqual(sharp);
    expect(sidecar.requests).toHaveLength(asked);
  });

  it('does not refine during a drag', async () => {
    controller.setLive(true);
    mark(5);
    await sidecar.last.answer(predicted());
    expect(sidecar.last.params['refine']).toBeUndefined();
    controller.setLive(false);
    await settle();
    expect(sidecar.last.params['refine']).toBe(true);
  });
});

describe('while nothing new is marked', () => {
  const untilAborted = (signal: AbortSignal) =>
    new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));

  beforeEach(async () => {
    sidecar = new ScriptedSidecar();
    ({ store, controller, delivered } = createController({}, LARGE, untilAborted));
    await openKnownImage(controller, sidecar);
    mark(5);
    await sidecar.last.answer(predicted());
    await settle();
  });

  it('rests before it refines, and not at all for a mark that was followed by another', async () => {
    expect(sidecar.last.params['refine']).toBeUndefined();
    mark(6);
    await sidecar.last.answer(predicted());
    await settle();
    expect(sidecar.requests.filter(({ params }) => params['refine'])).toHaveLength(0);
  });

  it('rests no longer once the outline is waited for', async () => {
    controller.deliver('svg');
    await settle();
    expect(sidecar.last.params['refine']).toBe(true);
    await sidecar.last.answer(refined());
    expect(delivered).toMatchObject([{ candidate: sharp }]);
  });
});

it('does not ask twice for a small image, whose pixels the grid resolves', async () => {
  await open(NO_PIXELS);
  mark(5);
  await sidecar.last.answer(predicted());
  expect(sidecar.methods.filter((method) => method === 'mask/predict')).toHaveLength(1);
  expect(isSettled(store.state)).toBe(true);
});
