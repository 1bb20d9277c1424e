/** Ports that others hold: Figma's list of them is all that its window may look at. */
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { text } from 'node:stream/consumers';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connect } from '../../../bench/sidecar.js';
import { keepConnected } from '../../../plugin/ui/connection.js';
import { wait } from '../../../plugin/ui/wait.js';
import { CodedError } from '../../../protocol/errors.js';
import { HEALTH_BODY } from '../../../protocol/pairing.js';
import { SIDECAR_PORTS } from '../../../protocol/version.js';
import { runCli } from '../../support/run-cli.js';
import { pairWith } from '../../support/sidecar-client.js';
import { SidecarProcess } from '../../support/sidecar-process.js';
import { recordTrial } from '../../support/trials.js';

/** Longest wait for what has to come, and a wait in which it would have come. */
const LONG_MS = 60_000;
const SHORT_MS = 5_000;

let home: string;
let started: SidecarProcess[];
let thieves: Server[];
/** Whatever anybody sent to them. */
let heard: string[];
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'cutline-'));
  started = [];
  thieves = [];
  heard = [];
});
afterEach(async () => {
  for (const sidecar of started) await sidecar.stop();
  for (const thief of thieves) thief.closeAllConnections();
  await Promise.all(thieves.map((thief) => new Promise((resolve) => thief.close(resolve))));
  await rm(home, { recursive: true, force: true });
});

/** Another program on a port: it says of itself what a sidecar says, and keeps whatever it is sent. */
async function steal(port: number): Promise<void> {
  const thief = createServer(async (request, response) => {
    heard.push(`${request.url} ${JSON.stringify(request.headers)} ${await text(request)}`);
    response.setHeader('Access-Control-Allow-Origin', '*').end(HEALTH_BODY);
  });
  thieves.push(thief);
  const listening = new Promise((resolve) => thief.once('listening', resolve).once('error', resolve));
  thief.listen(port, '127.0.0.1');
  // Whoever has the port already is as good a thief.
  await listening;
}

async function start(...flags: string[]): Promise<SidecarProcess> {
  const sidecar = await SidecarProcess.start(home, ...flags);
  started.push(sidecar);
  return sidecar;
}

/** The interface with a token, as far as the socket. @returns Where it would open one; nothing when the time is over. */
async function lookFor(token: string, timeMs: number): Promise<string | undefined> {
  const found = new AbortController();
  let dialled: string | undefined;
  const connection = keepConnected(
    {
      host: {
        clientName: 'test',
        settings: { load: () => Promise.resolve({ token }), save: () => undefined },
      },
      ...{ fetch, wait, clientVersion: '1', userAgent: 'test' },
      loopbackPermission: () => Promise.resolve('allowed'),
      dial(origin) {
        dialled = origin;
        found.abort();
        throw new CodedError('DISCONNECTED', 'Far enough.', 'Stop here.');
      },
    },
    () => undefined,
  );
  await wait(timeMs, found.signal);
  connection.dispose();
  return dialled;
}

describe('the listed ports', () => {
  it('are tried in turn, and one stolen between stop and start is left to the thief', async (context) => {
    const before = await start();
    expect(SIDECAR_PORTS).toContain(before.port);
    const token = await pairWith(before);
    await before.stop();
    await steal(before.port);
    const after = await start();
    expect(SIDECAR_PORTS.filter((port) => port !== before.port)).toContain(after.port);
    expect(await lookFor(token, LONG_MS)).toBe(after.origin);
    (await connect(after.origin, token)).dispose();
    await after.stop();

    for (const port of SIDECAR_PORTS) await steal(port);
    const refused = await runCli(home, 'serve', '--no-open');
    expect(refused.status).not.toBe(0);
    expect(refused.stderr).toContain(`No port is free: ${SIDECAR_PORTS.join(', ')}.`);
    expect(refused.stderr).toContain('choose a port with --port');
    expect(refused.stderr).not.toMatch(/^ +at /m);
    expect(await lookFor(token, SHORT_MS)).toBeUndefined();
    (await connect((await start('--port', '0')).origin, token)).dispose();
    const told = heard.filter((request) => request.includes(token));
    recordTrial(context, {
      area: 'Faults',
      tried: 'One listed port, then all of them, taken by another program between stop and start',
      times: SIDECAR_PORTS.length,
      happened: `the next one taken and found by the interface; PORT_BUSY with a hint when none was left; the thieves, who answer as a sidecar does, were asked ${heard.length} times and got a token ${told.length} times`,
      wanted: 'the next port, or a typed error; no token goes to another program',
    });
    expect(told).toEqual([]);
    expect(heard.length).toBeGreaterThan(0);
  });
});
