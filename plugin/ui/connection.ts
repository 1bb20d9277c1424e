/**
 * Finds the sidecar, gets let in, and stays connected: whatever happens, it goes round this loop again.
 * discover (whoever knows us) → token (kept, launch ticket or pairing) → ticket → socket → initialize → online until it closes.
 */
import type { Disposable } from 'vscode-jsonrpc';
import { CodedError } from '../../protocol/errors.js';
import type { ErrorName } from '../../protocol/errors.js';
import { imageUpload, initialize } from '../../protocol/methods.js';
import type { ImageInfo, ResultOf } from '../../protocol/method-parts.js';
import { PROTOCOL_VERSION } from '../../protocol/version.js';
import { findSidecar } from './discovery.js';
import type { Discovery, DiscoveryOptions } from './discovery.js';
import { asFailure } from './failure.js';
import type { Host } from './host.js';
import { PairingDesk } from './pairing-desk.js';
import { askForTicket, introduceTo, redeemLaunch, uploadOverHttp } from './sidecar-http.js';
import type { HttpOptions } from './sidecar-http.js';
import type { Dial, SidecarClient } from './sidecar-client.js';
import type { Link } from './situation.js';

/** The sidecar while it is connected. */
export interface Sidecar {
  readonly call: SidecarClient['call'];
  /** Sends an image, by the way that it fits through. */
  upload(bytes: Uint8Array, signal: AbortSignal): Promise<ImageInfo>;
}

export interface ConnectionOptions extends Omit<DiscoveryOptions, 'ownOrigin' | 'signal' | 'recognises'> {
  readonly host: Pick<Host, 'clientName' | 'settings' | 'ownOrigin' | 'launchTicket'>;
  readonly clientVersion: string;
  readonly dial: Dial;
  /** Resolves after a while, or at once when the signal is aborted. */
  wait(ms: number, signal: AbortSignal): Promise<void>;
}

export interface Connection extends Disposable {
  /** Takes the code that the person typed. */
  submitCode(code: string): void;
  /** Asks for another pairing code. */
  renewCode(): void;
  /** Looks again now instead of after the next pause. */
  retryNow(): void;
  /** Gives up the token and pairs anew. */
  forget(): void;
}

/** Pauses between attempts; the last one repeats. Probing localhost this often costs nothing. */
const PAUSES_MS = [250, 500, 1_000, 2_000];
/** While a person is asked for a code, whether there is no need to. */
const LOOK_AGAIN_MS = 3_000;
const PASSING: readonly ErrorName[] = ['DISCONNECTED', 'PAIRING_NEEDED', 'CANCELLED'];
/** Room in an upload's message for everything but the image. */
const ENVELOPE_BYTES = 1_024;

/**
 * Keeps a connection to the sidecar until it is disposed.
 *
 * @param listener Hears every change; `sidecar` is there exactly while the link is online.
 */
export function keepConnected(
  options: ConnectionOptions,
  listener: (link: Link, sidecar?: Sidecar) => void,
): Connection {
  const loop = new ConnectionLoop(options, listener);
  void loop.run();
  return loop;
}

class ConnectionLoop implements Connection {
  private readonly ended = new AbortController();
  private readonly desk: PairingDesk;
  private pause = new AbortController();
  private client: SidecarClient | undefined;
  private launchTicket: string | undefined;
  private attempts = 0;

  constructor(
    private readonly options: ConnectionOptions,
    private readonly listener: (link: Link, sidecar?: Sidecar) => void,
  ) {
    this.launchTicket = options.host.launchTicket;
    this.desk = new PairingDesk(options.host.clientName, listener);
  }

  async run(): Promise<void> {
    this.tell({ kind: 'searching' });
    while (!this.ended.signal.aborted) {
      await this.connectOnce();
      if (!this.ended.signal.aborted) await this.rest();
    }
  }

  submitCode(code: string): void {
    this.desk.submit(code);
  }

  renewCode(): void {
    this.desk.renew();
  }

  retryNow(): void {
    this.attempts = 0;
    this.pause.abort();
  }

  forget(): void {
    this.options.host.settings.save({ token: undefined });
    this.client?.dispose();
    this.retryNow();
  }

  dispose(): void {
    this.ended.abort();
    this.pause.abort();
    this.client?.dispose();
  }

  /** One round; returns when the connection is over or did not come about. */
  private async connectOnce(): Promise<void> {
    const { signal } = this.ended;
    try {
      const { token } = await this.options.host.settings.load();
      const found = await this.find(token, signal);
      if (signal.aborted) return;
      if ('cause' in found) return this.tell({ kind: 'offline', cause: found.cause });
      await this.talkTo({ fetch: this.options.fetch, origin: found.origin, signal }, found.knowsUs, token);
    } catch (error) {
      this.takeRefusal(error);
    }
  }

