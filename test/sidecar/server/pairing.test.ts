import { describe, expect, it } from 'vitest';
import { LIMITS } from '../../../sidecar/server/limits.js';
import { PairingDesk } from '../../../sidecar/server/pairing.js';
import type { PairingRequest } from '../../../sidecar/server/pairing.js';
import { Tickets } from '../../../sidecar/server/tickets.js';

function openDesk() {
  const clock = { now: 0 };
  const desk = new PairingDesk(LIMITS, () => clock.now);
  const shown: PairingRequest[] = [];
  desk.onDidRequestPairing((request) => shown.push(request));
  return { desk, shown, clock };
}

/** The result, or undefined when it was refused. */
function attempt<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch {
    return undefined;
  }
}

const withCode = (code: string) => expect.objectContaining({ code }) as Error;

describe('a pairing', () => {
  it('shows eight base32 characters with who asks, and trusts whoever brings them', () => {
    const { desk, shown } = openDesk();
    const { pairing, expiresInMs } = desk.request('Figma', 'null');
    expect(shown[0]).toMatchObject({ client: 'Figma', origin: 'null', expiresInMs: 120_000 });
    expect(shown[0]!.code).toMatch(/^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$/);
    expect(expiresInMs).toBe(120_000);
    expect(desk.confirm(pairing, shown[0]!.code)).toBe('Figma');
  });

  it('forgives case, spaces and look-alike letters', () => {
    const { desk, shown } = openDesk();
    const { pairing } = desk.request('Figma', 'null');
    const typed = ` ${shown[0]!.code.toLowerCase().replace('-', ' ').replaceAll('0', 'o').replaceAll('1', 'l')}`;
    expect(desk.confirm(pairing, typed)).toBe('Figma');
  });

  it('works once', () => {
    const { desk, shown } = openDesk();
    const { pairing } = desk.request('Figma', 'null');
    desk.confirm(pairing, shown[0]!.code);
    expect(() => desk.confirm(pairing, shown[0]!.code)).toThrow(withCode('PAIRING_EXPIRED'));
  });

  it('expires after 120 s', () => {
    const { desk, shown, clock } = openDesk();
    const { pairing } = desk.request('Figma', 'null');
    clock.now = 119_999;
    expect(() => desk.confirm(pairing, 'WRONGCODE')).toThrow(withCode('PAIRING_CODE_WRONG'));
    clock.now = 120_000;
    expect(() => desk.confirm(pairing, shown[0]!.code)).toThrow(withCode('PAIRING_EXPIRED'));
  });

  it('ends with the fifth wrong try, right code or not', () => {
    const { desk, shown } = openDesk();
    const { pairing } = desk.request('Figma', 'null');
    for (let tries = 0; tries < 5; tries++) {
      expect(() => desk.confirm(pairing, 'ZZZZZZZZ')).toThrow(withCode('PAIRING_CODE_WRONG'));
    }
    expect(() => desk.confirm(pairing, shown[0]!.code)).toThrow(withCode('PAIRING_EXPIRED'));
  });

  it('does not survive 100,000 guesses', () => {
    const { desk } = openDesk();
    const answers = new Set<string>();
    for (let asker = 0; asker < 10; asker++) {
      const { pairing } = attempt(() => desk.request(`asker ${asker}`, 'null')) ?? { pairing: 'none' };
      for (let guess = 0; guess < 10_000; guess++) {
        attempt(() => answers.add(desk.confirm(pairing, guess.toString(32).padStart(8, '0'))));
      }
    }
    expect([...answers]).toEqual([]);
  });

  it('stays good whoever asks under the same name', () => {
    const { desk, shown } = openDesk();
    const { pairing } = desk.request('Figma', 'null');
    for (let i = 0; i < 100; i++) attempt(() => desk.request('Figma', 'null'));
    expect(desk.confirm(pairing, shown[0]!.code)).toBe('Figma');
  });

  it('can be had by a program and a page while sandboxed pages ask all the time', () => {
    const { desk, clock, shown } = openDesk();
    for (clock.now = 0; clock.now < 600_000; clock.now += 1_000) attempt(() => desk.request('Figma', 'null'));
    for (const origin of [undefined, 'http://localhost:47130']) {
      const { pairing } = desk.request('mine', origin);
      expect(desk.confirm(pairing, shown.at(-1)!.code)).toBe('mine');
    }
  });

  it('is as good as before when no token could be made of it', async () => {
    const { desk, shown } = openDesk();
    const { pairing } = desk.request('Figma', 'null');
    const fail = () => Promise.reject(new Error('the disk is full'));
    for (let tries = 0; tries < 10; tries++) {
      await expect(desk.trade(pairing, shown[0]!.code, fail)).rejects.toThrow('full');
    }
    expect(await desk.trade(pairing, shown[0]!.code, async (client) => `token of ${client}`)).toBe(
      'token of Figma',
    );
    await expect(desk.trade(pairing, shown[0]!.code, fail)).rejects.toMatchObject({
      code: 'PAIRING_EXPIRED',
    });
  });

  it('gives way to the one that its asker renews it with', () => {
    const { desk, shown } = openDesk();
    const first = desk.request('Figma', 'null');
    const second = desk.request('Figma', 'null', first.pairing);
    expect(() => desk.confirm(first.pairing, shown[0]!.code)).toThrow(withCode('PAIRING_EXPIRED'));
    expect(desk.confirm(second.pairing, shown[1]!.code)).toBe('Figma');
  });

  it('is refused when too many wait, and granted again when they have expired', () => {
    const { desk, clock, shown } = openDesk();
    for (let i = 0; i < LIMITS.pairingsOutstanding; i++) desk.request(`asker ${i}`, 'null');
    expect(() => desk.request('one more', 'null')).toThrow(withCode('BUSY'));
    expect(shown).toHaveLength(LIMITS.pairingsOutstanding);
    clock.now = 120_000;
    expect(desk.request('one more', 'null').pairing).toBeTruthy();
  });

  it('is refused when one asker asks all the time', () => {
    const { desk, clock } = openDesk();
    let pairing: string | undefined;
    for (let i = 0; i < LIMITS.pairingsPerWindow; i++) ({ pairing } = desk.request('Figma', 'null', pairing));
    expect(() => desk.request('Figma', 'null', pairing)).toThrow(withCode('BUSY'));
    clock.now = LIMITS.pairingWindowMs;
    expect(desk.request('Figma', 'null', pairing).pairing).toBeTruthy();
  });

  it('shows a name without what would command the terminal', () => {
    const { desk, shown } = openDesk();
    desk.request('\u001b[2JFig\u202ema\n', 'null');
    expect(shown[0]!.client).toBe('[2JFigma');
  });
});

