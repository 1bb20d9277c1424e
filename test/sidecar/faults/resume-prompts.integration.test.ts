/** The interface beside a real sidecar that is killed: everything of the page but its pixels and buttons. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { keepConnected } from '../../../plugin/ui/connection.js';
import type { Connection } from '../../../plugin/ui/connection.js';
import { Controller } from '../../../plugin/ui/controller.js';
import { hashBytes } from '../../../plugin/ui/identity.js';
import { isAnswered } from '../../../plugin/ui/question.js';
import { dialSidecar } from '../../../plugin/ui/socket-client.js';
import { INITIAL_STATE } from '../../../plugin/ui/state.js';
import type { State } from '../../../plugin/ui/state.js';
import { Store } from '../../../plugin/ui/store.js';
import { wait } from '../../../plugin/ui/wait.js';
import { DRAWN_SIZE, drawScenePng } from '../../support/drawn-scene.js';
import { pairWith } from '../../support/sidecar-client.js';
import { SidecarProcess } from '../../support/sidecar-process.js';

let home: string;
let sidecar: SidecarProcess;
let connection: Connection;
let controller: Controller;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'cutline-'));
  // What a browser has, and Node 20 has not.
  vi.stubGlobal('WebSocket', WebSocket);
});
afterEach(async () => {
  connection.dispose();
  controller.dispose();
  vi.unstubAllGlobals();
  await sidecar.stop();
  await rm(home, { recursive: true, force: true });
});

const start = (port: number) => SidecarProcess.start(home, '--port', String(port));

async function openInterface(origin: string, token: string, bytes: Uint8Array) {
  const store = new Store(INITIAL_STATE);
  const host = {
    kind: 'workbench',
    clientName: 'Test',
    ownOrigin: origin,
    deliveries: ['svg'],
    settings: { load: () => Promise.resolve({ token }), save: () => undefined },
    onOffer: () => ({ dispose: () => undefined }),
    deliver: () => Promise.resolve('Saved.'),
    openFile: () => undefined,
  } as const;
  controller = new Controller({
    ...{ store, host, hashBytes, wait, view: 'view', now: () => performance.now() },
    beforeRefining: (signal) => wait(0, signal),
    decodePixels: () => Promise.resolve({ ...DRAWN_SIZE, levels: [] }),
  });
  connection = keepConnected(
    {
      ...{ host, fetch, wait, dial: dialSidecar, clientVersion: '1', userAgent: 'test' },
      loopbackPermission: () => Promise.resolve('allowed'),
    },
    (link, found) => controller.linkChanged(link, found),
  );
  await controller.offer({
    kind: 'image',
    key: 'scene',
    name: 'scene.png',
    read: () => Promise.resolve(bytes),
  });
  return store;
}

function until(store: Store, holds: (state: State) => boolean): Promise<State> {
  return new Promise((resolve) => {
    const look = () => {
      if (holds(store.state)) resolve(store.state);
    };
    store.subscribe(look);
    look();
  });
}

const isDone = (state: State) => isAnswered(state) && state.work.kind === 'ready';
const outlinesOf = ({ answer }: State) => answer!.candidates.map(({ outline }) => outline.path);

it('shows the outline of the marks that were made, when the sidecar is killed in the middle of looking for it', async () => {
  sidecar = await start(0);
  const { port, origin } = sidecar;
  const store = await openInterface(origin, await pairWith(sidecar), await drawScenePng());
  const plate = { type: 'point', x: 40, y: 40, label: 'inside' } as const;
  const coin = { type: 'point', x: 70, y: 85, label: 'outside' } as const;
  store.dispatch({ type: 'promptAdded', prompt: plate });
  await until(store, isDone);
  store.dispatch({ type: 'promptAdded', prompt: coin });
  const undisturbed = outlinesOf(await until(store, isDone));
  store.dispatch({ type: 'undone' });
  await until(store, isDone);

  const again = { ...coin, x: 71 };
  store.dispatch({ type: 'promptAdded', prompt: again });
  await until(store, ({ work }) => work.kind === 'predicting');
  await sidecar.kill();
  await until(store, ({ link }) => link.kind !== 'online');
  expect(store.state.log.prompts).toEqual([plate, again]);
  sidecar = await start(port);
  const resumed = await until(store, isDone);

  expect(resumed.log.prompts).toEqual([plate, again]);
  expect(resumed.answer!.prompts).toEqual([plate, again]);
  expect(outlinesOf(resumed)).toHaveLength(undisturbed.length);
  // Undone to the marks of before, it asks for nothing new; asked anew, it answers as before.
  store.dispatch({ type: 'undone' });
  store.dispatch({ type: 'promptAdded', prompt: coin });
  expect(outlinesOf(await until(store, isDone))).toEqual(undisturbed);
});
