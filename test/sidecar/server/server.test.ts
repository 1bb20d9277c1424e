import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Server } from 'node:net';
import { networkInterfaces } from 'node:os';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { pino } from 'pino';
import { describe, expect, it, onTestFinished } from 'vitest';
import { imageOpen, maskPredict } from '../../../protocol/methods.js';
import { callMethod } from '../../../protocol/rpc.js';
import { startServer } from '../../../sidecar/server/server.js';
import { FakeEngine } from '../../support/fake-engine.js';
import { TestSidecar, temporaryFolder } from '../../support/sidecar.js';

const hasIpv6 = Object.values(networkInterfaces()).some((all) =>
  all?.some(({ address }) => address === '::1'),
);

/** Holds a port on one address. */
async function occupy(host: string): Promise<number> {
  const server: Server = createServer().listen(0, host);
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

async function reaches(port: number, host: string): Promise<boolean> {
  const socket = connect(port, host);
  return new Promise((resolve) => {
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
  }).finally(() => socket.destroy()) as Promise<boolean>;
}

describe('listening', () => {
  it('is on 127.0.0.1 and ::1 alone', async () => {
    const { server } = await TestSidecar.start();
    expect(server.origin).toBe(`http://localhost:${server.port}`);
    expect(await reaches(server.port, '127.0.0.1')).toBe(true);
    expect(await reaches(server.port, '::1')).toBe(hasIpv6);
    for (const { address, internal } of Object.values(networkInterfaces()).flatMap((all) => all ?? [])) {
      if (!internal) expect(await reaches(server.port, address)).toBe(false);
    }
  });

  it('moves to the next port when one is busy on either address', async () => {
    const busy = [await occupy('127.0.0.1'), ...(hasIpv6 ? [await occupy('::1')] : [])];
    const { server } = await TestSidecar.start({ ports: [...busy, 0] });
    expect(busy).not.toContain(server.port);
  });

  it('fails with PORT_BUSY when every port is taken, and leaves nothing behind', async () => {
    const busy = await occupy('127.0.0.1');
    const logger = pino({ level: 'silent' });
    const start = startServer({ engine: new FakeEngine(), home: '/nowhere', ports: [busy], logger });
    await expect(start).rejects.toMatchObject({
      code: 'PORT_BUSY',
      message: expect.stringContaining(String(busy)) as string,
    });
  });
});

describe('two sidecars with one home', () => {
  it('share their paired clients', async () => {
    const home = await temporaryFolder();
    const [one, other] = [await TestSidecar.start({ home }), await TestSidecar.start({ home })];
    const token = await one.pair();
    const { connection } = await other.connect(token);
    await expect(callMethod(connection, imageOpen, imageOpen.example.params)).resolves.toBeDefined();
  });

  it('do not lose a client when one restarts', async () => {
    const home = await temporaryFolder();
    const first = await TestSidecar.start({ home });
    const token = await first.pair();
    await first.server.dispose();
    await (await TestSidecar.start({ home })).connect(token);
  });
});

describe('stopping', () => {
  it('answers what is under way with CANCELLED and closes sockets with 1001', async () => {
    const sidecar = await TestSidecar.start();
    const token = await sidecar.pair();
    const clients = await Promise.all(Array.from({ length: 20 }, () => sidecar.connect(token)));
    sidecar.engine.hold();
    const requests = clients.map(({ connection }) =>
      callMethod(connection, maskPredict, maskPredict.example.params).catch((error: unknown) => error),
    );
    await sidecar.engine.called(20);
    const codes = clients.map(async ({ socket }) => ((await once(socket, 'close')) as [number])[0]);
    await sidecar.server.dispose();
    expect(new Set(await Promise.all(codes))).toEqual(new Set([1001]));
    for (const answer of await Promise.all(requests)) expect(answer).toMatchObject({ code: 'CANCELLED' });
    expect(await reaches(sidecar.server.port, '127.0.0.1')).toBe(false);
  });

  it('takes less than 5 s though work does not let go and peers do not answer', async () => {
    const sidecar = await TestSidecar.start();
    const token = await sidecar.pair();
    const clients = await Promise.all(Array.from({ length: 5 }, () => sidecar.connect(token)));
    sidecar.engine.ignoresSignal = true;
    const release = sidecar.engine.hold();
    const requests = clients.map(({ connection }) =>
      callMethod(connection, maskPredict, maskPredict.example.params).catch(() => undefined),
    );
    await sidecar.engine.called(5);
    for (const { socket } of clients) socket.pause();
    const halfOpen = connect(sidecar.server.port, '127.0.0.1').on('error', () => undefined);
    halfOpen.write('POST /v1/pair HTTP/1.1\r\n');
    await once(halfOpen, 'connect');
    const start = performance.now();
    await sidecar.server.dispose();
    expect(performance.now() - start).toBeLessThan(5_000);
    halfOpen.destroy();
    release();
    for (const { socket } of clients) socket.terminate();
    await Promise.all(requests);
  });

  it('twice is the same as once', async () => {
    const { server } = await TestSidecar.start();
    await Promise.all([server.dispose(), server.dispose()]);
  });

  it('leaves nothing that keeps the process alive', async () => {
    const source = `
      import { pino } from 'pino';
      import { WebSocket } from 'ws';
      import { startServer } from './sidecar/server/server.js';
      import { FakeEngine } from './test/support/fake-engine.js';
      const logger = pino({ level: 'silent' });
      const home = process.argv[1];
      const server = await startServer({ engine: new FakeEngine(), home, ports: [0], logger });
      const post = (path, body, headers) => fetch(server.origin + path, {
        method: 'POST', headers: { 'Content-Type': 'application/json', ...headers }, body: JSON.stringify(body),
      }).then((response) => response.json());
      const { token } = await post('/v1/launch', { ticket: server.createLaunchTicket() });
      const { ticket } = await post('/v1/ticket', {}, { Authorization: 'Bearer ' + token });
      const socket = new WebSocket(server.origin.replace('http', 'ws') + '/v1/socket', ['cutline.v1', 'ticket.' + ticket]);
      await new Promise((resolve) => socket.once('open', resolve));
      await server.dispose();
      console.log('disposed');
    `;
    const bundle = await build({
      stdin: { contents: source, resolveDir: process.cwd() },
      ...{ bundle: true, write: false, format: 'esm', platform: 'node', packages: 'external' },
    });
    const args = ['--input-type=module', '--eval', bundle.outputFiles[0]!.text, await temporaryFolder()];
    const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 10_000 });
    expect(stdout).toBe('disposed\n');
  });
});
