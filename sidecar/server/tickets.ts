/** One-time tickets that live for a moment and never touch the disk. */
import { hashSecret, randomToken } from './secrets.js';

export interface TicketOptions {
  readonly lifetimeMs: number;
  /** Most tickets that wait to be used; the oldest goes first. */
  readonly max: number;
  /** As `max`, of those worth one and the same, so that nobody pushes out another's. */
  readonly maxPerValue: number;
  /** Milliseconds; only differences matter. */
  readonly now: () => number;
}

/** Hands out tickets, each worth one value once. */
export class Tickets<T> {
  /** By hash, oldest first. */
  private readonly waiting = new Map<string, { readonly value: T; readonly expires: number }>();

  constructor(private readonly options: TicketOptions) {}

  issue(value: T): string {
    const { lifetimeMs, max, maxPerValue, now } = this.options;
    for (const [hash, { expires }] of this.waiting) {
      if (expires > now()) break;
      this.waiting.delete(hash);
    }
    const alike = [...this.waiting].filter(([, ticket]) => ticket.value === value);
    const oldest = alike.length >= maxPerValue ? alike[0]![0] : this.waiting.keys().next().value;
    if (alike.length >= maxPerValue || this.waiting.size >= max) this.waiting.delete(oldest!);
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

  /** As `redeem`, but a ticket whose value could not be put to use is as good as before. */
  async spend<R>(ticket: string, use: (value: T) => Promise<R>): Promise<R | undefined> {
    const hash = hashSecret(ticket);
    const found = this.waiting.get(hash);
    const value = this.redeem(ticket);
    if (!found || value === undefined) return undefined;
    try {
      return await use(value);
    } catch (error) {
      this.waiting.set(hash, found);
      throw error;
    }
  }
}
