import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect, postJson } from '../../../bench/sidecar.js';
import { imageOpen } from '../../../protocol/methods.js';
import { callMethod } from '../../../protocol/rpc.js';
import { PairedProcess } from '../../support/paired-process.js';
import { rawRequest, rawUpgrade } from '../../support/sidecar.js';
import { pairWith } from '../../support/sidecar-client.js';
import { SidecarProcess } from '../../support/sidecar-process.js';
import { recordTrial } from '../../support/trials.js';

const PROGRAM = resolve(import.meta.dirname, '../../../dist/sidecar/main.js');
const GUESSES = 100_000;
/** Connections that guess at the same time. */
const GUESSERS = 16;
const MAY_ASK = ['absent', 'null'];
const CODE = /[0-9A-Z]{4}-[0-9A-Z]{4}/g;

let process: PairedProcess;
/** Everything that nobody but its owner may see. */
const secrets: string[] = [];
/** Bodies of refusals. */
const bodies: string[] = [];

beforeAll(async () => {
  process = await PairedProcess.start({ CUTLINE_LOG: 'debug' });
  secrets.push(process.token);
});
afterAll(() => process.dispose());

function origins(port: number): Record<string, string[]> {
  return {
    absent: [],
    null: ['Origin: null'],
    foreign: ['Origin: http://evil.test'],
    'our name in front': [`Origin: http://localhost.evil.test:${port}`],
    'our address in front': [`Origin: http://127.0.0.1.evil.test:${port}`],
    'wrong port': [`Origin: http://localhost:${port + 1}`],
    'wrong scheme': [`Origin: https://localhost:${port}`],
    duplicated: [`Origin: http://localhost:${port}`, `Origin: http://localhost:${port}`],
  };
}

const ownHost = () => `Host: localhost:${process.sidecar.port}`;
const protocols = (ticket: string) => `Sec-WebSocket-Protocol: cutline.v1, ticket.${ticket}`;

/** Runs the command line on the same home, as a person would in another terminal. */
async function runCommand(...words: string[]): Promise<string> {
  const environment = { ...globalThis.process.env, CUTLINE_HOME: process.home };
  const run = promisify(execFile)(globalThis.process.execPath, [PROGRAM, ...words], { env: environment });
  return (await run).stdout;
}

/** Posts over a connection that stays open. */
function post(agent: Agent, path: string, body: object): Promise<{ status: number; text: string }> {
  const headers = { 'Content-Type': 'application/json' };
  const { port } = process.sidecar;
  return new Promise((done, fail) => {
    const sent = request({ agent, port, host: '127.0.0.1', path, method: 'POST', headers }, (answer) => {
      let text = '';
      answer.on('data', (chunk) => (text += chunk));
      answer.on('end', () => done({ status: answer.statusCode!, text }));
    });
    sent.on('error', fail).end(JSON.stringify(body));
  });
}

const shownCodes = () => process.sidecar.printed.match(CODE) ?? [];

/** Asks for a pairing and reads its code in the terminal. */
async function askForCode(): Promise<{ pairing: string; code: string }> {
  const before = shownCodes().length;
  const { pairing } = await postJson<{ pairing: string }>(process.sidecar.origin, '/v1/pair', {
    client: 'test',
  });
  while (shownCodes().length === before) await new Promise(setImmediate);
  const code = shownCodes().at(-1)!;
  secrets.push(pairing, code);
  return { pairing, code };
}

async function confirm(asked: { pairing: string; code: string }): Promise<string> {
  const { token } = await postJson<{ token: string }>(process.sidecar.origin, '/v1/pair/confirm', asked);
  secrets.push(token);
  return token;
}

async function ticketFor(token: string): Promise<string> {
  const authorization = { Authorization: `Bearer ${token}` };
  const { ticket } = await postJson<{ ticket: string }>(
    process.sidecar.origin,
    '/v1/ticket',
    {},
    authorization,
  );
  secrets.push(ticket);
  return ticket;
}

