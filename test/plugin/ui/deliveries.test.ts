import { beforeEach, describe, expect, it } from 'vitest';
import { CodedError } from '../../../protocol/errors.js';
import type { Controller } from '../../../plugin/ui/controller.js';
import type { OutlineResult } from '../../../plugin/ui/host.js';
import type { Store } from '../../../plugin/ui/store.js';
import { refuse } from './fake-sidecar.js';
import { createController, imageOffer, openKnownImage, predicted, reconnect } from './scripted-sidecar.js';
import { ScriptedSidecar } from './scripted-sidecar.js';
import { candidate, point, settle } from './support.js';

let sidecar: ScriptedSidecar;
let store: Store;
let controller: Controller;
let delivered: readonly OutlineResult[];

beforeEach(() => {
  sidecar = new ScriptedSidecar();
  ({ store, controller, delivered } = createController());
});

const mark = (x: number) => store.dispatch({ type: 'promptAdded', prompt: point(x, x) });
const pick = (rank: number) => store.dispatch({ type: 'candidatePicked', rank });
const makeReady = () => openKnownImage(controller, sidecar);

describe('a picture that Figma does not take', () => {
  it.each([
    ['insertImage', 'IMAGE_TOO_LARGE', 'insertCutout'],
    ['insertFurryImage', 'IMAGE_UNREADABLE', 'insertCutout'],
    ['insertImage', 'NODE_GONE', undefined],
    ['insert', 'IMAGE_TOO_LARGE', undefined],
  ] as const)('is offered as what can be had instead: %s, %s', async (kind, code, offer) => {
    const failing = () => Promise.reject(new CodedError(code, 'No.', 'Do something else.'));
    ({ store, controller } = createController({ deliver: failing }));
    await makeReady();
    mark(5);
    await sidecar.last.answer(predicted());
    controller.deliver(kind);
    await settle();
    expect(store.state.delivery).toMatchObject({ kind: 'failed', failure: { code } });
    expect((store.state.delivery as { offer?: unknown }).offer).toBe(offer);
  });
});

describe('delivering', () => {
  it('hands over the candidate on the screen with the whole log', async () => {
    await makeReady();
    mark(5);
    await sidecar.last.answer(predicted());
    pick(3);
    controller.deliver('svg');
    await settle();
    expect(delivered).toMatchObject([{ candidate: { rank: 3 } }]);
    expect(delivered[0]?.question.prompts).toEqual([point(5, 5), { type: 'pick', rank: 3 }]);
    expect(store.state.delivery).toEqual({ kind: 'done', message: 'Saved.' });
  });

  it('waits for the answer to the newest mark, and shows that it does', async () => {
    await makeReady();
    mark(5);
    await sidecar.last.answer(predicted());
    mark(6);
    controller.deliver('svg');
    await settle();
    expect(delivered).toEqual([]);
    expect(store.state.delivery.kind).toBe('waiting');
    const newer = { ...candidate(1), area: 41 };
    await sidecar.last.answer({ ...predicted(), candidates: [newer], chosen: 1 });
    expect(delivered).toMatchObject([
      { candidate: newer, question: { prompts: [point(5, 5), point(6, 6)] } },
    ]);
    expect(store.state.delivery.kind).toBe('done');
  });

  it('waits for the first answer too, and for the answer within a new tolerance', async () => {
    await makeReady();
    mark(5);
    controller.deliver('svg');
    await sidecar.last.answer(predicted());
    store.dispatch({ type: 'toleranceChanged', factor: 6 });
    controller.deliver('svg');
    expect(delivered).toHaveLength(1);
    await sidecar.last.answer(predicted());
    expect(delivered.map(({ question }) => question.tolerancePx)).toEqual([0.5, 3]);
  });

  it('has the file rendered from the very question that the outline answers', async () => {
    await makeReady();
    mark(5);
    await sidecar.last.answer(predicted());
    pick(3);
    controller.deliver('svg');
    mark(6);
    store.dispatch({ type: 'toleranceChanged', factor: 6 });
    void delivered[0]?.exportAs('svg');
    const { params } = sidecar.requests.find(({ method }) => method === 'export')!;
    expect(params).toEqual({ image: 'hash', format: 'svg', ...delivered[0]?.question });
    expect(params['prompts']).toEqual([point(5, 5), { type: 'pick', rank: 3 }]);
  });

  it('asks for an edge as soft as the host wants it', async () => {
    await makeReady();
    mark(5);
    await sidecar.last.answer(predicted());
    controller.deliver('svg');
    void delivered[0]?.exportAs('cutout', { softEdgePx: 2 });
    expect(sidecar.last.params).toEqual({
      image: 'hash',
      format: 'cutout',
      softEdgePx: 2,
      ...delivered[0]?.question,
    });
  });

  it('sends a forgotten image again to have its file rendered, once', async () => {
    await makeReady();
    mark(5);
    await sidecar.last.answer(predicted());
    controller.deliver('svg');
    const file = delivered[0]!.exportAs('svg');
    await sidecar.last.fail(refuse('IMAGE_UNKNOWN'));
    expect(sidecar.uploads).toHaveLength(1);
    expect(sidecar.methods.slice(-2)).toEqual(['export', 'export']);
    await sidecar.last.fail(refuse('IMAGE_UNKNOWN'));
    await expect(file).rejects.toMatchObject({ code: 'IMAGE_UNKNOWN' });
  });

  it('leaves out a pick that the answer does not offer', async () => {
    await makeReady();
    mark(5);
    await sidecar.last.answer(predicted());
    mark(6);
    pick(3);
    await sidecar.last.answer({ ...predicted(), candidates: [candidate(1)], chosen: 1 });
    controller.deliver('svg');
    expect(delivered[0]?.candidate.rank).toBe(1);
    expect(delivered[0]?.question.prompts).toEqual([point(5, 5), point(6, 6)]);
  });

  it.each([
    ['another mark', () => mark(7)],
    ['clearing', () => store.dispatch({ type: 'cleared' })],
    ['another image', () => controller.offer(imageOffer('other.jpg'))],
    ['a failure', () => sidecar.last.fail(refuse('BUSY'))],
    ['the loss of the sidecar', () => controller.linkChanged({ kind: 'offline', cause: 'notRunning' })],
  ])('is called off by %s while it waits', async (_what, happen) => {
    await makeReady();
    mark(5);
    controller.deliver('svg');
    expect(store.state.delivery.kind).toBe('waiting');
    await happen();
    expect(store.state.delivery.kind).toBe('idle');
    await sidecar.last.answer(predicted());
    expect(delivered).toEqual([]);
  });

  it('keeps a delivery that waits when an older one ends', async () => {
    await makeReady();
    mark(5);
    await sidecar.last.answer(predicted());
    controller.deliver('svg');
    mark(6);
    controller.deliver('svg');
    await settle();
    expect(store.state.delivery.kind).toBe('waiting');
    await sidecar.last.answer(predicted());
    expect(delivered).toHaveLength(2);
  });

  it('waits while the connection is made again', async () => {
    await makeReady();
    mark(5);
    controller.deliver('svg');
    sidecar = await reconnect(controller);
    await sidecar.last.answer(predicted());
    expect(delivered).toHaveLength(1);
  });

  it('does nothing without marks, or when nothing was found', async () => {
    await makeReady();
    controller.deliver('svg');
    mark(5);
    controller.deliver('svg');
    await sidecar.last.answer({ ...predicted(), candidates: [] });
    expect(delivered).toEqual([]);
    expect(store.state.delivery.kind).toBe('idle');
  });
});

