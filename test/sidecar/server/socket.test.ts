import { once } from 'node:events';
import { mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import type { WebSocket } from 'ws';
import { imageOpen, maskPredict, maskTrace } from '../../../protocol/methods.js';
import { callMethod } from '../../../protocol/rpc.js';
import { encodeContent } from '../../../protocol/codec.js';
import { LIMITS } from '../../../sidecar/server/limits.js';
import { TokenStore } from '../../../sidecar/server/tokens.js';
import { TestSidecar, rawUpgrade } from '../../support/sidecar.js';

const openParams = imageOpen.example.params;

async function closeCode(socket: WebSocket): Promise<number> {
  return ((await once(socket, 'close')) as [number])[0];
}

describe('a socket', () => {
  it('is closed with 1009 when a message is larger than the limit, and the server goes on', async () => {
    const sidecar = await TestSidecar.start({ limits: { messageBytes: 1_000 } });
    const token = await sidecar.pair();
    const { socket } = await sidecar.connect(token);
    socket.send('x'.repeat(1_001));
    expect(await closeCode(socket)).toBe(1009);
    const { connection } = await sidecar.connect(token);
    await expect(callMethod(connection, imageOpen, openParams)).resolves.toMatchObject({ known: true });
  });

  it('has limits that follow the security defaults', () => {
    expect(LIMITS).toMatchObject({
      messageBytes: 16 * 1024 * 1024,
      messageFragments: 1_024,
      bufferedBytes: 8 * 1024 * 1024,
      socketsPerClient: 64,
      imageBytes: 25 * 1024 * 1024,
    });
  });

  it('is closed with 1008 when a message comes in too many fragments', async () => {
    const sidecar = await TestSidecar.start();
    const { socket } = await sidecar.connect(await sidecar.pair());
    const closed = closeCode(socket);
    for (let i = 0; i <= LIMITS.messageFragments; i++) socket.send('', { fin: false });
    expect(await closed).toBe(1008);
  });

  it('is closed with 1007 when text is not UTF-8', async () => {
    const sidecar = await TestSidecar.start();
    const { socket } = await sidecar.connect(await sidecar.pair());
    socket.send(new Uint8Array([0xff, 0xfe]), { binary: false });
    expect(await closeCode(socket)).toBe(1007);
  });

  it('is closed with 1008 when its client is revoked, and no ticket of that client works any more', async () => {
    const sidecar = await TestSidecar.start();
    const token = await sidecar.pair();
    const { socket } = await sidecar.connect(token);
    const ticket = await sidecar.ticket(token);
    const { tokens, port } = sidecar.server;
    const closed = closeCode(socket);
    await tokens.revoke((await tokens.list())[0]!.id);
    expect(await closed).toBe(1008);
    const lines = [`Host: localhost:${port}`, `Sec-WebSocket-Protocol: cutline.v1, ticket.${ticket}`];
    expect((await rawUpgrade(port, lines)).status).toBe(401);
  });

  it('is cut at once when its client is revoked, with all that it asked for', async () => {
    const sidecar = await TestSidecar.start();
    const { socket, connection } = await sidecar.connect(await sidecar.pair());
    sidecar.engine.hold();
    const request = callMethod(connection, maskTrace, maskTrace.example.params).catch(() => undefined);
    await sidecar.engine.called(1);
    // A peer that answers no closing handshake.
    socket.pause();
    socket.send(
      encodeContent({ jsonrpc: '2.0', id: 'late', method: 'image/open', params: openParams }, 'json'),
    );
    const { tokens } = sidecar.server;
    await tokens.revoke((await tokens.list())[0]!.id);
    expect(sidecar.engine.calls[0]!.call.signal.aborted).toBe(true);
    while (!sidecar.logs.some((line) => line.includes('closeCode'))) await new Promise(setImmediate);
    expect(sidecar.logs.join('')).toContain('"closeCode":1006');
    socket.terminate();
    await request;
  });

  it('is closed with 1008 when another process revokes its client; other clients are not affected', async () => {
    const sidecar = await TestSidecar.start({ limits: { pingMs: 200 } });
    const { socket } = await sidecar.connect(await sidecar.pair('lost'));
    const other = await sidecar.connect(await sidecar.pair('kept'));
    const closed = closeCode(socket);
    const elsewhere = new TokenStore(sidecar.home, pino({ level: 'silent' }));
    await elsewhere.revoke((await elsewhere.list()).find(({ name }) => name === 'lost')!.id);
    expect(await closed).toBe(1008);
    expect(other.socket.readyState).toBe(other.socket.OPEN);
  });

  it('stays open while the list of clients cannot be read', async () => {
    const sidecar = await TestSidecar.start({ limits: { pingMs: 200 } });
    const { socket } = await sidecar.connect(await sidecar.pair());
    const path = join(sidecar.home, 'clients.json');
    await rename(path, `${path}.away`);
    await mkdir(path);
    while (sidecar.logs.every((line) => !line.includes('FILE_READ'))) await once(socket, 'ping');
    expect(socket.readyState).toBe(socket.OPEN);
  });

  it('is one of at most so many a client; another client is not affected', async () => {
    const sidecar = await TestSidecar.start({ limits: { socketsPerClient: 2 } });
    const token = await sidecar.pair();
    const first = await sidecar.connect(token);
    await sidecar.connect(token);
    await expect(sidecar.connect(token)).rejects.toThrow('429');
    await sidecar.connect(await sidecar.pair('other'));
    const closed = once(first.socket, 'close');
    first.socket.close();
    await closed;
    await sidecar.connect(token);
  });

  it('is not there on any other path', async () => {
    const sidecar = await TestSidecar.start();
    const lines = [`Host: localhost:${sidecar.server.port}`];
    expect((await rawUpgrade(sidecar.server.port, lines, '/v1/socket/')).status).toBe(404);
  });

  it('is dropped when it does not answer pings', async () => {
    const sidecar = await TestSidecar.start({ limits: { pingMs: 20 } });
    const token = await sidecar.pair();
    const lively = await sidecar.connect(token);
    const { socket } = await sidecar.connect(token);
    const closed = once(socket, 'close');
    socket.pause();
    const { connection } = lively;
    while (sidecar.logs.every((line) => !line.includes('"closeCode":1006'))) {
      await callMethod(connection, imageOpen, openParams);
    }
    expect(lively.socket.readyState).toBe(lively.socket.OPEN);
    socket.resume();
    await closed;
  });
});

describe('messages that have not all come', () => {
  it('may take only so much together: the client that takes most loses its largest, and others go on', async () => {
    const sidecar = await TestSidecar.start({ limits: { inboundBytes: 3_000_000 } });
    const greedy = await sidecar.pair('greedy');
    const sockets = await Promise.all(Array.from({ length: 4 }, () => sidecar.openSocket(greedy)));
    const codes: number[] = [];
    const closed = new Promise<void>((resolve) => {
      for (const socket of sockets) {
        socket.once('close', (code: number) => {
          codes.push(code);
          resolve();
        });
      }
    });
    for (const socket of sockets) socket.send(new Uint8Array(900_000), { fin: false });
    await closed;
    expect(codes).toEqual([1013]);
    const { connection } = await sidecar.connect(await sidecar.pair('modest'));
    await expect(callMethod(connection, imageOpen, openParams)).resolves.toMatchObject({ known: true });
  });
});

describe('requests that wait', () => {
  it('are refused with BUSY beyond the limit of their client, over all its sockets', async () => {
    const sidecar = await TestSidecar.start({ limits: { pendingPerClient: 3 } });
    const token = await sidecar.pair();
    const [one, two] = [await sidecar.connect(token), await sidecar.connect(token)];
    const release = sidecar.engine.hold();
    const waiting = [one, one, two].map(({ connection }) =>
      callMethod(connection, maskTrace, maskTrace.example.params),
    );
    await sidecar.engine.called(3);
    const refused = callMethod(two.connection, maskTrace, maskTrace.example.params);
    await expect(refused).rejects.toMatchObject({ code: 'BUSY', retryAfterMs: 2_500 });
    release();
    await Promise.all(waiting);
    await callMethod(two.connection, maskTrace, maskTrace.example.params);
  });

  it('count no more once their socket has closed', async () => {
    const sidecar = await TestSidecar.start({ limits: { pendingPerClient: 1 } });
    const token = await sidecar.pair();
    const { socket, connection } = await sidecar.connect(token);
    const other = await sidecar.connect(token);
    const release = sidecar.engine.hold();
    const lost = callMethod(connection, maskPredict, maskPredict.example.params).catch(() => undefined);
    await sidecar.engine.called(1);
    const aborted = once(sidecar.engine.calls[0]!.call.signal, 'abort');
    socket.terminate();
    await Promise.all([aborted, lost]);
    release();
    await callMethod(other.connection, maskTrace, maskTrace.example.params);
  });

  it('may not share an id', async () => {
    const sidecar = await TestSidecar.start();
    const { socket } = await sidecar.connect(await sidecar.pair());
    const release = sidecar.engine.hold();
    const message = { jsonrpc: '2.0', id: 'same', method: 'image/open', params: openParams };
    const refusal = once(socket, 'message');
    for (let i = 0; i < 2; i++) socket.send(encodeContent(message, 'json'));
    expect(String(((await refusal) as [Buffer])[0])).toContain('"id":null');
    const answer = once(socket, 'message');
    release();
    expect(String(((await answer) as [Buffer])[0])).toContain('"id":"same"');
  });
});