describe('who may talk to a sidecar in a process of its own', () => {
  it('lets none of 8 Origins × 4 bad credentials in, over HTTP and over WebSocket', async (context) => {
    const { port } = process.sidecar;
    const revoked = await confirm(await askForCode());
    const ticketOfRevoked = await ticketFor(revoked);
    const { clients } = JSON.parse(await runCommand('clients', 'list', '--json')) as {
      clients: { id: string }[];
    };
    await runCommand('clients', 'revoke', clients.at(-1)!.id);
    const used = await ticketFor(process.token);
    await rawUpgrade(port, [ownHost(), protocols(used)]);
    const http = [
      [],
      ['Authorization: Bearer x'],
      [`Authorization: Bearer ${used}`],
      [`Authorization: Bearer ${revoked}`],
    ];
    const sockets = [
      ['Sec-WebSocket-Protocol: cutline.v1'],
      ...['AAAA', used, ticketOfRevoked].map((ticket) => [protocols(ticket)]),
    ];
    const odd: string[] = [];
    let times = 0;
    const check = (what: string, origin: string, { status, body }: { status: number; body: string }) => {
      times++;
      bodies.push(body);
      if (status !== (MAY_ASK.includes(origin) ? 401 : 403)) odd.push(`${what}, ${origin}: ${status}`);
    };
    for (const [name, origin] of Object.entries(origins(port))) {
      for (const credential of http) {
        const lines = ['POST /v1/ticket HTTP/1.1', ownHost(), ...origin, ...credential, 'Content-Length: 0'];
        check('HTTP', name, await rawRequest(port, lines));
      }
      for (const credential of sockets) {
        check('WebSocket', name, await rawUpgrade(port, [ownHost(), ...origin, ...credential]));
      }
    }
    recordTrial(context, {
      area: 'Access',
      tried: '8 Origins × 4 bad credentials, over HTTP and WebSocket',
      times,
      happened: `${odd.length} let in or refused otherwise than meant`,
      wanted: '0 of 64 accepted',
    });
    expect(times).toBe(64);
    expect(odd).toEqual([]);
  });

  it('refuses 8 bad Hosts before routing, whatever is asked', async (context) => {
    const { port } = process.sidecar;
    const hosts = [
      ...[`0.0.0.0:${port}`, `localhost.:${port}`, `evil.test:${port}`, `localhost.evil.test:${port}`],
      ...[`localhost:${port + 1}`, undefined, `2130706433:${port}`, `[::]:${port}`],
    ];
    const accepted: string[] = [];
    let times = 0;
    for (const host of hosts) {
      const lines = host === undefined ? [] : [`Host: ${host}`];
      for (const path of ['/health', '/', '/metrics', '/no/such']) {
        const { status, body } = await rawRequest(port, [`GET ${path} HTTP/1.1`, ...lines]);
        times++;
        bodies.push(body);
        if (status !== 403 || !body.includes('HOST_REFUSED')) accepted.push(`${host} ${path}: ${status}`);
      }
      const { status } = await rawUpgrade(port, [...lines, protocols(await ticketFor(process.token))]);
      times++;
      if (status !== 403) accepted.push(`${host}, WebSocket: ${status}`);
    }
    recordTrial(context, {
      area: 'Access',
      tried: '8 bad Hosts on 4 routes and the WebSocket',
      times,
      happened: `${accepted.length} not refused with 403`,
      wanted: '8 of 8 rejected before routing',
    });
    expect(accepted).toEqual([]);
  });

  it('pairs nobody in 100,000 guesses, and keeps those who are paired', async (context) => {
    const asked = await askForCode();
    const statuses = new Map<number, number>();
    let left = GUESSES;
    const strain = await process.strain(async () => {
      const guesser = async () => {
        const agent = new Agent({ keepAlive: true, maxSockets: 1 });
        while (left > 0) {
          const code = (left--).toString(32).padStart(8, '0').toUpperCase();
          const { status, text } = await post(agent, '/v1/pair/confirm', { pairing: asked.pairing, code });
          if (!statuses.has(status)) bodies.push(text);
          statuses.set(status, (statuses.get(status) ?? 0) + 1);
        }
        agent.destroy();
      };
      await Promise.all(Array.from({ length: GUESSERS }, guesser));
    });
    const late = await post(new Agent(), '/v1/pair/confirm', asked);
    const again = await connect(process.sidecar.origin, process.token);
    await callMethod(again, imageOpen, imageOpen.example.params);
    again.end();
    again.dispose();
    const told = [...statuses].map(([status, count]) => `${count} × ${status}`).join(', ');
    recordTrial(context, {
      area: 'Access',
      tried: 'Guesses of a pairing’s code over HTTP, by 16 at the same time',
      times: GUESSES,
      happened: `${told}; then even the right code ${late.status}; ${strain.answers} answers meanwhile, a paired client connected anew`,
      wanted: '0 paired; no connection dropped; the paired are not locked out',
    });
    expect(Object.fromEntries(statuses)).toEqual({ 403: 5, 410: GUESSES - 5 });
    expect(late.status).toBe(410);
  });

  it('takes a code and a ticket once', async (context) => {
    const { port, origin } = process.sidecar;
    const rounds = 8;
    let replayed = 0;
    for (let i = 0; i < rounds; i++) {
      const asked = await askForCode();
      const token = await confirm(asked);
      const second = await post(new Agent(), '/v1/pair/confirm', asked);
      if (second.status !== 410) replayed++;
      const ticket = await ticketFor(token);
      const lines = [ownHost(), protocols(ticket)];
      const both = await Promise.all([rawUpgrade(port, lines), rawUpgrade(port, lines)]);
      if (both.filter(({ status }) => status === 101).length !== 1) replayed++;
      if ((await rawUpgrade(port, lines)).status !== 401) replayed++;
    }
    expect(origin).toContain('localhost');
    recordTrial(context, {
      area: 'Access',
      tried: 'Codes and tickets brought again, one after another and at the same moment',
      times: 3 * rounds,
      happened: `${replayed} taken twice`,
      wanted: '0 taken twice',
    });
    expect(replayed).toBe(0);
  });

  it('closes a client’s socket within a heartbeat of `cutline clients revoke`', async (context) => {
    const before = await askForCode();
    const token = await confirm(before);
    const client = await connect(process.sidecar.origin, token);
    const closed = new Promise<void>((done) => client.onClose(() => done()));
    const { clients } = JSON.parse(await runCommand('clients', 'list', '--json')) as {
      clients: { id: string }[];
    };
    await runCommand('clients', 'revoke', clients.at(-1)!.id);
    const start = performance.now();
    const refused = await fetch(`${process.sidecar.origin}/v1/ticket`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${token}` },
    });
    bodies.push(await refused.text());
    await closed;
    client.dispose();
    const seconds = (performance.now() - start) / 1000;
    recordTrial(context, {
      area: 'Access',
      tried: '`cutline clients revoke` in another process',
      times: 1,
      happened: `its token refused with ${refused.status} at once, its socket closed after ${seconds.toFixed(0)} s`,
      wanted: 'refused at once, closed within 30 s',
    });
    expect(refused.status).toBe(401);
    expect(seconds).toBeLessThan(31);
    await callMethod(process.steady, imageOpen, imageOpen.example.params);
  });

  it('forgets a pairing when it is killed in the middle of it, and nobody who was paired', async (context) => {
    const rounds = 3;
    let forgotten = 0;
    for (let i = 0; i < rounds; i++) {
      const first = await SidecarProcess.startWith(process.home, { flags: ['--port', '0'], environment: {} });
      const token = await pairWith(first);
      const { pairing } = await postJson<{ pairing: string }>(first.origin, '/v1/pair', {
        client: 'cut off',
      });
      while ((first.printed.match(CODE) ?? []).length < 2) await new Promise(setImmediate);
      const code = first.printed.match(CODE)!.at(-1)!;
      secrets.push(token, pairing, code);
      await first.kill();
      const second = await SidecarProcess.startWith(process.home, {
        flags: ['--port', '0'],
        environment: {},
      });
      const late = await fetch(`${second.origin}/v1/pair/confirm`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ pairing, code }),
      });
      const authorization = { Authorization: `Bearer ${token}` };
      await postJson(second.origin, '/v1/ticket', {}, authorization);
      if (late.status === 410) forgotten++;
      await second.kill();
    }
    recordTrial(context, {
      area: 'Access',
      tried: 'kill −9 and a new start between asking for a code and typing it',
      times: rounds,
      happened: `the code was worth nothing in ${forgotten} of ${rounds}; the paired stayed paired`,
      wanted: 'the code is worth nothing, the paired stay paired',
    });
    expect(forgotten).toBe(rounds);
  });

  // Last, so that it looks at what all of the above has left.
  it('shows no secret in its log, its arguments, its environment, its answers or its files', (context) => {
    const { pid, errors, printed } = process.sidecar;
    const files = readdirSync(process.home, { recursive: true, encoding: 'utf8' })
      .map((name) => join(process.home, name))
      .filter((path) => statSync(path).isFile() && statSync(path).size < 1024 * 1024);
    const clientsFile = join(process.home, 'clients.json');
    const places: Record<string, string> = {
      log: errors,
      arguments: readFileSync(`/proc/${pid}/cmdline`, 'utf8'),
      environment: readFileSync(`/proc/${pid}/environ`, 'utf8'),
      'refusals’ bodies': bodies.join('\n'),
      'terminal, but for codes': printed.replace(CODE, ''),
      files: files.map((path) => readFileSync(path, 'latin1')).join('\n'),
    };
    const seen = Object.entries(places).flatMap(([place, text]) =>
      secrets.filter((secret) => text.includes(secret)).map(() => place),
    );
    const stacks = bodies.filter(
      (body) => /node:|\n\s+at |\/dist\//.test(body) || body.includes(process.home),
    );
    const modes = [clientsFile, process.home].map((path) => (statSync(path).mode & 0o777).toString(8));
    recordTrial(context, {
      area: 'Access',
      tried:
        'Tokens, tickets, codes and pairings looked for in the log, arguments, environment, refusals and files',
      times: secrets.length * Object.keys(places).length,
      happened: `${seen.length} seen, ${stacks.length} stacks or paths; clients.json ${modes[0]}, its folder ${modes[1]}`,
      wanted: '0 seen; 600 and 700',
    });
    expect(errors.split('\n').length).toBeGreaterThan(GUESSES);
    expect(seen).toEqual([]);
    expect(stacks).toEqual([]);
    expect(modes).toEqual(['600', '700']);
  });
});
