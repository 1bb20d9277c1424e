/** A WebSocket client that sends frames as it is told, right or wrong. Frames here are those of RFC 6455. */
import { once } from 'node:events';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { decodeContent } from '../../protocol/codec.js';
import { SOCKET_PATH, SUBPROTOCOL, TICKET_PREFIX } from '../../protocol/version.js';

export const OPCODE = { CONTINUATION: 0, TEXT: 1, BINARY: 2, CLOSE: 8, PING: 9, PONG: 10 } as const;

export interface Frame {
  readonly opcode: number;
  readonly fin?: boolean;
  /** The three reserved bits. */
  readonly rsv?: number;
  readonly payload?: string | Uint8Array;
}

/** Masked, as clients have to, with a key of zeros that leaves the payload readable. */
export function encodeFrame({ opcode, fin = true, rsv = 0, payload = '' }: Frame): Buffer {
  const body = Buffer.from(payload as Uint8Array);
  const head = Buffer.alloc(body.length < 126 ? 6 : body.length < 65_536 ? 8 : 14);
  head[0] = (fin ? 0x80 : 0) | (rsv << 4) | opcode;
  if (head.length === 6) head[1] = 0x80 | body.length;
  else if (head.length === 8) head.writeUInt16BE(body.length, (head[1] = 0xfe) && 2);
  else head.writeBigUInt64BE(BigInt(body.length), (head[1] = 0xff) && 2);
  return Buffer.concat([head, body]);
}

/** A close frame's payload. */
export function closePayload(code: number, reason: string | Uint8Array = ''): Buffer {
  return Buffer.concat([Buffer.of(code >> 8, code & 0xff), Buffer.from(reason as Uint8Array)]);
}

const SILENCE_MS = 10_000;

export class RawSocket {
  /** What messages said, as JSON, in either encoding. */
  readonly answers: string[] = [];
  readonly pongs: string[] = [];
  /** The server's close frame: its code, or 1005 when it had none. */
  closeCode: number | undefined;
  readonly closed: Promise<unknown>;
  private unread: Buffer = Buffer.alloc(0);
  private readonly waiting = new Set<() => void>();

  private constructor(readonly tcp: Socket) {
    tcp.on('data', (bytes) => this.read(bytes));
    // A connection on which nothing comes any more hides a fault: what was waited for shows as missing.
    tcp.setTimeout(SILENCE_MS, () => tcp.destroy());
    this.closed = new Promise((resolve) => tcp.once('close', resolve));
    tcp.once('close', () => this.wake());
  }

  static async open(port: number, ticket: string): Promise<RawSocket> {
    const tcp = connect(port, '127.0.0.1');
    // A server that has enough resets the connection.
    tcp.on('error', () => undefined);
    await once(tcp, 'connect');
    const head = [
      `GET ${SOCKET_PATH} HTTP/1.1`,
      `Host: localhost:${port}`,
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Version: 13',
      'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
      `Sec-WebSocket-Protocol: ${SUBPROTOCOL}, ${TICKET_PREFIX}${ticket}`,
    ];
    tcp.write([...head, '', ''].join('\r\n'));
    const [answer] = (await once(tcp, 'data')) as [Buffer];
    if (!answer.toString('latin1').startsWith('HTTP/1.1 101')) throw new Error(answer.toString('latin1'));
    return new RawSocket(tcp);
  }

  /** @param chop Bytes that go in one write. */
  async send(bytes: Uint8Array, chop = bytes.length): Promise<void> {
    for (let at = 0; at < bytes.length; at += chop) {
      if (this.tcp.destroyed) return;
      const goesOn = this.tcp.write(bytes.subarray(at, at + chop));
      if (!goesOn) await Promise.race([once(this.tcp, 'drain'), this.closed]).catch(() => undefined);
    }
  }

  sendFrame(frame: Frame): Promise<void> {
    return this.send(encodeFrame(frame));
  }

  /** Waits until so much has come, or the connection is gone. */
  async until(isThere: () => boolean): Promise<void> {
    while (!isThere() && !this.tcp.destroyed) await new Promise<void>((wake) => this.waiting.add(wake));
  }

  private read(bytes: Buffer): void {
    this.unread = this.unread.length === 0 ? bytes : Buffer.concat([this.unread, bytes]);
    for (let frame = this.takeFrame(); frame; frame = this.takeFrame()) {
      const { opcode, payload } = frame;
      if (opcode === OPCODE.PONG) this.pongs.push(payload.toString('latin1'));
      else if (opcode === OPCODE.CLOSE) this.closeCode = payload.length < 2 ? 1005 : payload.readUInt16BE();
      else if (opcode === OPCODE.TEXT) this.answers.push(payload.toString());
      else if (opcode === OPCODE.BINARY) this.answers.push(JSON.stringify(decodeContent(payload)));
    }
    this.wake();
  }

  /** A server's frames are unmasked and, from this one, never in fragments. */
  private takeFrame(): { opcode: number; payload: Buffer } | undefined {
    const { unread } = this;
    if (unread.length < 2) return undefined;
    const short = unread[1]!;
    const start = short < 126 ? 2 : short === 126 ? 4 : 10;
    if (unread.length < start) return undefined;
    const length =
      start === 2 ? short : start === 4 ? unread.readUInt16BE(2) : Number(unread.readBigUInt64BE(2));
    if (unread.length < start + length) return undefined;
    this.unread = unread.subarray(start + length);
    return { opcode: unread[0]! & 0x0f, payload: unread.subarray(start, start + length) };
  }

  private wake(): void {
    for (const wake of this.waiting) wake();
    this.waiting.clear();
  }
}
