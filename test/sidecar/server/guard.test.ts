import { describe, expect, it } from 'vitest';
import { TestSidecar, rawRequest, rawUpgrade } from '../../support/sidecar.js';

/** Header lines of the eight Origins a hostile or strange client may come with. */
function origins(port: number): Record<string, string[]> {
  return {
    absent: [],
    null: ['Origin: null'],
    foreign: ['Origin: http://evil.test'],
    'foreign with our name in front': [`Origin: http://localhost.evil.test:${port}`],
    'foreign with our address in front': [`Origin: http://127.0.0.1.evil.test:${port}`],
    'wrong port': [`Origin: http://localhost:${port + 1}`],
    'wrong scheme': [`Origin: https://localhost:${port}`],
    duplicated: [`Origin: http://localhost:${port}`, `Origin: http://localhost:${port}`],
  };
}

const MAY_ASK = ['absent', 'null'];

/** A sidecar with one paired client, and what is left of a revoked one. */
async function startWithCredentials() {
  let clock = 0;
  const sidecar = await TestSidecar.start({ now: () => clock });
  const good = await sidecar.pair('good');
  const revoked = await sidecar.pair('revoked');
  const ticketOfRevoked = await sidecar.ticket(revoked);
  const { tokens } = sidecar.server;
  await tokens.revoke((await tokens.list()).find(({ name }) => name === 'revoked')!.id);
  const expired = await sidecar.ticket(good);
  clock = 30_000;
  const used = await sidecar.ticket(good);
  await rawUpgrade(sidecar.server.port, [host(sidecar), protocols(used)]);
  return { sidecar, good, revoked, expired, used, ticketOfRevoked };
}

const host = ({ server }: TestSidecar) => `Host: localhost:${server.port}`;
const protocols = (ticket: string) => `Sec-WebSocket-Protocol: cutline.v1, ticket.${ticket}`;

describe('Origin and credentials', () => {
  it('lets none of 8 Origins × 4 bad credentials in over HTTP', async () => {
    const { sidecar, revoked, used } = await startWithCredentials();
    const { port } = sidecar.server;
    const credentials = {
      none: [],
      garbage: ['Authorization: Bearer x'],
      'a ticket for a token': [`Authorization: Bearer ${used}`],
      revoked: [`Authorization: Bearer ${revoked}`],
    };
    const answers: [string, number][] = [];
    for (const [originName, origin] of Object.entries(origins(port))) {
      for (const [credentialName, credential] of Object.entries(credentials)) {
        const lines = [
          'POST /v1/ticket HTTP/1.1',
          host(sidecar),
          ...origin,
          ...credential,
          'Content-Length: 0',
        ];
        const { status, body } = await rawRequest(port, lines);
        answers.push([`${originName}, ${credentialName}`, status]);
        expect(status).toBe(MAY_ASK.includes(originName) ? 401 : 403);
        expect(JSON.parse(body)).toMatchObject({ error: { data: { hint: expect.any(String) as string } } });
      }
    }
    expect(answers).toHaveLength(32);
  });

  it('lets none of 8 Origins × 4 bad credentials in over WebSocket', async () => {
    const { sidecar, expired, used, ticketOfRevoked } = await startWithCredentials();
    const { port } = sidecar.server;
    const credentials = {
      none: ['Sec-WebSocket-Protocol: cutline.v1'],
      used: [protocols(used)],
      expired: [protocols(expired)],
      revoked: [protocols(ticketOfRevoked)],
    };
    let count = 0;
    for (const [originName, origin] of Object.entries(origins(port))) {
      for (const credential of Object.values(credentials)) {
        const { status } = await rawUpgrade(port, [host(sidecar), ...origin, ...credential]);
        expect(status).toBe(MAY_ASK.includes(originName) ? 401 : 403);
        count++;
      }
    }
    expect(count).toBe(32);
  });

  it('lets good credentials in from the workbench, from Figma’s null origin and from the command line', async () => {
    const { sidecar, good } = await startWithCredentials();
    const { port } = sidecar.server;
    for (const origin of [[], ['Origin: null'], [`Origin: http://localhost:${port}`]]) {
      const ticket = protocols(await sidecar.ticket(good));
      const { status, head } = await rawUpgrade(port, [host(sidecar), ...origin, ticket]);
      expect(status).toBe(101);
      // Only the plain name comes back, never the ticket.
      expect(head).toMatch(/^Sec-WebSocket-Protocol: cutline\.v1$/m);
    }
  });

  it('refuses good credentials from a foreign page', async () => {
    const { sidecar, good } = await startWithCredentials();
    const ticket = protocols(await sidecar.ticket(good));
    const lines = [host(sidecar), 'Origin: http://evil.test', ticket];
    expect((await rawUpgrade(sidecar.server.port, lines)).status).toBe(403);
  });

  it('refuses two tickets, a repeated Authorization, and a ticket without our subprotocol', async () => {
    const { sidecar, good } = await startWithCredentials();
    const { port } = sidecar.server;
    const [one, two] = [await sidecar.ticket(good), await sidecar.ticket(good)];
    for (const line of [`${protocols(one)}, ticket.${two}`, `Sec-WebSocket-Protocol: ticket.${one}`]) {
      expect((await rawUpgrade(port, [host(sidecar), line])).status).toBe(401);
    }
    const twice = [`Authorization: Bearer ${good}`, `Authorization: Bearer ${good}`, 'Content-Length: 0'];
    const { status } = await rawRequest(port, ['POST /v1/ticket HTTP/1.1', host(sidecar), ...twice]);
    expect(status).toBe(401);
  });
});

