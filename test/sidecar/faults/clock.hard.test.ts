/** A clock that somebody sets while the sidecar runs: nobody is let in by it, and nobody thrown out. */
import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { MessageConnection } from 'vscode-jsonrpc/node';
import { connect, postJson } from '../../../bench/sidecar.js';
import type { CodedError } from '../../../protocol/errors.js';
import { imageUpload, maskPredict } from '../../../protocol/methods.js';
import { callMethod } from '../../../protocol/rpc.js';
import { LIMITS } from '../../../sidecar/server/limits.js';
import { TokenStore } from '../../../sidecar/server/tokens.js';
import { drawScenePng } from '../../support/drawn-scene.js';
import { RawSocket } from '../../support/raw-socket.js';
import { pairWith } from '../../support/sidecar-client.js';
import { SidecarProcess } from '../../support/sidecar-process.js';
import { recordTrial } from '../../support/trials.js';

const DAY_MS = 24 * 60 * 60 * 1000;
/** More than waits of one client. */
const FLOOD = 60;
/** No process has it. */
const DEAD_PID = 2 ** 30;
const PRELOAD = pathToFileURL(join(import.meta.dirname, '../../support/shifted-clock.mjs')).href;

let home: string;
let clockFile: string;
let sidecar: SidecarProcess;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'cutline-'));
  clockFile = join(home, 'clock');
  await setClock(0);
  const environment = { CUTLINE_LOG: 'warn', CLOCK_FILE: clockFile, NODE_OPTIONS: `--import=${PRELOAD}` };
  sidecar = await SidecarProcess.startWith(home, { flags: ['--port', '0'], environment });
});
afterEach(async () => {
  await sidecar.stop();
  await rm(home, { recursive: true, force: true });
});

const setClock = (byMs: number) => writeFile(clockFile, String(byMs));

const askForCode = async () => {
  const { pairing } = await postJson<{ pairing: string }>(sidecar.origin, '/v1/pair', { client: 'test' });
  return { pairing, code: await sidecar.pairingCode() };
};
const confirm = (body: { pairing: string; code: string }) =>
  postJson<{ token: string }>(sidecar.origin, '/v1/pair/confirm', body);
const askForTicket = async (token: string) =>
  (await postJson<{ ticket: string }>(sidecar.origin, '/v1/ticket', {}, { Authorization: `Bearer ${token}` }))
    .ticket;

const click = (connection: MessageConnection, image: string, x = 60) =>
  callMethod(connection, maskPredict, { image, prompts: [{ type: 'point', x, y: 60, label: 'inside' }] });

/** A lock whose holder died, in a future that the clock has been set back from. */
async function leaveLock(byMs: number): Promise<void> {
  const lock = join(home, 'clients.lock');
  await mkdir(lock);
  const holder = join(lock, 'a-dead-holder');
  await writeFile(holder, JSON.stringify({ pid: DEAD_PID, machine: 'another' }));
  const then = new Date(Date.now() + byMs);
  await utimes(holder, then, then);
}

describe('a clock that jumps by a day', () => {
  it('neither lengthens nor shortens what codes, tickets, tokens, sockets and locks are good for', async (context) => {
    const steady = await connect(sidecar.origin, await pairWith(sidecar));
    let closed = false;
    steady.onClose(() => (closed = true));
    const { id: image } = (await callMethod(steady, imageUpload, { bytes: await drawScenePng() })).image;
    const wrong: string[] = [];
    for (const byMs of [DAY_MS, -DAY_MS, 0]) {
      const asked = await askForCode();
      const earlier = (await confirm(await askForCode())).token;
      const ticket = await askForTicket(earlier);
      await setClock(byMs);
      const { token } = await confirm(asked);
      (await RawSocket.open(sidecar.port, ticket)).tcp.destroy();
      await expect(RawSocket.open(sidecar.port, ticket), 'a ticket used twice').rejects.toThrow();
      await expect(confirm(asked), 'a code used twice').rejects.toThrow();
      (await connect(sidecar.origin, token)).dispose();
      await click(steady, image);
      const answers = await Promise.allSettled(
        Array.from({ length: FLOOD }, (_, i) => click(steady, image, 40 + i)),
      );
      for (const answer of answers) {
        if (answer.status === 'fulfilled') continue;
        const { code, retryAfterMs = -1 } = answer.reason as CodedError;
        if (code !== 'BUSY' || retryAfterMs < 0 || retryAfterMs > 60_000)
          wrong.push(`${code} ${retryAfterMs}`);
      }
    }

    // Two processes of which one has the clock of tomorrow, and what a third left.
    await setClock(DAY_MS);
    await leaveLock(DAY_MS);
    const other = new TokenStore(home, pino({ level: 'silent' }));
    const tokens = await Promise.all([
      ...Array.from({ length: 3 }, () => other.issue('other')),
      askForCode()
        .then(confirm)
        .then(({ token }) => token),
    ]);
    for (const token of tokens) (await connect(sidecar.origin, token)).dispose();

    const old = await askForCode();
    const oldTicket = await askForTicket(tokens[0]!);
    await setClock(-DAY_MS);
    await delay(LIMITS.pairingCodeMs + 1_000);
    await expect(confirm(old), 'an old code').rejects.toThrow('410');
    await expect(RawSocket.open(sidecar.port, oldTicket), 'an old ticket').rejects.toThrow();
    expect(closed, 'the socket that was there before').toBe(false);
    await click(steady, image);
    steady.dispose();
    recordTrial(context, {
      area: 'Faults',
      tried:
        'The wall clock set a day ahead, a day back and right again, in the middle of pairing, tickets, clicks and locks',
      times: 5,
      happened: `codes and tickets good until their time and once, tokens good, a socket open throughout, locks shared with a process of another time; ${wrong.length} times to retry out of range`,
      wanted: 'all survive; nobody is let in by it or thrown out',
    });
    expect(wrong).toEqual([]);
  });
});
