/** A sidecar for the interface to talk to, with nothing behind it: HTTP by a fake `fetch`, one fake socket. */
import { createHash } from 'node:crypto';
import type { z } from 'zod';
import { CodedError } from '../../../protocol/errors.js';
import type { ErrorName } from '../../../protocol/errors.js';
import { initialize } from '../../../protocol/methods.js';
import type { MethodDefinition } from '../../../protocol/method-parts.js';
import { HEALTH_BODY } from '../../../protocol/pairing.js';
import { answerOf, keyName, PROOF_AUTHORIZATION, proofOf } from '../../../protocol/proof.js';
import { proveRequestSchema } from '../../../protocol/proof.js';
import { wireError } from '../../../protocol/wire-error.js';
import type { Dial, SidecarClient } from '../../../plugin/ui/sidecar-client.js';

export const ORIGIN = 'http://localhost:47130';

export class FakeSidecar {
  running = true;
  /** What `initialize` answers with, if it is refused. */
  refusal: CodedError | undefined;
  readonly tokens = new Set(['good token']);
  readonly launchTickets = new Set<string>();
  code = 'ABCD2345';
  /** Every HTTP route that was called, /health left out. */
  readonly calls: string[] = [];
  readonly tickets: string[] = [];
  uploadedOverHttp: { isTrusted: boolean; bytes: number } | undefined;
  messageBytes = 16_777_216;
  private challenges = 0;
  private readonly hangUps = new Set<() => void>();

  constructor(readonly origin = ORIGIN) {}

  readonly fetch = async (url: string, init: RequestInit = {}): Promise<Response> => {
    if (!this.running || !url.startsWith(this.origin)) throw new TypeError('Failed to fetch');
    const path = url.slice(this.origin.length);
    if (path === '/health') return new Response(HEALTH_BODY);
    this.calls.push(path);
    try {
      return Response.json(this.answer(path, init));
    } catch (error) {
      return Response.json({ error: wireError(error) }, { status: 403 });
    }
  };

  readonly dial: Dial = async (origin, ticket) => {
    if (!this.running || origin !== this.origin) throw refuse('DISCONNECTED');
    this.tickets.push(ticket);
    let hangUp = () => undefined as void;
    const closed = new Promise<void>((resolve) => (hangUp = resolve));
    this.hangUps.add(hangUp);
    const call = (async (method: MethodDefinition) => {
      if (this.refusal) throw this.refusal;
      return this.initializeAnswer(method);
    }) as SidecarClient['call'];
    return { closed, call, dispose: hangUp };
  };

  /** Ends every socket, as a killed process does. */
  kill(): void {
    this.running = false;
    for (const hangUp of this.hangUps) hangUp();
    this.hangUps.clear();
  }

  private get keys(): string[] {
    return [...this.tokens].map((token) => createHash('sha256').update(token).digest('hex'));
  }

  private get port(): number {
    return Number(new URL(this.origin).port);
  }

  private prove(body: string): object {
    const { client, nonce } = proveRequestSchema.parse(JSON.parse(body));
    const key = this.keys.find((one) => keyName(one) === client);
    if (key === undefined) throw refuse('PAIRING_NEEDED');
    const challenge = `challenge-${++this.challenges}`;
    return { proof: proofOf(key, nonce, this.port), challenge };
  }

  /** Takes answers to its own challenges alone, and never a token. */
  private isTrusted(authorization = ''): boolean {
    const [, challenge, answer] = PROOF_AUTHORIZATION.exec(authorization) ?? [];
    const isOurs = challenge !== undefined && Number(challenge.split('-')[1]) <= this.challenges;
    return isOurs && this.keys.some((key) => answerOf(key, challenge, this.port) === answer);
  }

  private initializeAnswer(method: MethodDefinition): z.output<z.ZodType> {
    if (method.method !== 'initialize') throw refuse('METHOD_UNKNOWN');
    const { result } = initialize.example;
    return { ...result, limits: { ...result.limits, messageBytes: this.messageBytes } };
  }

  private answer(path: string, init: RequestInit): unknown {
    const authorization = (init.headers as Record<string, string>)['Authorization'];
    if (path === '/v1/images') {
      const bytes = init.body as Uint8Array;
      this.uploadedOverHttp = { isTrusted: this.isTrusted(authorization), bytes: bytes.length };
      return { image: { id: 'a'.repeat(64), width: 1, height: 1 } };
    }
    if (path === '/v1/ticket') {
      if (!this.isTrusted(authorization)) throw refuse('PAIRING_NEEDED');
      return { ticket: `ticket ${this.tickets.length + 1}`, expiresInMs: 30_000 };
    }
    if (path === '/v1/prove') return this.prove(String(init.body));
    const body = JSON.parse(String(init.body)) as { ticket: string; code: string };
    if (path === '/v1/launch' && !this.launchTickets.delete(body.ticket)) throw refuse('PAIRING_EXPIRED');
    if (path === '/v1/pair') return { pairing: 'pairing', expiresInMs: 120_000 };
    if (path === '/v1/pair/confirm' && body.code !== this.code) throw refuse('PAIRING_CODE_WRONG');
    return { token: 'good token' };
  }
}

export function refuse(code: ErrorName): CodedError {
  return new CodedError(code, `No: ${code}.`, 'Do something.');
}