describe('several objects', () => {
  const another = () => store.dispatch({ type: 'objectAdded' });
  const kindsTogether = (deliver: (results: readonly OutlineResult[]) => void) => ({
    together: {
      kinds: ['insert' as const],
      deliver: async (_: unknown, results: readonly OutlineResult[]) => {
        deliver(results);
        return 'Inserted them.';
      },
    },
  });
  const marksOf = (results: readonly OutlineResult[]) => results.map(({ question }) => question.prompts);

  it('are handed over at once where the host can, and else one after another', async () => {
    let together: readonly OutlineResult[] = [];
    ({ store, controller, delivered } = createController(kindsTogether((results) => (together = results))));
    await makeReady();
    mark(5);
    await sidecar.last.answer(predicted());
    another();
    mark(6);
    await sidecar.last.answer(predicted());
    controller.deliver('insert');
    await settle();
    expect(marksOf(together)).toEqual([[point(5, 5)], [point(6, 6)]]);
    expect(store.state.delivery).toEqual({ kind: 'done', message: 'Inserted them.' });
    controller.deliver('svg');
    await settle();
    expect(marksOf(delivered)).toEqual([[point(5, 5)], [point(6, 6)]]);
  });

  it('that were put aside too early are asked about beside what is worked on', async () => {
    await makeReady();
    mark(5);
    another();
    mark(6);
    await sidecar.last.answer(predicted());
    controller.deliver('svg');
    await settle();
    expect(delivered).toEqual([]);
    expect(sidecar.last.params['prompts']).toEqual([point(5, 5)]);
    await sidecar.last.answer(predicted());
    expect(marksOf(delivered)).toEqual([[point(5, 5)], [point(6, 6)]]);
    expect(store.state.shelf.currentId).toBe(2);
  });

  it('are not delivered without the one that could not be answered', async () => {
    await makeReady();
    mark(5);
    await sidecar.last.answer(predicted());
    another();
    mark(6);
    await sidecar.last.fail(refuse('BUSY'));
    controller.deliver('svg');
    await settle();
    expect(delivered).toEqual([]);
    expect(store.state.delivery.kind).toBe('idle');
    expect(store.state.work.kind).toBe('failed');
  });

  it('without anything to see are left out, and a layer that is open is updated alone', async () => {
    await makeReady();
    mark(5);
    await sidecar.last.answer(predicted());
    another();
    mark(6);
    await sidecar.last.answer({ ...predicted(), candidates: [] });
    controller.deliver('svg');
    await settle();
    expect(marksOf(delivered)).toEqual([[point(5, 5)]]);
    store.dispatch({ type: 'objectChosen', id: 1 });
    controller.deliver('update');
    await settle();
    expect(delivered).toHaveLength(2);
  });
});
