/** One-time tickets that live for a moment and never touch the disk. */
import { hashSecret, randomToken } from './secrets.js';

export interface TicketOptions {
  readonly lifetimeMs: number;
  /** Most tickets that wait to be used; the oldest goes first. */
  readonly max: number;
  /** Milliseconds; only differences matter. */
  readonly now: () => number;
}

/** Hands out tickets, each worth one value once. */
export class Tickets<T> {
  /** By hash, oldest first. */
  private readonly waiting = new Map<string, { readonly value: T; readonly expires: number }>();

  constructor(private readonly options: TicketOptions) {}

  issue(value: T): string {
    const { lifetimeMs, max, now } = this.options;
    for (const [hash, { expires }] of this.waiting) {
      if (expires > now() && this.waiting.size < max) break;
      this.waiting.delete(hash);
    }
    const ticket = randomToken();
    this.waiting.set(hashSecret(ticket), { value, expires: now() + lifetimeMs });
    return ticket;
  }

  /** @returns The ticket's value the first time and within its life; undefined otherwise. */
  redeem(ticket: string): T | undefined {
    const hash = hashSecret(ticket);
    const found = this.waiting.get(hash);
    this.waiting.delete(hash);
    return found && found.expires > this.options.now() ? found.value : undefined;
  }
}
