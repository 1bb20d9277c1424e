import { beforeEach, describe, expect, it } from 'vitest';
import { CodedError } from '../../../protocol/errors.js';
import type { Controller } from '../../../plugin/ui/controller.js';
import { chosenCandidate, isAnswered, shownIndex } from '../../../plugin/ui/question.js';
import type { Store } from '../../../plugin/ui/store.js';
import { createController, openKnownImage, outlined, predicted, reconnect } from './scripted-sidecar.js';
import { ScriptedSidecar } from './scripted-sidecar.js';
import { candidate, point } from './support.js';

let sidecar: ScriptedSidecar;
let store: Store;
let controller: Controller;

const mark = (x: number) => store.dispatch({ type: 'promptAdded', prompt: point(x, x) });

describe('an outline that comes before its alternatives', () => {
  beforeEach(async () => {
    sidecar = new ScriptedSidecar();
    ({ store, controller } = createController());
    await openKnownImage(controller, sidecar);
    mark(5);
    sidecar.last.progress(outlined());
  });

  it('is on the screen while the alternatives are still worked on', async () => {
    expect(chosenCandidate(store.state)).toEqual(candidate(2));
    expect({ work: store.state.work.kind, isAnswered: isAnswered(store.state) }).toEqual({
      work: 'predicting',
      isAnswered: false,
    });
    await sidecar.last.answer(predicted());
    expect(isAnswered(store.state)).toBe(true);
    expect(sidecar.methods.filter((method) => method === 'mask/predict')).toHaveLength(1);
  });

  it('is not shown for an older question', () => {
    const older = sidecar.last;
    mark(6);
    expect(older.signal?.aborted).toBe(true);
    const before = store.state.answer;
    older.progress({ ...outlined(), candidate: candidate(1) });
    expect(store.state.answer).toBe(before);
  });

  it('is not shown when there is nothing of it to be seen', async () => {
    store.dispatch({ type: 'cleared' });
    mark(7);
    const empty = { ...candidate(2), outline: { ...candidate(2).outline, rings: 0 } };
    sidecar.last.progress({ candidate: empty, offered: 3 });
    expect(store.state.answer).toBeUndefined();
  });

  it('lets alternatives be picked, and shows them once they are here', async () => {
    store.dispatch({ type: 'candidatePicked', rank: 3 });
    expect({ row: shownIndex(store.state), rank: chosenCandidate(store.state)?.rank }).toEqual({
      row: 2,
      rank: 2,
    });
    await sidecar.last.answer(predicted());
    expect(chosenCandidate(store.state)?.rank).toBe(3);
    store.dispatch({ type: 'undone' });
    expect(chosenCandidate(store.state)?.rank).toBe(2);
  });

  it('takes back a pick that is still waited for', async () => {
    store.dispatch({ type: 'candidatePicked', rank: 3 });
    store.dispatch({ type: 'candidatePicked', rank: 2 });
    await sidecar.last.answer(predicted());
    expect(chosenCandidate(store.state)?.rank).toBe(2);
  });

  it('stays when what was picked of its alternatives turns out to be nothing', async () => {
    store.dispatch({ type: 'candidatePicked', rank: 3 });
    const [part, object, group] = predicted().candidates;
    const nothing = { ...group!, outline: { ...group!.outline, rings: 0 } };
    await sidecar.last.answer({ ...predicted(), candidates: [part, object, nothing] });
    expect(chosenCandidate(store.state)?.rank).toBe(2);
    mark(6);
    expect(sidecar.last.params['prompts']).toEqual([point(5, 5), { type: 'pick', rank: 2 }, point(6, 6)]);
  });

  it('gives way to what was picked before, of marks that are asked about again', async () => {
    await sidecar.last.answer(predicted());
    store.dispatch({ type: 'candidatePicked', rank: 3 });
    mark(6);
    store.dispatch({ type: 'undone' });
    store.dispatch({ type: 'toleranceChanged', factor: 4 });
    sidecar.last.progress(outlined());
    expect(chosenCandidate(store.state)?.rank).toBe(3);
  });

  it('is asked for again with its alternatives when the sidecar goes away in between', async () => {
    await sidecar.last.fail(new CodedError('DISCONNECTED', 'Lost.', 'Wait.'));
    sidecar = await reconnect(controller);
    expect(sidecar.last.method).toBe('mask/predict');
  });
});
