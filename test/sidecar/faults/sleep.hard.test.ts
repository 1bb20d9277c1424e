/** What a sleep of the one side or the other breaks, and what mends itself. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connect, postJson } from '../../../bench/sidecar.js';
import { LIMITS } from '../../../sidecar/server/limits.js';
import { drawScenePng } from '../../support/drawn-scene.js';
import { RawSocket } from '../../support/raw-socket.js';
import { pairWith } from '../../support/sidecar-client.js';
import { SidecarProcess } from '../../support/sidecar-process.js';
import { StayingClient } from '../../support/staying-client-process.js';
import { recordTrial } from '../../support/trials.js';

const SLEEP_MS = 90_000;

let home: string;
let token: string;
let sidecar: SidecarProcess;
let client: StayingClient;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'cutline-'));
  sidecar = await SidecarProcess.start(home, '--port', '0');
  token = await pairWith(sidecar);
  const picture = join(home, 'scene.png');
  await writeFile(picture, await drawScenePng());
  client = await StayingClient.start(sidecar.origin, token, picture);
  await client.says('online');
  client.ask();
  expect(await client.says('answered', 'DISCONNECTED')).toBe('answered');
});
afterEach(async () => {
  await client.stop();
  await sidecar.stop();
  await rm(home, { recursive: true, force: true });
});

const askForTicket = async () =>
  (await postJson<{ ticket: string }>(sidecar.origin, '/v1/ticket', {}, { Authorization: `Bearer ${token}` }))
    .ticket;

/** Asks until there is an answer: a connection may turn out to be dead only now. */
async function nextAnswer(): Promise<number> {
  for (let asked = 1; ; asked++) {
    client.ask();
    const word = await client.says('answered', 'DISCONNECTED', 'DEADLINE');
    if (word === 'answered') return asked;
    await client.says('online');
  }
}

async function socketsOpen(): Promise<number> {
  const answer = await fetch(`${sidecar.origin}/metrics`, { headers: { Authorization: `Bearer ${token}` } });
  return Number(/^cutline_sockets (\d+)$/m.exec(await answer.text())![1]);
}

describe.runIf(process.platform !== 'win32')(`a sleep of ${SLEEP_MS / 1000} s`, () => {
  it('of the sidecar ends with the next prompt answered, and with tickets and codes as old as they are', async (context) => {
    const ticket = await askForTicket();
    const { pairing } = await postJson<{ pairing: string }>(sidecar.origin, '/v1/pair', { client: 'test' });
    const code = await sidecar.pairingCode();
    const asked = performance.now();
    client.ask();
    sidecar.pause();
    await delay(SLEEP_MS);
    sidecar.resume();
    const underWay = await client.says('answered', 'DISCONNECTED', 'DEADLINE');
    if (underWay === 'DISCONNECTED') await client.says('online');
    const tries = await nextAnswer();
    await expect(RawSocket.open(sidecar.port, ticket), 'an old ticket').rejects.toThrow();
    await delay(LIMITS.pairingCodeMs + 1_000 - (performance.now() - asked));
    const confirm = postJson(sidecar.origin, '/v1/pair/confirm', { pairing, code });
    await expect(confirm, 'an old code').rejects.toThrow('410');
    recordTrial(context, {
      area: 'Faults',
      tried: `The sidecar asleep for ${SLEEP_MS / 1000} s in the middle of a prompt`,
      times: 1,
      happened: `the prompt under way: ${underWay}; the next one answered at try ${tries}; a ticket and a code from before were worth nothing`,
      wanted: 'sockets and timers recover, the next prompt is answered, nothing lives longer than promised',
    });
  });

  it('of the client has the sidecar drop its socket, and the client come back by itself', async (context) => {
    client.pause();
    const paused = performance.now();
    while ((await socketsOpen()) > 0 && performance.now() - paused < SLEEP_MS) await delay(250);
    const droppedMs = performance.now() - paused;
    const still = await connect(sidecar.origin, token);
    await delay(Math.max(0, SLEEP_MS - droppedMs));
    client.resume();
    const resumed = performance.now();
    await client.says('searching');
    await client.says('online');
    const onlineMs = performance.now() - resumed;
    const tries = await nextAnswer();
    still.dispose();
    recordTrial(context, {
      area: 'Faults',
      tried: `A client asleep for ${SLEEP_MS / 1000} s`,
      times: 1,
      happened: `its socket dropped after ${Math.round(droppedMs / 1000)} s; online again ${(onlineMs / 1000).toFixed(1)} s after it woke, the next prompt answered at try ${tries}`,
      wanted: 'dropped within two pings, back without anybody doing anything',
    });
    expect(droppedMs).toBeLessThanOrEqual(2 * LIMITS.pingMs + 5_000);
  });
});
