import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { Browser, Page } from 'playwright-core';
import { hasChromium, launchChromium } from '../../support/chromium.js';
import { TestSidecar } from '../../support/sidecar.js';

/** Runs in the page: every way in that a page has. Says which of them answered. */
async function attack({ port, ticket }: { port: number; ticket: string }): Promise<string[]> {
  const base = `http://localhost:${port}`;
  const json = { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: '{"client":"evil"}' };
  const socket = (protocols: string[]) =>
    new Promise<void>((resolve, reject) => {
      const opened = new WebSocket(`ws://localhost:${port}/v1/socket`, protocols);
      opened.onopen = () => resolve();
      opened.onerror = () => reject(new Error('refused'));
    });
  const image = () =>
    new Promise<void>((resolve, reject) => {
      const element = new Image();
      element.onload = () => resolve();
      element.onerror = () => reject(new Error('refused'));
      element.src = `${base}/v1/images`;
    });
  const form = async () => {
    const target = document.createElement('iframe');
    target.name = 'target';
    document.body.append(target);
    const element = document.createElement('form');
    Object.assign(element, {
      action: `${base}/v1/pair`,
      method: 'post',
      target: 'target',
      enctype: 'text/plain',
    });
    element.innerHTML = `<input name='{"client":"evil","x":"' value='"}'>`;
    document.body.append(element);
    const loaded = new Promise((resolve) => (target.onload = resolve));
    element.submit();
    await loaded;
    throw new Error('unreadable');
  };
  const attempts: Record<string, () => Promise<unknown>> = {
    health: () => fetch(`${base}/health`),
    pair: () => fetch(`${base}/v1/pair`, json),
    ticket: () => fetch(`${base}/v1/ticket`, { ...json, headers: { Authorization: 'Bearer x' } }),
    'blind pair': async () => {
      await fetch(`${base}/v1/pair`, { method: 'POST', mode: 'no-cors', body: '{"client":"evil"}' });
      throw new Error('unreadable');
    },
    'socket without a ticket': () => socket(['cutline.v1']),
    'socket with a made-up ticket': () => socket(['cutline.v1', 'ticket.AAAA']),
    'socket with a stolen ticket': () => socket(['cutline.v1', `ticket.${ticket}`]),
    image,
    // A sandboxed frame may not send forms.
    ...(self.origin !== 'null' && { form }),
  };
  const answered: string[] = [];
  for (const [name, attempt] of Object.entries(attempts)) {
    await attempt().then(
      () => answered.push(name),
      () => undefined,
    );
  }
  return answered;
}

/** Runs in the page: what the plugin does, with the code that a person reads in the terminal. */
async function pairAndDial(origin: string): Promise<string> {
  const post = async (path: string, body: object, headers = {}): Promise<Record<string, string>> => {
    const init = { method: 'POST', headers: { 'Content-Type': 'application/json', ...headers } };
    return (await fetch(origin + path, { ...init, body: JSON.stringify(body) })).json();
  };
  const { pairing } = await post('/v1/pair', { client: 'Figma' });
  const code = await (window as unknown as { codeInTerminal(): Promise<string> }).codeInTerminal();
  const { token } = await post('/v1/pair/confirm', { pairing, code });
  const { ticket } = await post('/v1/ticket', {}, { Authorization: `Bearer ${token}` });
  const protocols = ['cutline.v1', `ticket.${ticket}`];
  const socket = new WebSocket(`${origin.replace('http', 'ws')}/v1/socket`, protocols);
  return new Promise((resolve) => {
    socket.onopen = () => resolve(socket.protocol);
    socket.onerror = () => resolve('refused');
  });
}

describe.skipIf(!hasChromium('hostile pages in a real browser'))('in a real browser', () => {
  let browser: Browser;
  const strangers = createServer((_request, response) => {
    response.setHeader('Content-Type', 'text/html').end('<!doctype html><body></body>');
  });

  beforeAll(async () => {
    await once(strangers.listen(0, '127.0.0.1'), 'listening');
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser.close();
    strangers.close();
  });

  async function strangersPage(): Promise<Page> {
    const page = await browser.newPage();
    onTestFinished(() => page.close());
    await page.goto(`http://127.0.0.1:${(strangers.address() as AddressInfo).port}/`);
    return page;
  }

  it('a stranger’s page gets nothing at all, not even with a stolen ticket', async () => {
    const sidecar = await TestSidecar.start();
    const ticket = await sidecar.ticket(await sidecar.pair());
    const before = sidecar.pairingCount;
    const page = await strangersPage();
    expect(await page.evaluate(attack, { port: sidecar.server.port, ticket })).toEqual([]);
    expect(sidecar.pairingCount).toBe(before);
  });

  it('a null-origin frame may ask to be paired and needs the code from the terminal for all else', async () => {
    const sidecar = await TestSidecar.start();
    const page = await strangersPage();
    await page.setContent('<iframe sandbox="allow-scripts" srcdoc="<body></body>"></iframe>');
    const frame = page.frames()[1]!;
    const { port } = sidecar.server;
    expect(await frame.evaluate('self.origin')).toBe('null');
    const answered = await frame.evaluate(attack, { port, ticket: 'none' });
    // A refused ticket request is readable, and says that pairing is needed.
    expect(answered).toEqual(['health', 'pair', 'ticket']);
    await page.exposeFunction('codeInTerminal', () => sidecar.latestPairing.code);
    const opened = await frame.evaluate(pairAndDial, sidecar.server.origin);
    expect(opened).toBe('cutline.v1');
  });
});