describe('tickets', () => {
  function openTickets() {
    const clock = { now: 0 };
    const options = { lifetimeMs: 30, max: 3, maxPerValue: 2, now: () => clock.now };
    return { clock, tickets: new Tickets<string>(options) };
  }

  it('are worth their value once', () => {
    const { tickets } = openTickets();
    const ticket = tickets.issue('value');
    expect(tickets.redeem(ticket)).toBe('value');
    expect(tickets.redeem(ticket)).toBeUndefined();
    expect(tickets.redeem('never issued')).toBeUndefined();
  });

  it('expire', () => {
    const { tickets, clock } = openTickets();
    const ticket = tickets.issue('value');
    clock.now = 30;
    expect(tickets.redeem(ticket)).toBeUndefined();
  });

  it('are as good as before when their value could not be put to use, and are used up otherwise', async () => {
    const { tickets, clock } = openTickets();
    const ticket = tickets.issue('value');
    const failed = tickets.spend(ticket, () => Promise.reject(new Error('the disk is full')));
    await expect(failed).rejects.toThrow('full');
    expect(await tickets.spend(ticket, async (value) => `used ${value}`)).toBe('used value');
    expect(await tickets.spend(ticket, async (value) => value)).toBeUndefined();
    const late = tickets.issue('value');
    clock.now = 30;
    expect(await tickets.spend(late, async (value) => value)).toBeUndefined();
  });

  it('of one client never push out another’s', () => {
    const { tickets } = openTickets();
    const other = tickets.issue('other');
    const own = Array.from({ length: 10 }, () => tickets.issue('own'));
    expect(tickets.redeem(other)).toBe('other');
    expect(own.map((ticket) => tickets.redeem(ticket)).slice(-3)).toEqual([undefined, 'own', 'own']);
  });

  it('make room by dropping the oldest', () => {
    const { tickets } = openTickets();
    const issued = ['a', 'b', 'c', 'd'].map((value) => tickets.issue(value));
    expect(issued.map((ticket) => tickets.redeem(ticket))).toEqual([undefined, 'b', 'c', 'd']);
  });
});
