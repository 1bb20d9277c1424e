/** Keeps a client from piling up requests, before anything of theirs is queued. */
import { Message } from 'vscode-jsonrpc';
import type { ResponseMessage } from 'vscode-jsonrpc';
import { CANCEL_METHOD } from '../../protocol/envelope.js';
import { CodedError } from '../../protocol/errors.js';
import { wireError } from '../../protocol/wire-error.js';

/** How many requests of one client wait for an answer, over all its sockets. */
export interface PendingCount {
  pending: number;
}

interface Waiting {
  readonly id: string | number;
  /** A cancel has passed. */
  cancelled: boolean;
}

/** The requests of one socket that wait for an answer. */
export class PendingRequests {
  /** By id as text: the queue of `vscode-jsonrpc` loses one of two that wait as 1 and "1". */
  private readonly waiting = new Map<string, Waiting>();

  /**
   * @param total Shared by the sockets of one client.
   * @param max Most requests in `total`.
   * @param retryAfterMs When whoever is refused had better ask again.
   * @param refuse Sends the answer to a request that goes no further.
   */
  constructor(
    private readonly total: PendingCount,
    private readonly max: number,
    private readonly retryAfterMs: () => number,
    private readonly refuse: (answer: ResponseMessage) => void,
  ) {}

  /** Only requests and the cancelling of one that waits go further; clients have nothing else to say. */
  admit(message: Message): boolean {
    if (Message.isRequest(message) && message.id !== null) return this.admitRequest(message.id);
    if (!Message.isNotification(message) || message.method !== CANCEL_METHOD) return false;
    const waiting = this.find((message.params as { id: string | number }).id);
    if (!waiting || waiting.cancelled) return false;
    waiting.cancelled = true;
    return true;
  }

  /** Hears of every message sent, and takes a request that it answers off the count. */
  settle(message: Message): void {
    if (!Message.isResponse(message) || !this.find(message.id)) return;
    this.waiting.delete(String(message.id));
    this.total.pending--;
  }

  /** The socket has closed: nobody waits for its answers any more. */
  dispose(): void {
    this.total.pending -= this.waiting.size;
    this.waiting.clear();
  }

  /** The request with exactly this id; an answer whose id is null answers none. */
  private find(id: string | number | null): Waiting | undefined {
    const waiting = this.waiting.get(String(id));
    return waiting?.id === id ? waiting : undefined;
  }

  private admitRequest(id: string | number): boolean {
    if (this.waiting.has(String(id))) {
      // Answered without an id, or it would pass for the answer to the first request.
      this.answer(null, new CodedError('REQUEST_INVALID', 'Two requests have one id.', 'Number them.'));
      return false;
    }
    if (this.total.pending >= this.max) {
      const many = `${this.max} requests of this client wait already.`;
      this.answer(
        id,
        new CodedError('BUSY', many, 'Wait for an answer before sending more.', {
          retryAfterMs: this.retryAfterMs(),
        }),
      );
      return false;
    }
    this.waiting.set(String(id), { id, cancelled: false });
    this.total.pending++;
    return true;
  }

  private answer(id: string | number | null, error: CodedError): void {
    this.refuse({ jsonrpc: '2.0', id, error: wireError(error) });
  }
}