  /** The sidecar that knows the token, if one does. */
  private find(token: string | undefined, signal: AbortSignal): Promise<Discovery> {
    const { fetch, host } = this.options;
    const recognises = async (origin: string) =>
      (await introduceTo(token!, { fetch, origin, signal })) !== undefined;
    return findSidecar({
      ...this.options,
      ownOrigin: host.ownOrigin,
      signal,
      ...(token !== undefined && { recognises }),
    });
  }

  private async talkTo(http: HttpOptions, knowsUs: boolean, kept: string | undefined): Promise<void> {
    const launched = await this.redeemLaunchOnce(http);
    const token = launched ?? (knowsUs ? kept! : await this.pair(http, kept));
    this.options.host.settings.save({ token });
    const ticket = await askForTicket(token, http);
    const client = await this.options.dial(http.origin, ticket, this.ended.signal);
    this.client = client;
    try {
      const info = await client.call(initialize, {
        protocol: PROTOCOL_VERSION,
        client: { name: this.options.host.clientName, version: this.options.clientVersion },
      });
      this.attempts = 0;
      this.tell(
        { kind: 'online', server: describeServer(http.origin, info) },
        sidecarOf(client, info, token, http),
      );
      await client.closed;
      this.tell({ kind: 'searching' });
    } finally {
      client.dispose();
      this.client = undefined;
    }
  }

  /**
   * A kept token that no sidecar here knows stays until there is another. One that knows it may come up meanwhile, and
   * ends this.
   */
  private async pair(http: HttpOptions, kept: string | undefined): Promise<string> {
    const over = new AbortController();
    const signal = AbortSignal.any([this.ended.signal, over.signal]);
    if (kept !== undefined) void this.waitForOurs(kept, signal).then(() => over.abort());
    try {
      return await this.desk.pair({ ...http, signal });
    } finally {
      over.abort();
    }
  }

  /** Resolves when there is one that knows the token, or when it is called off. */
  private async waitForOurs(token: string, signal: AbortSignal): Promise<void> {
    for (;;) {
      await this.options.wait(LOOK_AGAIN_MS, signal);
      if (signal.aborted) return;
      const found = await this.find(token, signal).catch(() => undefined);
      if (found && 'origin' in found && found.knowsUs) return;
    }
  }

  /** A ticket that was used before, by a reload say, is no reason to stop: the kept token follows. */
  private async redeemLaunchOnce(http: HttpOptions): Promise<string | undefined> {
    // It is for the sidecar that opened this page, whatever else may answer.
    if (http.origin !== this.options.host.ownOrigin) return undefined;
    const ticket = this.launchTicket;
    this.launchTicket = undefined;
    if (ticket === undefined) return undefined;
    try {
      return await redeemLaunch(ticket, http);
    } catch (error) {
      if (error instanceof CodedError) return undefined;
      throw error;
    }
  }

  private takeRefusal(error: unknown): void {
    // It went away between two requests, or knows us no more; the next round finds out what became of it.
    if (!(error instanceof CodedError) || PASSING.includes(error.code)) this.tell({ kind: 'searching' });
    else this.tell({ kind: 'refused', failure: asFailure(error) });
  }

  private async rest(): Promise<void> {
    const ms = PAUSES_MS[Math.min(this.attempts, PAUSES_MS.length - 1)]!;
    this.attempts += 1;
    this.pause = new AbortController();
    await this.options.wait(ms, this.pause.signal);
  }

  private tell(link: Link, sidecar?: Sidecar): void {
    if (!this.ended.signal.aborted) this.listener(link, sidecar);
  }
}

function describeServer(origin: string, info: ResultOf<typeof initialize>) {
  const model = info.models[0];
  return {
    origin,
    version: info.server.version,
    modelId: model?.id ?? '',
    model: model?.name ?? '',
    models: info.models.map(({ id, name }) => ({ id, name })),
    licence: model?.licence ?? '',
    limits: info.limits,
    ...(model?.device !== undefined && { device: model.device }),
  };
}

function sidecarOf(
  client: SidecarClient,
  { limits }: ResultOf<typeof initialize>,
  token: string,
  http: HttpOptions,
): Sidecar {
  return {
    call: client.call.bind(client),
    async upload(bytes, signal) {
      if (bytes.length + ENVELOPE_BYTES > limits.messageBytes) {
        return uploadOverHttp(bytes, token, { ...http, signal });
      }
      return (await client.call(imageUpload, { bytes }, { signal })).image;
    },
  };
}
