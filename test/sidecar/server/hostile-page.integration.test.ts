import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasChromium } from '../../support/chromium.js';
import { tryPopup } from './hostile-page/elements.js';
import { PLACES } from './hostile-page/places.js';
import { Siege } from './hostile-page/siege.js';
import { tryRedirects, tryRequests, trySockets } from './hostile-page/ways.js';

/** The one that does something without a token. The hard test tries all of them, from every kind of place. */
const SAMPLE = { routes: ['/v1/pair'], patienceMs: 500 };
const SAMPLE_PLACES = ['a page', 'a sandboxed frame', 'a service worker', 'a page under a rebound name'];

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
  let siege: Siege;
  beforeAll(async () => {
    siege = await Siege.begin();
  });
  afterAll(() => siege.dispose());

  async function openPage(address: string): Promise<Page> {
    await siege.page.goto(address);
    return siege.page;
  }

  // First, while nothing has used up the pairings of frames without an origin.
  it('a frame without an origin needs the code from the terminal to get further than asking', async () => {
    const page = await openPage(siege.strangers.page);
    await page.setContent('<iframe sandbox="allow-scripts" srcdoc="<body></body>"></iframe>');
    const frame = page.frames()[1]!;
    expect(await frame.evaluate('self.origin')).toBe('null');
    const shown = siege.victim.codes().length;
    await page.exposeFunction('codeInTerminal', () => siege.victim.codeAfter(shown));
    expect(await frame.evaluate(pairAndDial, siege.victim.sidecar.origin)).toBe('cutline.v1');
  });

  it.each(SAMPLE_PLACES)(
    '%s gets nothing that is not for it (a sample of 4 of 10 kinds of places, 1 of 9 routes)',
    async (name) => {
      const place = PLACES.find((one) => one.name === name)!;
      const { gained, granted, reached } = await siege.raid(place, SAMPLE);
      expect([...gained, ...granted]).toEqual([]);
      expect(reached).toBeGreaterThan(SAMPLE.routes.length);
    },
  );

  it('the same ways do let in the page that the sidecar serves, so they would have worked', async () => {
    const { victim } = siege;
    const page = await openPage(`${victim.sidecar.origin}/health`);
    const target = await siege.target({ standing: 'foreign' }, SAMPLE);
    const sockets = await page.evaluate(trySockets, target);
    expect(sockets.filter(({ gained }) => gained !== undefined)).toEqual([
      { way: 'WebSocket, stolen ticket', gained: 'open, cutline.v1' },
    ]);
    const requests = await page.evaluate(tryRequests, target);
    expect(requests.filter(({ gained }) => gained !== undefined).length).toBeGreaterThan(10);
    expect(requests.filter(({ gained }) => gained?.startsWith('200 {"pairing"'))).not.toEqual([]);
  });

  it('a ticket that a page has failed with is as good as before', async () => {
    const page = await openPage(siege.strangers.page);
    const target = await siege.target({ standing: 'foreign' }, SAMPLE);
    expect((await page.evaluate(trySockets, target)).map(({ gained }) => gained)).toEqual(
      Array(4).fill(undefined),
    );
    expect(await siege.victim.opens(target.ticket)).toBe(true);
  });

  it('a page whose requests another server redirects gets what a frame without an origin gets', async () => {
    const page = await openPage(siege.strangers.page);
    const raid = await siege.watch('null', async (own) => {
      own.tickets++;
      return page.evaluate(tryRedirects, await siege.target({ standing: 'foreign' }, SAMPLE));
    });
    expect([...raid.gained, ...raid.granted]).toEqual([]);
    expect(raid.reached).toBeGreaterThan(0);
  });

  it('the workbench cannot be framed', async () => {
    const page = await openPage(siege.strangers.page);
    for (const attributes of ['', 'sandbox="allow-scripts allow-same-origin"']) {
      await page.setContent(`<iframe ${attributes} src="${siege.victim.sidecar.origin}/"></iframe>`);
      const frame = page.frames()[1]!;
      await frame.waitForLoadState();
      expect(frame.url()).toMatch(/^chrome-error:/);
    }
  });

  it('the workbench opened by a page hears nothing from it, and hands it no handle', async () => {
    const page = await openPage(siege.strangers.page);
    const popup = page.context().waitForEvent('page');
    const target = await siege.target({ standing: 'foreign' }, SAMPLE);
    const attempts = await page.evaluate(tryPopup, target);
    expect(await (await popup).title()).toBe('Cutline');
    expect(attempts.filter(({ gained }) => gained !== undefined)).toEqual([]);
  });

  it('a form sent from the top window shows a refusal and does nothing', async () => {
    for (const enctype of ['application/x-www-form-urlencoded', 'text/plain', 'multipart/form-data']) {
      const page = await openPage(siege.strangers.page);
      const raid = await siege.watch('foreign', async () => {
        await page.setContent(
          `<form method="post" enctype="${enctype}" action="${siege.victim.sidecar.origin}/v1/pair">
            <input name='{"client":"evil","x":"' value='"}'></form>`,
        );
        await Promise.all([page.waitForNavigation(), page.evaluate('document.forms[0].submit()')]);
        return [];
      });
      expect(await page.locator('body').textContent()).toContain('ORIGIN_REFUSED');
      expect(raid.granted).toEqual([]);
      expect(raid.reached).toBeGreaterThan(0);
    }
  });
});
