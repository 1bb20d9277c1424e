import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { keepConnected } from '../../../plugin/ui/connection.js';
import type { Connection, Sidecar } from '../../../plugin/ui/connection.js';
import type { Settings } from '../../../plugin/ui/host.js';
import type { Link } from '../../../plugin/ui/situation.js';
import { FakeSidecar, ORIGIN, refuse } from './fake-sidecar.js';

let sidecar: FakeSidecar;
let connection: Connection | undefined;
let links: Link[];
let online: Sidecar | undefined;
let settings: Settings;
/** Ends the pause that the connection is in. */
let endPause: () => void;
let pauses: number[];

beforeEach(() => {
  sidecar = new FakeSidecar();
  links = [];
  pauses = [];
  settings = {};
});
afterEach(() => connection?.dispose());

function connect(launchTicket?: string): void {
  connection = keepConnected(
    {
      host: {
        clientName: 'Test',
        settings: {
          load: () => Promise.resolve(settings),
          save: (change) => void (settings = { ...settings, ...change }),
        },
        ...(launchTicket !== undefined && { launchTicket }),
      },
      clientVersion: '1',
      fetch: sidecar.fetch,
      dial: sidecar.dial,
      userAgent: 'Chrome',
      loopbackPermission: () => Promise.resolve('allowed' as const),
      wait(ms, signal) {
        pauses.push(ms);
        return new Promise((resolve) => {
          endPause = resolve;
          signal.addEventListener('abort', () => resolve());
        });
      },
    },
    (link, connected) => {
      links.push(link);
      online = connected;
    },
  );
}

/** Resolves once the link looks like this. */
function reaches(link: object): Promise<void> {
  return vi.waitFor(() => expect(links.at(-1)).toMatchObject(link), { interval: 1 });
}

/** Resolves once the connection rests between two attempts. */
function rests(times: number): Promise<void> {
  return vi.waitFor(() => expect(pauses).toHaveLength(times), { interval: 1 });
}

describe('being let in', () => {
  it('comes online with the token it kept, and asks nothing', async () => {
    settings = { token: 'good token' };
    connect();
    await reaches({ kind: 'online' });
    expect(sidecar.calls).toEqual(['/v1/ticket']);
    expect(sidecar.tickets).toEqual(['ticket 1']);
    expect(links.map(({ kind }) => kind)).toEqual(['searching', 'online']);
  });

  it('trades the launch ticket for a token and keeps that', async () => {
    sidecar.launchTickets.add('launch');
    connect('launch');
    await reaches({ kind: 'online' });
    expect(sidecar.calls).toEqual(['/v1/launch', '/v1/ticket']);
    expect(settings.token).toBe('good token');
  });

  it('falls back to the kept token when the launch ticket was used before', async () => {
    settings = { token: 'good token' };
    connect('used');
    await reaches({ kind: 'online' });
    expect(sidecar.calls).toEqual(['/v1/launch', '/v1/ticket']);
  });

  it('pairs by code, and says when the code was wrong', async () => {
    connect();
    await reaches({ kind: 'pairing', stage: 'code' });
    connection?.submitCode('WRONG');
    await reaches({ kind: 'pairing', stage: 'code', failure: { code: 'PAIRING_CODE_WRONG' } });
    connection?.submitCode('ABCD2345');
    await reaches({ kind: 'online' });
    expect(settings.token).toBe('good token');
  });

  it('offers a new code at once after the fifth wrong one', async () => {
    connect();
    for (let times = 1; times <= 5; times++) {
      await vi.waitFor(() => expect(links.at(-1)).toMatchObject({ kind: 'pairing', stage: 'code' }));
      connection?.submitCode('WRONG');
      await vi.waitFor(() =>
        expect(sidecar.calls.filter((c) => c === '/v1/pair/confirm').length).toBe(times),
      );
    }
    await reaches({ kind: 'pairing', stage: 'ended' });
    connection?.renewCode();
    await reaches({ kind: 'pairing', stage: 'code' });
  });

  it('pairs anew when its token was revoked', async () => {
    settings = { token: 'revoked' };
    connect();
    await rests(1);
    endPause();
    await reaches({ kind: 'pairing', stage: 'code' });
    expect(settings.token).toBeUndefined();
  });

  it('asks for another code when told to', async () => {
    connect();
    await reaches({ kind: 'pairing', stage: 'code' });
    connection?.renewCode();
    await vi.waitFor(() => expect(sidecar.calls).toEqual(['/v1/pair', '/v1/pair']), { interval: 1 });
  });

  it('says which side to update when the versions do not fit', async () => {
    settings = { token: 'good token' };
    sidecar.refusal = refuse('PROTOCOL_MISMATCH');
    connect();
    await reaches({ kind: 'refused', failure: { code: 'PROTOCOL_MISMATCH' } });
  });
});

describe('staying connected', () => {
  beforeEach(() => {
    settings = { token: 'good token' };
  });

  it('notices by itself that the sidecar came up', async () => {
    sidecar.running = false;
    connect();
    await reaches({ kind: 'offline', cause: 'notRunning' });
    sidecar.running = true;
    await rests(1);
    endPause();
    await reaches({ kind: 'online' });
  });

  it('looks less and less often, and at once when asked', async () => {
    sidecar.running = false;
    connect();
    for (let times = 1; times <= 5; times++) {
      await rests(times);
      if (times < 5) endPause();
    }
    expect(pauses).toEqual([250, 500, 1000, 2000, 2000]);
    sidecar.running = true;
    connection?.retryNow();
    await reaches({ kind: 'online' });
  });

  it('comes back after the sidecar was killed, with a new ticket', async () => {
    connect();
    await reaches({ kind: 'online' });
    sidecar.kill();
    await reaches({ kind: 'searching' });
    expect(online).toBeUndefined();
    sidecar.running = true;
    await rests(1);
    endPause();
    await reaches({ kind: 'online' });
    expect(sidecar.tickets).toEqual(['ticket 1', 'ticket 2']);
  });

  it('says nothing more once disposed', async () => {
    connect();
    await reaches({ kind: 'online' });
    connection?.dispose();
    const before = links.length;
    await new Promise((resolve) => setTimeout(resolve, 0));
    expect(links).toHaveLength(before);
  });
});

it('sends an image too large for one message over HTTP, with its token', async () => {
  settings = { token: 'good token' };
  sidecar.messageBytes = 4096;
  connect();
  await reaches({ kind: 'online' });
  await online?.upload(new Uint8Array(5000), new AbortController().signal);
  expect(sidecar.uploadedOverHttp).toEqual({ authorization: 'Bearer good token', bytes: 5000 });
  expect(links.at(-1)).toMatchObject({ server: { origin: ORIGIN } });
});
