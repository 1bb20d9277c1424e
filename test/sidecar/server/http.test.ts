import { getEventListeners, once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { httpErrorSchema } from '../../../protocol/pairing.js';
import { introduce } from '../../../protocol/proof.js';
import { TestSidecar, temporaryFolder } from '../../support/sidecar.js';

const url = ({ server }: TestSidecar, path: string) => `http://127.0.0.1:${server.port}${path}`;

async function errorName(response: Response): Promise<string> {
  return httpErrorSchema.parse(await response.json()).error.data.name;
}

/** Listeners, and signals that AbortSignal.any made of it, which Node counts under a name of its own. */
function attachedTo(signal: AbortSignal): number {
  const symbols = Object.getOwnPropertySymbols(signal);
  const made = symbols.find(({ description }) => description === 'kDependantSignals');
  const { size = 0 } = ((made && Reflect.get(signal, made)) ?? {}) as { size?: number };
  return getEventListeners(signal, 'abort').length + size;
}

describe('an upload', () => {
  const send = async (sidecar: TestSidecar, token: string, bytes = 10) =>
    fetch(url(sidecar, '/v1/images'), {
      method: 'POST',
      headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/octet-stream' },
      body: new Uint8Array(bytes),
    });

  it('is a request that waits, as any other of its client, and is told when to come back', async () => {
    const sidecar = await TestSidecar.start({ limits: { pendingPerClient: 1 } });
    const token = await sidecar.pair();
    const release = sidecar.engine.hold();
    const first = send(sidecar, token);
    await sidecar.engine.called(1);
    const refused = await send(sidecar, token);
    expect([refused.status, refused.headers.get('Retry-After')]).toEqual([429, '3']);
    release();
    expect((await first).status).toBe(200);
    expect((await send(sidecar, token)).status).toBe(200);
  });

  it('leaves nothing on what lives as long as the server', async () => {
    const made: AbortSignal[] = [];
    class WatchedController extends AbortController {
      constructor() {
        super();
        made.push(this.signal);
      }
    }
    vi.stubGlobal('AbortController', WatchedController);
    onTestFinished(() => void vi.unstubAllGlobals());
    const sidecar = await TestSidecar.start();
    const token = await sidecar.pair();
    await send(sidecar, token);
    const before = made.map(attachedTo);
    for (let i = 0; i < 3; i++) expect((await send(sidecar, token)).status).toBe(200);
    await vi.waitFor(() => expect(made.slice(0, before.length).map(attachedTo)).toEqual(before));
  });

  it('is refused before it is read when there is no memory for it, and the next is not', async () => {
    const sidecar = await TestSidecar.start({ limits: { inboundBytes: 1_000 } });
    const token = await sidecar.pair();
    expect((await send(sidecar, token, 1_001)).status).toBe(429);
    expect(sidecar.engine.calls).toHaveLength(0);
    expect((await send(sidecar, token)).status).toBe(200);
  });
});

describe('without a token', () => {
  it('only /health answers, and with no data', async () => {
    const sidecar = await TestSidecar.start();
    expect(await (await fetch(url(sidecar, '/health'))).text()).toBe('cutline');
    for (const [method, path, status] of [
      ['GET', '/metrics', 401],
      ['POST', '/v1/ticket', 401],
      ['POST', '/v1/images', 401],
      ['GET', '/v1/socket', 404],
      ['GET', '/clients.json', 404],
      ['DELETE', '/health', 404],
    ] as const) {
      const response = await fetch(url(sidecar, path), { method });
      expect([path, response.status]).toEqual([path, status]);
      expect(await errorName(response)).toBe(status === 401 ? 'PAIRING_NEEDED' : 'METHOD_UNKNOWN');
    }
  });

  it('an image is refused before its bytes are read', async () => {
    const sidecar = await TestSidecar.start();
    const body = new Uint8Array(1024 * 1024);
    const response = await fetch(url(sidecar, '/v1/images'), { method: 'POST', body });
    expect(response.status).toBe(401);
    expect(sidecar.engine.calls).toEqual([]);
  });
});

describe('the workbench page', () => {
  it('is sent with a policy that lets it talk to this machine only', async () => {
    // Below a folder that begins with a dot, as npx has it.
    const folder = join(await temporaryFolder(), '.npm');
    await mkdir(folder);
    const pageFile = join(folder, 'page.html');
    await writeFile(pageFile, '<!doctype html><title>Cutline</title>');
    const sidecar = await TestSidecar.start({ pageFile });
    const response = await fetch(url(sidecar, '/'));
    expect(await response.text()).toContain('<title>Cutline</title>');
    expect(response.headers.get('content-type')).toMatch(/^text\/html/);
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
  });

  it('cannot be framed, nor spoken to by the page that opens it', async () => {
    const pageFile = join(await temporaryFolder(), 'page.html');
    await writeFile(pageFile, '<!doctype html><title>Cutline</title>');
    const { headers } = await fetch(url(await TestSidecar.start({ pageFile }), '/'));
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    expect(headers.get('cross-origin-opener-policy')).toBe('same-origin');
  });

  it('says how to build it when it is missing', async () => {
    const sidecar = await TestSidecar.start({ pageFile: '/nowhere/page.html' });
    const response = await fetch(url(sidecar, '/'));
    expect(response.status).toBe(404);
    expect(await response.text()).toContain('npm run build');
  });
});

describe('a client that keeps its token to itself', () => {
  const nonce = '0123456789abcdef0123456789abcdef';
  const post = (sidecar: TestSidecar, path: string, body: object, headers = {}) =>
    fetch(url(sidecar, path), {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
  /** What the sidecar gives it to go on with, when it means to talk to this port. */
  const introduceTo = async (sidecar: TestSidecar, token: string, port = sidecar.server.port) => {
    const { request, authorization } = introduce(token, nonce, port);
    const response = await post(sidecar, '/v1/prove', request);
    return { response, header: response.ok ? authorization(await response.json()) : undefined };
  };
  const ticketFor = async (sidecar: TestSidecar, Authorization = '') =>
    (await post(sidecar, '/v1/ticket', {}, { Authorization })).status;

  it('gets a ticket by its answer to a challenge, once', async () => {
    const sidecar = await TestSidecar.start();
    const { header } = await introduceTo(sidecar, await sidecar.pair());
    expect(await ticketFor(sidecar, header)).toBe(200);
    expect(await ticketFor(sidecar, header)).toBe(401);
  });

  it('gets nothing by a wrong answer, and none of another client’s challenges', async () => {
    const sidecar = await TestSidecar.start();
    const [mine, theirs] = [await sidecar.pair(), await sidecar.pair('another')];
    const { header } = await introduceTo(sidecar, mine);
    const { header: other } = await introduceTo(sidecar, theirs);
    const [, , answer] = header!.split(' ');
    expect(await ticketFor(sidecar, other!.replace(/\w+$/, answer!))).toBe(401);
    expect(
      await ticketFor(
        sidecar,
        header!.replace(/.$/, (last) => (last === '0' ? '1' : '0')),
      ),
    ).toBe(401);
    expect(await ticketFor(sidecar, `Proof made-up ${answer}`)).toBe(401);
  });

  it('learns nothing from a sidecar that does not know it', async () => {
    const sidecar = await TestSidecar.start();
    const { response } = await introduceTo(sidecar, 'another token');
    expect([response.status, await errorName(response)]).toEqual([401, 'PAIRING_NEEDED']);
  });

  it('is not answered for a port that the sidecar is not on, so nobody can hand its question on', async () => {
    const sidecar = await TestSidecar.start();
    const { port } = sidecar.server;
    expect((await introduceTo(sidecar, await sidecar.pair(), port + 1)).header).toBeUndefined();
  });

  it('is forgotten when it is revoked, also between the challenge and the answer', async () => {
    const sidecar = await TestSidecar.start();
    const token = await sidecar.pair();
    const { header } = await introduceTo(sidecar, token);
    const { tokens } = sidecar.server;
    await tokens.revoke((await tokens.list())[0]!.id);
    expect(await ticketFor(sidecar, header)).toBe(401);
    expect((await introduceTo(sidecar, token)).response.status).toBe(401);
  });
});

describe('pairing over HTTP', () => {
  it('gives a token for the code in the terminal, once', async () => {
    const sidecar = await TestSidecar.start();
    const { pairing } = (await (await sidecar.post('/v1/pair', { client: 'Figma' })).json()) as {
      pairing: string;
    };
    const confirm = () => sidecar.post('/v1/pair/confirm', { pairing, code: sidecar.latestPairing.code });
    const { token } = (await (await confirm()).json()) as { token: string };
    expect(await sidecar.ticket(token)).toBeTruthy();
    const replay = await confirm();
    expect([replay.status, await errorName(replay)]).toEqual([410, 'PAIRING_EXPIRED']);
  });

  it('says which field of a request is wrong', async () => {
    const sidecar = await TestSidecar.start();
    const response = await sidecar.post('/v1/pair', { client: '' });
    const { error } = httpErrorSchema.parse(await response.json());
    expect([response.status, error.data.name]).toEqual([400, 'PARAMS_INVALID']);
    expect(error.message).toContain('client');
  });

  it('takes no form or plain text from a page that cannot ask for more', async () => {
    const sidecar = await TestSidecar.start();
    const response = await fetch(url(sidecar, '/v1/pair'), {
      method: 'POST',
      headers: { Origin: 'null', 'Content-Type': 'text/plain' },
      body: '{"client":"x"}',
    });
    expect(response.status).toBe(400);
    expect(sidecar.pairingCount).toBe(0);
  });

  it('answers a flood with 429 and leaves paired clients and their sockets alone', async () => {
    const sidecar = await TestSidecar.start();
    const token = await sidecar.pair();
    const { socket } = await sidecar.connect(token);
    const statuses = new Set<number>();
    for (let i = 0; i < 200; i++)
      statuses.add((await sidecar.post('/v1/pair', { client: `${i % 20}` })).status);
    for (let i = 0; i < 200; i++) {
      const guess = { pairing: 'unknown', code: String(i).padStart(8, '0') };
      statuses.add((await sidecar.post('/v1/pair/confirm', guess)).status);
    }
    expect([...statuses].sort()).toEqual([200, 410, 429]);
    expect(socket.readyState).toBe(socket.OPEN);
    expect((await sidecar.connect(token)).socket.readyState).toBe(socket.OPEN);
  });

  it('trades a launch ticket for a token once', async () => {
    const sidecar = await TestSidecar.start();
    const ticket = sidecar.server.createLaunchTicket();
    const first = await sidecar.post('/v1/launch', { ticket });
    expect(await sidecar.ticket(((await first.json()) as { token: string }).token)).toBeTruthy();
    expect((await sidecar.post('/v1/launch', { ticket })).status).toBe(410);
  });
});

describe('an image over HTTP', () => {
  async function startPaired() {
    const sidecar = await TestSidecar.start({ limits: { imageBytes: 1_000 } });
    const headers = {
      Authorization: `Bearer ${await sidecar.pair()}`,
      'Content-Type': 'application/octet-stream',
    };
    const upload = (body: Uint8Array<ArrayBuffer>, more: RequestInit = {}) =>
      fetch(url(sidecar, '/v1/images'), { method: 'POST', headers, body, ...more });
    return { sidecar, upload, headers };
  }

  it('is answered like image/upload', async () => {
    const { sidecar, upload } = await startPaired();
    const response = await upload(new Uint8Array([1, 2, 3]));
    expect(await response.json()).toMatchObject({ image: { width: 640, height: 480 } });
    expect(sidecar.engine.calls[0]!.params).toEqual({ bytes: Buffer.from([1, 2, 3]) });
  });

  it('is refused when it is too large or not declared as bytes', async () => {
    const { upload, headers } = await startPaired();
    const large = await upload(new Uint8Array(1_001));
    expect([large.status, await errorName(large)]).toEqual([413, 'MESSAGE_TOO_LARGE']);
    const form = await upload(new Uint8Array(3), { headers: { ...headers, 'Content-Type': 'text/plain' } });
    expect([form.status, await errorName(form)]).toEqual([400, 'PARAMS_INVALID']);
  });

  it('tells nothing of an error that was not expected', async () => {
    const { sidecar, upload } = await startPaired();
    sidecar.engine.failure = new Error('/home/somebody/secret.ts broke');
    const response = await upload(new Uint8Array(3));
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain('somebody');
    expect(sidecar.logs.join('')).toContain('broke');
  });

  it('is given up when the client leaves', async () => {
    const { sidecar, upload } = await startPaired();
    sidecar.engine.hold();
    const leave = new AbortController();
    const response = upload(new Uint8Array(3), { signal: leave.signal });
    await sidecar.engine.called(1);
    const aborted = once(sidecar.engine.calls[0]!.call.signal, 'abort');
    leave.abort();
    await expect(response).rejects.toThrow();
    await aborted;
  });
});

describe('metrics', () => {
  it('are Prometheus text for whoever has a token', async () => {
    const sidecar = await TestSidecar.start();
    const token = await sidecar.pair();
    await sidecar.connect(token);
    const response = await fetch(url(sidecar, '/metrics'), { headers: { Authorization: `Bearer ${token}` } });
    expect(response.headers.get('content-type')).toContain('text/plain; version=0.0.4');
    const text = await response.text();
    expect(text).toContain('# TYPE cutline_sockets gauge\ncutline_sockets 1\n');
    expect(text).toContain('cutline_clients 1\n');
    expect(text).toContain('# TYPE cutline_request_seconds histogram\n');
    expect(text).toContain('cutline_requests_total{method="initialize",outcome="ok"} 1\n');
    expect(text).toContain('cutline_requests_total{method="POST /v1/ticket",outcome="ok"} 1\n');
  });

  it('are all that a token for metrics alone is good for', async () => {
    const sidecar = await TestSidecar.start();
    const token = await sidecar.server.tokens.issue('doctor', { only: 'metrics' });
    const headers = { Authorization: `Bearer ${token}`, Accept: 'application/json' };
    const metrics = await fetch(url(sidecar, '/metrics'), { headers });
    expect(await metrics.json()).toContainEqual(expect.objectContaining({ name: 'cutline_sockets' }));
    for (const path of ['/v1/ticket', '/v1/images']) {
      const response = await fetch(url(sidecar, path), { method: 'POST', headers });
      expect([path, response.status, await errorName(response)]).toEqual([path, 401, 'PAIRING_NEEDED']);
    }
  });

  it('count images that are still being received, and those given up', async () => {
    const sidecar = await TestSidecar.start();
    const token = await sidecar.pair();
    const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/octet-stream' };
    const uploads = async () => {
      const response = await fetch(url(sidecar, '/metrics'), { headers });
      return /cutline_uploads_in_flight (\d+)/.exec(await response.text())![1];
    };
    sidecar.engine.hold();
    const leave = new AbortController();
    const request = { method: 'POST', headers, body: new Uint8Array(3), signal: leave.signal };
    const upload = fetch(url(sidecar, '/v1/images'), request).catch(() => undefined);
    await sidecar.engine.called(1);
    expect(await uploads()).toBe('1');
    const aborted = once(sidecar.engine.calls[0]!.call.signal, 'abort');
    leave.abort();
    await Promise.all([upload, aborted]);
    expect(await uploads()).toBe('0');
  });
});

describe('an error', () => {
  it('bears the id by which the log knows the request', async () => {
    const sidecar = await TestSidecar.start();
    const token = await sidecar.pair();
    sidecar.engine.failure = new Error('broke');
    const response = await fetch(url(sidecar, '/v1/images'), {
      method: 'POST',
      headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/octet-stream' },
      body: new Uint8Array(3),
    });
    const { requestId } = httpErrorSchema.parse(await response.json()).error.data;
    expect(requestId).toMatch(/^[0-9a-f]{6}$/);
    await expect
      .poll(() =>
        sidecar.logs.filter((line) => line.includes(requestId!)).map((line) => JSON.parse(line).msg),
      )
      .toEqual(['request', 'request failed']);
  });

  it('names no path that nobody offers, in the log or in the metrics', async () => {
    const sidecar = await TestSidecar.start();
    await fetch(url(sidecar, '/holiday-photo.png?token=abc'));
    const text = sidecar.logs.join('') + (await sidecar.requests.metrics.toText());
    expect(text).toContain('unknown');
    expect(text).not.toContain('holiday');
    expect(text).not.toContain('abc');
  });
});

describe('the log', () => {
  it('never holds a token, a ticket or a code', async () => {
    const sidecar = await TestSidecar.start();
    const token = await sidecar.pair();
    const { socket } = await sidecar.connect(token);
    const launch = sidecar.server.createLaunchTicket();
    await sidecar.post('/v1/launch', { ticket: launch });
    await sidecar.post('/v1/pair/confirm', { pairing: 'x', code: 'SECRET12' });
    const used = socket.protocol;
    await sidecar.server.dispose();
    const text = sidecar.logs.join('');
    expect(text).toContain('answered');
    for (const secret of [token, launch, sidecar.latestPairing.code, 'SECRET12', 'ticket.', 'Bearer']) {
      expect(text).not.toContain(secret);
    }
    expect(used).toBe('cutline.v1');
  });
});
