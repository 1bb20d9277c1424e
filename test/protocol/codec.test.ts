import { describe, expect, it } from 'vitest';
import type { Message } from 'vscode-jsonrpc/node';
import {
  decodeContent,
  encodeContent,
  SocketMessageReader,
  SocketMessageWriter,
} from '../../protocol/codec.js';
import type { WireSocket } from '../../protocol/codec.js';
import { MAX_NESTING, MAX_VALUES } from '../../protocol/message-limits.js';

/** A socket that keeps what is sent and receives what it is told. */
class FakeSocket implements WireSocket {
  binaryType = 'blob';
  readyState = 1;
  bufferedAmount = 0;
  readonly sent: (string | Uint8Array)[] = [];
  closedWith: number | undefined;
  private onMessage: ((event: { data: unknown }) => void) | undefined;

  send(data: string | Uint8Array): void {
    this.sent.push(data);
  }

  close(code?: number): void {
    this.closedWith = code;
  }

  addEventListener(type: string, listener: (event: { data: unknown }) => void): void {
    if (type === 'message') this.onMessage = listener;
  }

  removeEventListener(): void {
    this.onMessage = undefined;
  }

  receive(data: string | Uint8Array): void {
    this.onMessage?.({ data: typeof data === 'string' ? data : new Uint8Array(data).buffer });
  }
}

function serverEnd() {
  const socket = new FakeSocket();
  const writer = new SocketMessageWriter(socket, { encoding: 'json', maxBufferedBytes: 100 });
  const reader = new SocketMessageReader(socket, { answerThrough: writer });
  const received: Message[] = [];
  reader.listen((message) => received.push(message));
  return { socket, writer, received };
}

const request = { jsonrpc: '2.0', id: 1, method: 'shutdown', params: {} };
const answer = { jsonrpc: '2.0', id: 1, result: null };

const tooLarge = expect.objectContaining({ code: 'MESSAGE_TOO_LARGE' }) as Error;
const list = (item: string) => Array(1_000_000).fill(item).join();

describe('a server’s end of a socket', () => {
  it('answers in the encoding it was last asked in', async () => {
    const { socket, writer } = serverEnd();
    for (const encoding of ['msgpack', 'json', 'msgpack'] as const) {
      socket.receive(encodeContent(request, encoding));
      await writer.write(answer);
      expect(typeof socket.sent.at(-1)).toBe(encoding === 'json' ? 'string' : 'object');
      expect(decodeContent(socket.sent.at(-1)!)).toEqual(answer);
    }
  });

  it('answers content that is neither JSON nor MessagePack with PARSE and goes on', () => {
    const { socket, received } = serverEnd();
    for (const content of ['{"jsonrpc":', '', new Uint8Array([0xc1]), new Uint8Array([0x92, 0x01])]) {
      socket.receive(content);
      expect(decodeContent(socket.sent.at(-1)!)).toMatchObject({
        id: null,
        error: { code: -32700, data: { name: 'PARSE' } },
      });
    }
    socket.receive(encodeContent(request, 'json'));
    expect(received).toEqual([request]);
  });

  it.each([
    ['a number', 7, null],
    ['a batch', [request], null],
    ['an id that is null', { ...request, id: null }, null],
    ['an id that is an object', { ...request, id: {} }, null],
    ['parameters by position', { ...request, params: [1, 2] }, 1],
    ['another version', { ...request, jsonrpc: '1.0' }, 1],
    ['no method', { jsonrpc: '2.0', id: 'a' }, 'a'],
    ['a cancel of nothing', { jsonrpc: '2.0', method: '$/cancelRequest' }, null],
    ['a cancel of null', { jsonrpc: '2.0', method: '$/cancelRequest', params: { id: null } }, null],
  ])('refuses %s with REQUEST_INVALID, naming the id where there is one', (_name, content, id) => {
    const { socket, received } = serverEnd();
    socket.receive(encodeContent(content, 'json'));
    expect(decodeContent(socket.sent[0]!)).toMatchObject({
      id,
      error: { data: { name: 'REQUEST_INVALID' } },
    });
    expect(received).toEqual([]);
  });

  it('answers a million zeros with MESSAGE_TOO_LARGE at once, and goes on', () => {
    const { socket, received } = serverEnd();
    const start = performance.now();
    socket.receive(`{"jsonrpc":"2.0","id":1,"method":"mask/predict","params":{"prompts":[${list('0')}]}}`);
    expect(performance.now() - start).toBeLessThan(500);
    expect(decodeContent(socket.sent[0]!)).toMatchObject({
      id: null,
      error: { data: { name: 'MESSAGE_TOO_LARGE' } },
    });
    socket.receive(encodeContent(request, 'json'));
    expect(received).toEqual([request]);
  });

  it('takes missing parameters for empty ones', () => {
    const { socket, received } = serverEnd();
    socket.receive('{"jsonrpc":"2.0","id":1,"method":"shutdown"}');
    expect(received).toEqual([request]);
  });

  it('closes a socket that reads too slowly, but not for one large answer', async () => {
    const { socket, writer } = serverEnd();
    const large = { ...answer, result: 'x'.repeat(1_000) };
    await writer.write(large);
    socket.bufferedAmount = String(socket.sent[0]).length;
    await writer.write(answer);
    expect(socket.closedWith).toBeUndefined();
    socket.bufferedAmount += String(socket.sent[1]).length;
    await expect(writer.write(answer)).rejects.toThrow('too slow');
    expect(socket.closedWith).toBe(1013);
  });

  it('does not send on a socket that is closed', async () => {
    const { socket, writer } = serverEnd();
    socket.readyState = 3;
    await expect(writer.write(answer)).rejects.toThrow('closed');
    expect(socket.sent).toEqual([]);
  });
});

