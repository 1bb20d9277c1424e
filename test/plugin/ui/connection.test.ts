import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { keepConnected } from '../../../plugin/ui/connection.js';
import type { Connection, Sidecar } from '../../../plugin/ui/connection.js';
import type { Settings } from '../../../plugin/ui/host.js';
import { wireError } from '../../../protocol/wire-error.js';
import type { Dial } from '../../../plugin/ui/sidecar-client.js';
import type { Fetch } from '../../../plugin/ui/sidecar-http.js';
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

/** How requests and sockets get to a sidecar. */
let reach: Fetch;
let dial: Dial;

beforeEach(() => {
  sidecar = new FakeSidecar();
  reach = sidecar.fetch;
  dial = sidecar.dial;
  links = [];
  pauses = [];
  settings = {};
});
afterEach(() => connection?.dispose());

function connect(launchTicket?: string, launchedBy = ORIGIN): void {
  connection = keepConnected(
    {
      host: {
        clientName: 'Test',
        settings: {
          load: () => Promise.resolve(settings),
          save: (change) => void (settings = { ...settings, ...change }),
        },
        ...(launchTicket !== undefined && { launchTicket, ownOrigin: launchedBy }),
      },
      clientVersion: '1',
      fetch: (url, init) => reach(url, init),
      dial: (...call) => dial(...call),
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
    expect(sidecar.calls).toEqual(['/v1/prove', '/v1/prove', '/v1/ticket']);
    expect(sidecar.tickets).toEqual(['ticket 1']);
    expect(links.map(({ kind }) => kind)).toEqual(['searching', 'online']);
  });

  it('trades the launch ticket for a token and keeps that', async () => {
    sidecar.launchTickets.add('launch');
    connect('launch');
    await reaches({ kind: 'online' });
    expect(sidecar.calls).toEqual(['/v1/launch', '/v1/prove', '/v1/ticket']);
    expect(settings.token).toBe('good token');
  });

  it('falls back to the kept token when the launch ticket was used before', async () => {
    settings = { token: 'good token' };
    connect('used');
    await reaches({ kind: 'online' });
    expect(sidecar.calls).toEqual(['/v1/prove', '/v1/launch', '/v1/prove', '/v1/ticket']);
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
    await reaches({ kind: 'pairing', stage: 'code' });
    expect(sidecar.calls).not.toContain('/v1/ticket');
    connection?.submitCode('ABCD2345');
    await reaches({ kind: 'online' });
    expect(settings.token).toBe('good token');
  });

  it('pairs anew when its token was revoked between the proof and the ticket', async () => {
    settings = { token: 'good token' };
    const { fetch } = sidecar;
    reach = async (url, init) => {
      const answer = await fetch(url, init);
      if (url.endsWith('/v1/prove')) sidecar.tokens.clear();
      return answer;
    };
    connect();
    await rests(1);
    endPause();
    await reaches({ kind: 'pairing', stage: 'code' });
  });

  it('gives its launch ticket to nobody but the sidecar that opened the page', async () => {
    sidecar.launchTickets.add('launch');
    connect('launch', 'http://localhost:47133');
    await reaches({ kind: 'pairing', stage: 'code' });
    expect(sidecar.calls).toEqual(['/v1/pair']);
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

describe('where several answer', () => {
  const SECOND = 'http://localhost:47131';
  let other: FakeSidecar;
  beforeEach(() => {
    settings = { token: 'good token' };
    other = new FakeSidecar(SECOND);
    reach = (url, init) => (url.startsWith(SECOND) ? other : sidecar).fetch(url, init);
    dial = (origin, ...rest) => (origin === SECOND ? other : sidecar).dial(origin, ...rest);
  });

  it('goes to the one that knows it, though another comes first', async () => {
    sidecar.tokens.clear();
    connect();
    await reaches({ kind: 'online', server: { origin: SECOND } });
    expect(sidecar.calls).toEqual(['/v1/prove']);
    expect(settings.token).toBe('good token');
  });

  it('keeps its token to itself before whoever has taken a port, whatever that answers', async () => {
    const seen: string[] = [];
    for (const answer of [{ proof: '0'.repeat(64) }, { proof: 7 }, 'no JSON', { ticket: 'come in' }]) {
      const { fetch: straight } = other;
      reach = async (url, init = {}) => {
        if (url.startsWith(SECOND)) return straight(url, init);
        if (url.endsWith('/health')) return new Response('cutline');
        seen.push(JSON.stringify([init.headers, init.body]));
        return new Response(typeof answer === 'string' ? answer : JSON.stringify(answer));
      };
      connect();
      await reaches({ kind: 'online', server: { origin: SECOND } });
      connection?.dispose();
    }
    // On four ports each time.
    expect(seen).toHaveLength(16);
    expect(seen.join()).not.toMatch(/good token|Bearer/);
  });

  it('is not fooled by an answer that was fetched from the right one', async () => {
    reach = (url, init) => {
      // Asks the right one, and hands its answer on as its own.
      const relayed = url.endsWith('/health') ? url : url.replace(ORIGIN, SECOND);
      return (url.startsWith(ORIGIN) && relayed === url ? sidecar : other).fetch(relayed, init);
    };
    connect();
    await reaches({ kind: 'online', server: { origin: SECOND } });
    expect(sidecar.tickets).toEqual([]);
  });

  it('comes to its own when that starts while another waits for a code', async () => {
    other.running = false;
    sidecar.tokens.clear();
    connect();
    await reaches({ kind: 'pairing', stage: 'code' });
    other.running = true;
    endPause();
    await rests(2);
    endPause();
    await reaches({ kind: 'online', server: { origin: SECOND } });
    expect(settings.token).toBe('good token');
  });

  it('keeps its token when a stranger says that it is not paired', async () => {
    sidecar.tokens.clear();
    other.running = false;
    reach = async (url, init) =>
      url.endsWith('/v1/pair')
        ? Response.json({ error: wireError(refuse('PAIRING_NEEDED')) }, { status: 401 })
        : sidecar.fetch(url, init);
    connect();
    await rests(2);
    expect(settings.token).toBe('good token');
  });

  it('pairs though somebody else holds its tongue, and leaves that for the one that knows it', async () => {
    let isSilent = true;
    reach = async (url, init) => {
      if (isSilent && url === `${SECOND}/v1/prove`) throw new TypeError('Failed to fetch');
      return (url.startsWith(SECOND) ? other : sidecar).fetch(url, init);
    };
    sidecar.tokens.clear();
    connect();
    await reaches({ kind: 'pairing', stage: 'code' });
    isSilent = false;
    endPause();
    await rests(2);
    endPause();
    await reaches({ kind: 'online', server: { origin: SECOND } });
    expect(settings.token).toBe('good token');
  });

  it('waits for the only one there when that cannot tell just now', async () => {
    const { fetch } = sidecar;
    other.running = false;
    reach = async (url, init) => {
      if (url.endsWith('/v1/prove')) throw new TypeError('Failed to fetch');
      return fetch(url, init);
    };
    connect();
    await rests(1);
    expect(links.map(({ kind }) => kind)).not.toContain('pairing');
    expect(settings.token).toBe('good token');
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

it('sends an image too large for one message over HTTP, without its token', async () => {
  settings = { token: 'good token' };
  sidecar.messageBytes = 4096;
  connect();
  await reaches({ kind: 'online' });
  await online?.upload(new Uint8Array(5000), new AbortController().signal);
  expect(sidecar.uploadedOverHttp).toEqual({ isTrusted: true, bytes: 5000 });
  expect(links.at(-1)).toMatchObject({ server: { origin: ORIGIN } });
});
