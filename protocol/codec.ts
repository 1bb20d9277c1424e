/**
 * JSON-RPC messages over a WebSocket. A text message is JSON with bytes as base64, a binary message is
 * MessagePack with bytes as they are; the schema is the same. `vscode-jsonrpc` does the rest: import its `/node`
 * or `/browser` entry once, before a connection is made.
 */
import { Decoder, Encoder } from '@msgpack/msgpack';
import { AbstractMessageReader, AbstractMessageWriter } from 'vscode-jsonrpc';
import type { DataCallback, Disposable, Message, MessageReader, MessageWriter } from 'vscode-jsonrpc';
import { encodeBase64 } from './base64.js';
import { checkJson } from './check-json.js';
import { checkMsgpack } from './check-msgpack.js';
import { CLOSE_CODES } from './close-codes.js';
import { parseEnvelope, refuseContent } from './envelope.js';
import { MAX_NESTING } from './message-limits.js';

export type Encoding = 'json' | 'msgpack';

/** What the browser's WebSocket and the `ws` package's have in common, as far as it is needed here. */
export interface WireSocket {
  binaryType: string;
  readonly readyState: number;
  /** Bytes handed to `send` that have not left yet. */
  readonly bufferedAmount: number;
  send(data: string | Uint8Array<ArrayBuffer>): void;
  close(code?: number, reason?: string): void;
  addEventListener(type: 'message', listener: (event: { data: unknown }) => void): void;
  addEventListener(type: 'close', listener: () => void): void;
  removeEventListener(type: 'message', listener: (event: { data: unknown }) => void): void;
  removeEventListener(type: 'close', listener: () => void): void;
}

/** `readyState` of a socket that can send. */
const OPEN = 1;

/** A message → what goes over the socket. Fields that are undefined are left out in both encodings. */
export function encodeContent(message: unknown, encoding: Encoding): string | Uint8Array<ArrayBuffer> {
  if (encoding === 'json') return JSON.stringify(withBase64(message));
  return new Encoder({ ignoreUndefined: true, maxDepth: MAX_NESTING }).encode(message);
}

/**
 * What came over the socket → a value of unknown shape. Bytes in JSON stay base64 here; the schemas decode them.
 *
 * @throws CodedError MESSAGE_TOO_LARGE when it holds too many values; Error when it is neither JSON nor MessagePack.
 */
export function decodeContent(content: string | Uint8Array): unknown {
  if (typeof content === 'string') {
    checkJson(content);
    return JSON.parse(content);
  }
  checkMsgpack(content);
  return new Decoder().decode(content);
}

/** Copies what contains bytes; JSON.stringify's replacer comes too late, since a Node Buffer has `toJSON`. */
function withBase64(value: unknown): unknown {
  if (value instanceof Uint8Array) return encodeBase64(value);
  if (Array.isArray(value)) return value.map(withBase64);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withBase64(item)]));
}

export interface WriterOptions {
  readonly encoding: Encoding;
  /** Closes the socket when more than this waits to be sent, besides the latest message. Default: no limit. */
  readonly maxBufferedBytes?: number;
  /** Hears of every message before it is sent. */
  readonly onWillWrite?: (message: Message) => void;
  /** Told after each message was handed to the socket. */
  readonly onDidWrite?: () => void;
}

/** Sends messages. `encoding` may change at any time: a server answers in the encoding it was last asked in. */
export class SocketMessageWriter extends AbstractMessageWriter implements MessageWriter {
  encoding: Encoding;
  private latestBytes = 0;
  private readonly forwardClose = () => this.fireClose();

  constructor(
    private readonly socket: WireSocket,
    private readonly options: WriterOptions,
  ) {
    super();
    this.encoding = options.encoding;
    socket.addEventListener('close', this.forwardClose);
  }

  /** Rejects when the socket is not open, so that a request fails at once instead of never being answered. */
  async write(message: Message): Promise<void> {
    this.options.onWillWrite?.(message);
    if (this.socket.readyState !== OPEN) throw new Error('The socket is closed.');
    // One message may be larger than the limit, so it only counts once another follows before it has left.
    const backlog = this.socket.bufferedAmount - this.latestBytes;
    if (backlog > (this.options.maxBufferedBytes ?? Infinity)) {
      this.socket.close(CLOSE_CODES.TRY_LATER.code, 'reads too slowly');
      throw new Error('The socket’s reader is too slow.');
    }
    const content = encodeContent(message, this.encoding);
    this.latestBytes = content.length;
    this.socket.send(content);
    this.options.onDidWrite?.();
  }

  end(): void {
    this.socket.close(CLOSE_CODES.NORMAL.code);
  }

  override dispose(): void {
    super.dispose();
    this.socket.removeEventListener('close', this.forwardClose);
  }
}

export interface ReaderOptions {
  /** Server: answers malformed content through this writer, and makes it follow the encoding of the client. */
  readonly answerThrough?: SocketMessageWriter;
  /** Server: says whether a well-formed message of so many bytes goes further; whoever says no has answered it. */
  readonly admit?: (message: Message, bytes: number) => boolean;
}

/** Receives messages. Content that is no message never ends the connection. */
export class SocketMessageReader extends AbstractMessageReader implements MessageReader {
  constructor(
    private readonly socket: WireSocket,
    private readonly options: ReaderOptions = {},
  ) {
    super();
    socket.binaryType = 'arraybuffer';
  }

  listen(callback: DataCallback): Disposable {
    const onMessage = (event: { data: unknown }) => this.receive(event.data, callback);
    const onClose = () => this.fireClose();
    this.socket.addEventListener('message', onMessage);
    this.socket.addEventListener('close', onClose);
    return {
      dispose: () => {
        this.socket.removeEventListener('message', onMessage);
        this.socket.removeEventListener('close', onClose);
      },
    };
  }

  private receive(data: unknown, callback: DataCallback): void {
    const { answerThrough, admit } = this.options;
    const content = typeof data === 'string' ? data : new Uint8Array(data as ArrayBuffer);
    if (answerThrough) answerThrough.encoding = typeof content === 'string' ? 'json' : 'msgpack';
    try {
      const message = parseEnvelope(decodeContent(content));
      if (admit?.(message, content.length) !== false) callback(message);
    } catch (error) {
      if (!answerThrough) return this.fireError(error);
      // A socket that closed meanwhile needs no answer.
      answerThrough.write(refuseContent(error)).catch((failure: unknown) => this.fireError(failure));
    }
  }
}