describe('Host', () => {
  it('refuses 8 bad Hosts before routing, for requests and upgrades', async () => {
    const sidecar = await TestSidecar.start();
    const { port } = sidecar.server;
    const ticket = protocols(await sidecar.ticket(await sidecar.pair()));
    const bad = [
      [`Host: 0.0.0.0:${port}`],
      [`Host: localhost.:${port}`],
      [`Host: evil.test:${port}`],
      [`Host: localhost.evil.test:${port}`],
      [`Host: localhost:${port + 1}`],
      [],
      [`Host: 2130706433:${port}`],
      [`Host: [::]:${port}`],
      ['Host: localhost'],
      [host(sidecar), host(sidecar)],
    ];
    for (const lines of bad) {
      const { status, body } = await rawRequest(port, ['GET /health HTTP/1.1', ...lines]);
      expect([lines, status]).toEqual([lines, 403]);
      expect(body).toContain('HOST_REFUSED');
      expect((await rawUpgrade(port, [...lines, ticket])).status).toBe(403);
    }
  });

  it('answers by each of its own three names', async () => {
    const { port } = (await TestSidecar.start()).server;
    for (const name of ['localhost', '127.0.0.1', '[::1]']) {
      const { status, body } = await rawRequest(port, ['GET /health HTTP/1.1', `Host: ${name}:${port}`]);
      expect([status, body]).toEqual([200, 'cutline']);
    }
  });
});

describe('cross-origin answers', () => {
  it('echo an allowed Origin, null included, and never allow credentials', async () => {
    const sidecar = await TestSidecar.start();
    const { port } = sidecar.server;
    for (const origin of ['null', `http://localhost:${port}`, `http://[::1]:${port}`]) {
      const { head } = await rawRequest(port, ['GET /health HTTP/1.1', host(sidecar), `Origin: ${origin}`]);
      expect(head).toContain(`Access-Control-Allow-Origin: ${origin}\r\n`);
      expect(head).toContain('Vary: Origin');
      expect(head).not.toMatch(/allow-credentials/i);
    }
  });

  it('carry no permission for a foreign page', async () => {
    const sidecar = await TestSidecar.start();
    const lines = ['GET /health HTTP/1.1', host(sidecar), 'Origin: http://evil.test'];
    const { status, head } = await rawRequest(sidecar.server.port, lines);
    expect(status).toBe(403);
    expect(head).not.toMatch(/access-control/i);
  });

  it('cannot be loaded by another page, refusals as little as the rest, so that none learns what loads', async () => {
    const sidecar = await TestSidecar.start();
    for (const lines of [
      ['GET /health HTTP/1.1', host(sidecar)],
      ['GET /metrics HTTP/1.1', host(sidecar)],
      ['GET /no/such HTTP/1.1', host(sidecar)],
      ['GET /health HTTP/1.1', 'Host: evil.test'],
      // What Node would answer by itself.
      [`GET /${'a'.repeat(20_000)} HTTP/1.1`, host(sidecar)],
      ['GET /health HTTP/9.9', host(sidecar)],
    ]) {
      const { head } = await rawRequest(sidecar.server.port, lines);
      expect(head).toMatch(/^HTTP\/1\.1 \d/);
      expect(head).toContain('Cross-Origin-Resource-Policy: same-origin\r\n');
    }
  });

  it('answer a preflight, and the question whether a public page may reach this machine', async () => {
    const sidecar = await TestSidecar.start();
    const { status, head } = await rawRequest(sidecar.server.port, [
      'OPTIONS /v1/ticket HTTP/1.1',
      host(sidecar),
      'Origin: null',
      'Access-Control-Request-Method: POST',
      'Access-Control-Request-Headers: authorization',
      'Access-Control-Request-Private-Network: true',
    ]);
    expect(status).toBe(204);
    expect(head).toContain('Access-Control-Allow-Private-Network: true');
    expect(head).toMatch(/Access-Control-Allow-Headers: .*Authorization/);
  });
});
