/** Ports that others hold: Figma's list of them is all that its window may look at. */
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { IncomingMessage, Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connect } from '../../../bench/sidecar.js';
import { findSidecar } from '../../../plugin/ui/discovery.js';
import { SIDECAR_PORTS } from '../../../protocol/version.js';
import { runCli } from '../../support/run-cli.js';
import { pairWith } from '../../support/sidecar-client.js';
import { SidecarProcess } from '../../support/sidecar-process.js';
import { recordTrial } from '../../support/trials.js';

let home: string;
let thieves: Server[];
/** Whatever anybody sent to them. */
let heard: IncomingMessage[];
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'cutline-'));
  thieves = [];
  heard = [];
});
afterEach(async () => {
  for (const thief of thieves) thief.closeAllConnections();
  await Promise.all(thieves.map((thief) => new Promise((resolve) => thief.close(resolve))));
  await rm(home, { recursive: true, force: true });
});

/** Another program on a port, which answers anything with "hello". */
async function steal(port: number): Promise<void> {
  const thief = createServer((request, response) => {
    heard.push(request);
    response.setHeader('Access-Control-Allow-Origin', '*').end('hello');
  });
  thieves.push(thief);
  thief.listen(port, '127.0.0.1');
  await once(thief, 'listening');
}

const find = () =>
  findSidecar({ fetch, userAgent: 'test', loopbackPermission: () => Promise.resolve('allowed' as const) });

describe('the listed ports', () => {
  it('are tried in turn, and one stolen between stop and start is left to the thief', async (context) => {
    const [first, second] = SIDECAR_PORTS;
    const before = await SidecarProcess.start(home);
    expect(before.port).toBe(first);
    const token = await pairWith(before);
    await before.stop();
    await steal(first);
    const after = await SidecarProcess.start(home);
    try {
      expect(after.port).toBe(second);
      expect(await find()).toEqual({ origin: `http://localhost:${second}` });
      (await connect(after.origin, token)).dispose();
    } finally {
      await after.stop();
    }

    for (const port of SIDECAR_PORTS.slice(1)) await steal(port);
    const refused = await runCli(home, 'serve', '--no-open');
    expect(refused.status).not.toBe(0);
    expect(refused.stderr).toContain(`No port is free: ${SIDECAR_PORTS.join(', ')}.`);
    expect(refused.stderr).toContain('choose a port with --port');
    expect(refused.stderr).not.toMatch(/^ +at /m);
    expect(await find()).toEqual({ cause: 'notRunning' });
    const elsewhere = await SidecarProcess.start(home, '--port', '0');
    (await connect(elsewhere.origin, token)).dispose();
    await elsewhere.stop();
    const told = heard.filter(({ url, headers }) => url !== '/health' || headers.authorization !== undefined);
    recordTrial(context, {
      area: 'Faults',
      tried: 'One listed port, then all of them, taken by another program between stop and start',
      times: SIDECAR_PORTS.length,
      happened: `the next one taken and found by the interface; PORT_BUSY with a hint when none was left; the thieves heard /health ${heard.length} times and ${told.length} times anything else`,
      wanted: 'the next port, or a typed error; no token goes to another program',
    });
    expect(told).toEqual([]);
    expect(heard.length).toBeGreaterThan(0);
  });
});
