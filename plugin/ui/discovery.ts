/** Finds the sidecar, or the reason why it cannot be reached. */
import { HEALTH_BODY } from '../../protocol/pairing.js';
import { SIDECAR_PORTS } from '../../protocol/version.js';
import type { Fetch } from './sidecar-http.js';
import type { OfflineCause } from './situation.js';

/** What the browser says about pages that talk to this machine. */
export type LoopbackPermission = 'allowed' | 'asking' | 'denied';

export interface DiscoveryOptions {
  readonly fetch: Fetch;
  /** Tried first: the sidecar that served this page. */
  readonly ownOrigin?: string | undefined;
  readonly userAgent: string;
  loopbackPermission(): Promise<LoopbackPermission>;
  /**
   * Whether the sidecar at an address is one that knows us; left out when none can.
   *
   * @throws When it cannot tell just now.
   */
  recognises?(origin: string): Promise<boolean>;
  readonly signal?: AbortSignal;
}

export type Discovery =
  { readonly origin: string; readonly knowsUs: boolean } | { readonly cause: OfflineCause };

/** A refused port answers at once; this is for a port where something listens and says nothing. */
const PROBE_TIMEOUT_MS = 2_000;
/** While the browser asks the person, the probe waits with it. */
const ASKING_TIMEOUT_MS = 60_000;

/**
 * Probes the page's own origin, and only if nothing answers there every port of the sidecar at once: a browser
 * prints each refusal to its console. One that knows us wins, and if none does the first in order that answers.
 *
 * @throws What one said that could not tell, when no other could.
 */
export async function findSidecar(options: DiscoveryOptions): Promise<Discovery> {
  const permission = await options.loopbackPermission();
  const timeoutMs = permission === 'asking' ? ASKING_TIMEOUT_MS : PROBE_TIMEOUT_MS;
  const { ownOrigin } = options;
  const own = ownOrigin && (await probe(ownOrigin, timeoutMs, options));
  const probes = own
    ? [Promise.resolve(own)]
    : otherOrigins(ownOrigin).map((origin) => probe(origin, timeoutMs, options));
  return (await choose(probes, options.recognises)) ?? { cause: await whyNot(options) };
}

async function choose(
  probes: readonly Promise<string | undefined>[],
  recognises: DiscoveryOptions['recognises'],
): Promise<Discovery | undefined> {
  if (recognises) return chooseKnown(probes, recognises);
  for (const probed of probes) {
    const origin = await probed;
    if (origin !== undefined) return { origin, knowsUs: false };
  }
  return undefined;
}

/** Asks them all at once, so that one that says nothing holds nobody up who knows us. */
async function chooseKnown(
  probes: readonly Promise<string | undefined>[],
  recognises: (origin: string) => Promise<boolean>,
): Promise<Discovery | undefined> {
  const judged = probes.map(async (probed) => {
    const origin = await probed;
    return origin === undefined ? undefined : { origin, knowsUs: await recognises(origin) };
  });
  const known = judged.map(async (one) => {
    const found = await one;
    if (!found?.knowsUs) throw new Error('It does not know us.');
    return found;
  });
  return Promise.any(known).catch(async () => {
    const settled = await Promise.allSettled(judged);
    const strangers = settled.flatMap((one) => (one.status === 'fulfilled' && one.value ? [one.value] : []));
    const [undecided] = settled.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []));
    // Whoever holds its tongue must not keep us from pairing with one that says that it does not know us.
    if (strangers.length === 0 && undecided !== undefined) throw undecided;
    return strangers[0];
  });
}

/**
 * A browser that forbids the probe and a port where nothing listens fail alike, so the permission decides.
 * It is asked again: the person may have answered while the probe ran.
 */
async function whyNot({ ownOrigin, userAgent, loopbackPermission }: DiscoveryOptions): Promise<OfflineCause> {
  if (ownOrigin) return 'notRunning';
  if (isSafari(userAgent)) return 'safari';
  return (await loopbackPermission()) === 'denied' ? 'blocked' : 'notRunning';
}

function otherOrigins(ownOrigin: string | undefined): string[] {
  return SIDECAR_PORTS.map((port) => `http://localhost:${port}`).filter((origin) => origin !== ownOrigin);
}

/** @returns The origin when a sidecar answers there. */
async function probe(
  origin: string,
  timeoutMs: number,
  { fetch, signal }: DiscoveryOptions,
): Promise<string | undefined> {
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    const response = await fetch(`${origin}/health`, {
      cache: 'no-store',
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    });
    return (await response.text()).trim() === HEALTH_BODY ? origin : undefined;
  } catch {
    // Nothing there, or nothing that may be read: either way, no sidecar for us.
    return undefined;
  }
}

/** Every other browser on a Mac names itself beside "Safari". */
function isSafari(userAgent: string): boolean {
  return /Safari\//.test(userAgent) && !/Chrome|Chromium|CriOS|FxiOS|Edg|Firefox|Electron/.test(userAgent);
}

/** Names under which Chromium has kept this permission, newest first. */
const PERMISSION_NAMES = ['loopback-network', 'local-network-access'];

/**
 * Asks the browser whether it lets this page talk to this machine. Where no such rule is applied – browsers
 * without one, the desktop app, pages that come from this machine – the answer is "allowed", whatever the
 * permission itself says there.
 */
export async function queryLoopbackPermission(): Promise<LoopbackPermission> {
  if (/Electron\//.test(navigator.userAgent) || isServedFromHere()) return 'allowed';
  for (const name of PERMISSION_NAMES) {
    if (isForbiddenByEmbedder(name)) return 'denied';
    const state = await permissionState(name);
    if (state) return state === 'granted' ? 'allowed' : state === 'prompt' ? 'asking' : 'denied';
  }
  return 'allowed';
}

/** Chromium judges by where the outermost page came from. */
function isServedFromHere(): boolean {
  const ancestors = location.ancestorOrigins as DOMStringList | undefined;
  const outermost = ancestors?.item(ancestors.length - 1) ?? location.origin;
  return /^http:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/.test(outermost);
}

interface FeaturePolicy {
  features(): string[];
  allowsFeature(name: string): boolean;
}

/** An iframe has the permission only when each page around it passes it on. */
function isForbiddenByEmbedder(name: string): boolean {
  const policy = (document as { featurePolicy?: FeaturePolicy }).featurePolicy;
  return policy !== undefined && policy.features().includes(name) && !policy.allowsFeature(name);
}

async function permissionState(name: string): Promise<PermissionState | undefined> {
  try {
    return (await navigator.permissions.query({ name: name as PermissionName })).state;
  } catch {
    return undefined;
  }
}