describe('a client’s end of a socket', () => {
  it('reports malformed content and answers nothing', () => {
    const socket = new FakeSocket();
    const reader = new SocketMessageReader(socket);
    const errors: Error[] = [];
    reader.onError((error) => errors.push(error));
    reader.listen(() => undefined);
    socket.receive('nonsense');
    expect(errors).toHaveLength(1);
    expect(socket.sent).toEqual([]);
  });
});

describe('content', () => {
  it('leaves out fields that are undefined in both encodings', () => {
    for (const encoding of ['json', 'msgpack'] as const) {
      expect(decodeContent(encodeContent({ a: undefined, b: 1 }, encoding))).toEqual({ b: 1 });
    }
  });

  it('writes a Node Buffer like any other bytes', () => {
    expect(encodeContent({ bytes: Buffer.from('<svg/>') }, 'json')).toBe('{"bytes":"PHN2Zy8+"}');
  });

  it('refuses MessagePack that nests too deeply before memory is reserved for it', () => {
    const bomb = new Uint8Array(3 * 100_000);
    for (let at = 0; at < bomb.length; at += 3) bomb.set([0xdc, 0xff, 0xff], at);
    expect(() => decodeContent(bomb)).toThrow(tooLarge);
  });

  it('refuses MessagePack that claims more values than any message has', () => {
    expect(() => decodeContent(new Uint8Array([0xdd, 0x7f, 0xff, 0xff, 0xff, 0x00]))).toThrow(tooLarge);
    expect(() => decodeContent(new Uint8Array([0xdf, 0x00, 0x02, 0x00, 0x00, 0x00]))).toThrow(tooLarge);
    const nested = encodeContent(Array(8).fill(Array(MAX_VALUES / 8).fill(0)), 'msgpack');
    expect(() => decodeContent(nested)).toThrow(tooLarge);
  });

  it('refuses JSON of more values than any message has before it is parsed', () => {
    for (const item of ['0', '[]', '{}', '""', '[[0]]']) {
      const text = `{"jsonrpc":"2.0","id":1,"method":"mask/predict","params":{"prompts":[${list(item)}]}}`;
      const start = performance.now();
      expect(() => decodeContent(text)).toThrow(tooLarge);
      expect(performance.now() - start).toBeLessThan(500);
    }
    const keys = Array.from({ length: MAX_VALUES / 2 }, (_, i) => `"${i}":0`).join();
    expect(() => decodeContent(`{${keys}}`)).toThrow(tooLarge);
  });

  it('refuses JSON that nests too deeply', () => {
    const nested = (depth: number) => '[{"a":'.repeat(depth / 2) + '0' + '}]'.repeat(depth / 2);
    expect(() => decodeContent(nested(MAX_NESTING))).not.toThrow();
    expect(() => decodeContent(nested(MAX_NESTING + 2))).toThrow(tooLarge);
    expect(() => decodeContent('['.repeat(1_000_000))).toThrow(tooLarge);
  });

  it('counts no comma, colon or bracket inside a JSON text', () => {
    const text = `["${'[{,:'.repeat(MAX_VALUES)}", "\\"${'['.repeat(100)}\\\\\\"", "\\\\"]`;
    expect(decodeContent(text)).toHaveLength(3);
  });

  it('takes as many values as the limit says in both encodings', () => {
    const values = Array(MAX_VALUES - 1).fill(0);
    for (const encoding of ['json', 'msgpack'] as const) {
      expect(decodeContent(encodeContent(values, encoding))).toHaveLength(values.length);
      expect(() => decodeContent(encodeContent([...values, 0], encoding))).toThrow(tooLarge);
    }
  });

  it('measures every kind of MessagePack value', () => {
    const values = [
      ...[null, true, 0, 127, -1, -32, 200, 60_000, 4e9, 2 ** 40, -100, -1_000, -100_000, -(2 ** 40), 1.5],
      ...['', 'x'.repeat(40), 'x'.repeat(300), 'x'.repeat(70_000), new Uint8Array(3), new Uint8Array(300)],
      ...[new Uint8Array(70_000), [], {}, Array(20).fill(1), Array(60_000).fill(2)],
      Object.fromEntries(Array.from({ length: 66_000 }, (_, i) => [`k${i}`, 0])),
      ...[new Date(0), new Date(2 ** 40), new Date(1.5)],
    ];
    const content = encodeContent(values, 'msgpack') as Uint8Array;
    expect(decodeContent(content)).toEqual(values);
  });
});
