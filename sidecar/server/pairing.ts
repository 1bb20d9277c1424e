/** Pairing: a code in the sidecar's terminal, typed into the client that asked, becomes that client's token. */
import { Emitter } from 'vscode-jsonrpc';
import type { Event } from 'vscode-jsonrpc';
import { CodedError } from '../../protocol/errors.js';
import type { Limits } from './limits.js';
import { hashSecret, normaliseCode, randomCode, randomToken, sameHash } from './secrets.js';

/** For the terminal: what to show the person, with who asks. */
export interface PairingRequest {
  /** Eight characters, as `ABCD-EFGH`. */
  readonly code: string;
  /** The client's name for itself, safe to print. */
  readonly client: string;
  /** The page it asks from; undefined outside a browser. */
  readonly origin: string | undefined;
  readonly expiresInMs: number;
}

/** Who asks: a program, a sandboxed page such as Figma's plugin window, or a page that a sidecar serves. */
type OriginClass = 'program' | 'sandbox' | 'page';

interface Pairing {
  readonly originClass: OriginClass;
  readonly client: string;
  readonly codeHash: string;
  readonly expires: number;
  triesLeft: number;
}

/**
 * Keeps the pairings that wait for their code. Nobody's ends by what others do, and a flood from one class of origin
 * leaves the other classes their share. It knows nothing of clients that are paired already, so no flood
 * of requests or guesses can touch those.
 */
export class PairingDesk {
  private readonly outstanding = new Map<string, Pairing>();
  /** When the latest pairings were begun, and for whom, oldest first. */
  private readonly begun: { readonly at: number; readonly originClass: OriginClass }[] = [];
  private readonly requestEmitter = new Emitter<PairingRequest>();
  readonly onDidRequestPairing: Event<PairingRequest> = this.requestEmitter.event;

  /** @param now Milliseconds; only differences matter. */
  constructor(
    private readonly limits: Limits,
    private readonly now: () => number,
  ) {}

  /**
   * Begins a pairing and shows its code.
   *
   * @param renews Id of an earlier one of the same asker, which ends.
   * @throws CodedError BUSY when too many ask.
   */
  request(
    clientName: string,
    origin: string | undefined,
    renews = '',
  ): { pairing: string; expiresInMs: number } {
    this.dropExpired();
    const client = printable(clientName);
    const originClass = classOf(origin);
    this.refuseFlood(originClass, this.outstanding.get(renews));
    this.outstanding.delete(renews);
    const code = randomCode();
    const id = randomToken();
    const expiresInMs = this.limits.pairingCodeMs;
    const expires = this.now() + expiresInMs;
    const triesLeft = this.limits.pairingTries;
    this.begun.push({ at: this.now(), originClass });
    this.outstanding.set(id, { originClass, client, codeHash: hashSecret(code), expires, triesLeft });
    this.requestEmitter.fire({ code: `${code.slice(0, 4)}-${code.slice(4)}`, client, origin, expiresInMs });
    return { pairing: id, expiresInMs };
  }

  /**
   * Checks a code. A right one ends the pairing, and so does the last wrong try.
   *
   * @returns The name of the client that is now to be trusted.
   * @throws CodedError PAIRING_CODE_WRONG or PAIRING_EXPIRED.
   */
  confirm(id: string, typed: string): string {
    this.dropExpired();
    const pairing = this.outstanding.get(id);
    if (!pairing) {
      throw new CodedError('PAIRING_EXPIRED', 'The pairing code is no longer valid.', 'Ask for a new code.');
    }
    pairing.triesLeft--;
    const right = sameHash(hashSecret(normaliseCode(typed)), pairing.codeHash);
    if (right || pairing.triesLeft === 0) this.outstanding.delete(id);
    if (right) return pairing.client;
    throw new CodedError(
      'PAIRING_CODE_WRONG',
      'The pairing code is not the one in the terminal.',
      triesHint(pairing.triesLeft),
    );
  }

  /**
   * Checks a code as `confirm` does and puts it to use; one that could not be put to use is as good as before.
   *
   * @param issue Makes the client's token.
   */
  async trade(id: string, typed: string, issue: (client: string) => Promise<string>): Promise<string> {
    const pairing = this.outstanding.get(id);
    const client = this.confirm(id, typed);
    try {
      return await issue(client);
    } catch (error) {
      pairing!.triesLeft++;
      this.outstanding.set(id, pairing!);
      throw error;
    }
  }

  private dropExpired(): void {
    for (const [id, { expires }] of this.outstanding) {
      if (expires <= this.now()) this.outstanding.delete(id);
    }
    const windowStart = this.now() - this.limits.pairingWindowMs;
    while (this.begun[0] !== undefined && this.begun[0].at <= windowStart) this.begun.shift();
  }

  private refuseFlood(originClass: OriginClass, replaced: Pairing | undefined): void {
    const { pairingsOutstanding, pairingsPerWindow } = this.limits;
    const isAlike = (one: { readonly originClass: OriginClass }) => one.originClass === originClass;
    const others = [...this.outstanding.values()].filter((one) => isAlike(one) && one !== replaced).length;
    const begun = this.begun.filter(isAlike).length;
    if (others < pairingsOutstanding && begun < pairingsPerWindow) return;
    throw new CodedError(
      'BUSY',
      'Too many programs ask to be paired at once.',
      'Close pages that you do not know, wait a minute, and ask again.',
    );
  }
}

function classOf(origin: string | undefined): OriginClass {
  if (origin === undefined) return 'program';
  return origin === 'null' ? 'sandbox' : 'page';
}

/** Takes out what could move the cursor or colour a terminal, or write from right to left. */
function printable(name: string): string {
  return name.replace(/\p{C}/gu, '').trim() || 'unnamed';
}

function triesHint(left: number): string {
  if (left === 0) return 'Ask for a new code.';
  return left === 1 ? 'Check it; one try is left.' : `Check it; ${left} tries are left.`;
}
