/** Keeps a client from piling up requests, before anything of theirs is queued. */
import { Message } from 'vscode-jsonrpc';
import type { ResponseMessage } from 'vscode-jsonrpc';
import { CANCEL_METHOD } from '../../protocol/envelope.js';
import { CodedError } from '../../protocol/errors.js';
import type { Share } from './byte-budget.js';
import { wireError } from '../../protocol/wire-error.js';

/** How many requests of one client wait for an answer, over all its sockets. */
export interface PendingCount {
  pending: number;
}

/** What a socket's requests count against, with those of others. */
export interface PendingOptions {
  /** Shared by the sockets of one client, and the most that it may come to. */
  readonly total: PendingCount;
  readonly max: number;
  /** Opens a share of the memory for one request; nothing where there is no room for it. */
  readonly openShare: (bytes: number, evict: () => void) => Share | undefined;
  /** Gives up all requests of the socket, since one that was admitted takes too much memory. */
  readonly close: () => void;
  /** When whoever is refused had better ask again. */
  readonly retryAfterMs: () => number;
  /** Sends the answer to a request that goes no further. */
  readonly refuse: (answer: ResponseMessage) => void;
}

interface Waiting {
  readonly id: string | number;
  readonly share: Share;
  /** A cancel has passed. */
  cancelled: boolean;
}

/** The requests of one socket that wait for an answer. */
export class PendingRequests {
  /** By id as text: the queue of `vscode-jsonrpc` loses one of two that wait as 1 and "1". */
  private readonly waiting = new Map<string, Waiting>();

  constructor(private readonly options: PendingOptions) {}

  /** Only requests and the cancelling of one that waits go further; clients have nothing else to say. */
  admit(message: Message, bytes: number): boolean {
    if (Message.isRequest(message) && message.id !== null) return this.admitRequest(message.id, bytes);
    if (!Message.isNotification(message) || message.method !== CANCEL_METHOD) return false;
    const waiting = this.find((message.params as { id: string | number }).id);
    if (!waiting || waiting.cancelled) return false;
    waiting.cancelled = true;
    return true;
  }

  /** Hears of every message sent, and takes a request that it answers off the count. */
  settle(message: Message): void {
    const waiting = Message.isResponse(message) ? this.find(message.id) : undefined;
    if (!waiting) return;
    this.waiting.delete(String(waiting.id));
    waiting.share.dispose();
    this.options.total.pending--;
  }

  /** The socket has closed: nobody waits for its answers any more. */
  dispose(): void {
    this.options.total.pending -= this.waiting.size;
    for (const { share } of this.waiting.values()) share.dispose();
    this.waiting.clear();
  }

  /** The request with exactly this id; an answer whose id is null answers none. */
  private find(id: string | number | null): Waiting | undefined {
    const waiting = this.waiting.get(String(id));
    return waiting?.id === id ? waiting : undefined;
  }

  private admitRequest(id: string | number, bytes: number): boolean {
    if (this.waiting.has(String(id))) {
      // Answered without an id, or it would pass for the answer to the first request.
      this.answer(null, new CodedError('REQUEST_INVALID', 'Two requests have one id.', 'Number them.'));
      return false;
    }
    const { total, max, openShare, close } = this.options;
    const share = total.pending < max ? openShare(bytes, close) : undefined;
    if (!share) {
      const many =
        total.pending < max ? 'Too much waits in memory already.' : `${max} requests wait already.`;
      const retry = { retryAfterMs: this.options.retryAfterMs() };
      this.answer(id, new CodedError('BUSY', many, 'Wait for an answer before sending more.', retry));
      return false;
    }
    this.waiting.set(String(id), { id, share, cancelled: false });
    total.pending++;
    return true;
  }

  private answer(id: string | number | null, error: CodedError): void {
    this.options.refuse({ jsonrpc: '2.0', id, error: wireError(error) });
  }
}
