/** The conversation in which a person types the code from the sidecar's terminal, and a token comes out. */
import { cancelledError, CodedError } from '../../protocol/errors.js';
import { asFailure } from './failure.js';
import { askToPair, confirmPairing } from './sidecar-http.js';
import type { HttpOptions } from './sidecar-http.js';
import type { Failure, Link } from './situation.js';

/** The sidecar takes no more wrong codes than this; then only a new one helps. */
const MAX_TRIES = 5;

type Input = { readonly code: string } | 'renew';

export class PairingDesk {
  private take: ((input: Input) => void) | undefined;

  /** @param tell Hears what to show. */
  constructor(
    private readonly client: string,
    private readonly tell: (link: Link) => void,
  ) {}

  /**
   * Asks for codes until the person has typed one.
   *
   * @returns The token.
   * @throws Whatever makes the sidecar unreachable, and CANCELLED; wrong and expired codes are dealt with here.
   */
  async pair(http: HttpOptions): Promise<string> {
    for (let pairing: string | undefined; ;) {
      ({ pairing } = await askToPair(this.client, pairing, http));
      const token = await this.tryCodes(pairing, http);
      if (token !== undefined) return token;
    }
  }

  submit(code: string): void {
    this.take?.({ code });
  }

  renew(): void {
    this.take?.('renew');
  }

  /** @returns undefined when the person asked for another code. */
  private async tryCodes(pairing: string, http: HttpOptions): Promise<string | undefined> {
    this.show('code');
    for (let tries = 1; ; tries++) {
      const input = await this.nextInput(http.signal);
      if (input === 'renew') return undefined;
      this.show('checking');
      try {
        return await confirmPairing(pairing, input.code, http);
      } catch (error) {
        if (!(error instanceof CodedError)) throw error;
        // A token that could not be kept leaves the code as good as before.
        const mayTryAgain = error.code !== 'PAIRING_EXPIRED' && tries < MAX_TRIES;
        this.show(mayTryAgain ? 'code' : 'ended', asFailure(error));
      }
    }
  }

  private nextInput(signal: AbortSignal | undefined): Promise<Input> {
    return new Promise((resolve, reject) => {
      this.take = resolve;
      const giveUp = () => reject(cancelledError());
      if (signal?.aborted) giveUp();
      else signal?.addEventListener('abort', giveUp, { once: true });
    });
  }

  private show(stage: 'code' | 'checking' | 'ended', failure?: Failure): void {
    this.tell({ kind: 'pairing', stage, ...(failure && { failure }) });
  }
}
