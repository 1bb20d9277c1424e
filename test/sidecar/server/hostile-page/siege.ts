/** A sidecar, an attacker's servers and a real browser between them. */
import type { Browser, Page } from 'playwright-core';
import { launchChromium } from '../../../support/chromium.js';
import { attackFrom } from './places.js';
import type { Place } from './places.js';
import { REBOUND, Strangers } from './strangers.js';
import { requestsBetween, Victim } from './victim.js';
import type { Attempt, Target } from './ways.js';

/** All that the sidecar answers by HTTP, and the socket's address, which only an upgrade may ask for. */
export const ROUTES = [
  ...['/', '/health', '/metrics', '/v1/pair', '/v1/pair/confirm', '/v1/launch', '/v1/prove'],
  ...['/v1/ticket', '/v1/images'],
  '/v1/socket',
];

/** What anybody may ask for: the page, which holds nothing, whether there is a sidecar, and what CORS allows. */
const OPEN = ['GET /: ok', 'GET /health: ok', 'unknown: ok'];

/** What is tried, of all that there is. */
export type Effort = Pick<Target, 'routes' | 'patienceMs'>;

export const EVERY_ROUTE: Effort = { routes: ROUTES, patienceMs: 2_000 };

export interface Raid {
  readonly tried: number;
  /** What the attacker got to read or use that was not for it, in words. */
  readonly gained: readonly string[];
  /** Codes shown, tokens made, sockets opened, requests granted: what the sidecar did that it should not have. */
  readonly granted: readonly string[];
  /** Requests that reached the sidecar, hence were for it to refuse. */
  readonly reached: number;
}

export class Siege {
  private constructor(
    readonly victim: Victim,
    readonly strangers: Strangers,
    private readonly browser: Browser,
    /** The attacker's, in which everything happens. */
    readonly page: Page,
  ) {}

  static async begin(): Promise<Siege> {
    const strangers = await Strangers.start();
    const [victim, browser] = await Promise.all([Victim.start(), launchChromium(...strangers.browserFlags)]);
    return new Siege(victim, strangers, browser, await browser.newPage());
  }

  async dispose(): Promise<void> {
    await this.browser.close();
    await this.victim.dispose();
    this.strangers.dispose();
  }

  /** With a ticket and a token of the paired client's, but where having them is all that it takes. */
  async target(place: Pick<Place, 'standing'>, effort: Effort): Promise<Target> {
    const { accomplice } = this.strangers;
    const { sidecar, token } = this.victim;
    const host = place.standing === 'rebound' ? REBOUND : 'localhost';
    const base = `http://${host}:${sidecar.port}`;
    if (place.standing === 'null') return { base, accomplice, ...effort, ticket: 'AAAA', token: 'AAAA' };
    return { base, accomplice, ...effort, ticket: await this.victim.ticket(), token };
  }

  /** Tries every way from one place and holds what came of it against what may. */
  raid(place: Place, effort: Effort): Promise<Raid> {
    const { strangers, page, victim } = this;
    const site = { strangers, sidecarPort: victim.sidecar.port };
    return this.watch(place.standing, async (own) => {
      const target = () => {
        if (place.standing !== 'null') own.tickets++;
        return this.target(place, effort);
      };
      return attackFrom(place, { page, site, target });
    });
  }

  /** @param attack Counts the tickets that it takes as the paired client. */
  async watch(
    standing: Place['standing'],
    attack: (own: { tickets: number }) => Promise<readonly Attempt[]>,
  ): Promise<Raid> {
    const own = { tickets: 0 };
    const before = await this.victim.state();
    const attempts = await attack(own);
    const after = await this.victim.state();
    const requests = requestsBetween(before, after);
    const mayPair = standing === 'null';
    const mine: Record<string, number> = { 'POST /v1/ticket: ok': own.tickets, 'GET /metrics: ok': 1 };
    const granted = Object.entries(requests)
      .filter(([what, count]) => what.endsWith(': ok') && count > (mine[what] ?? 0))
      .filter(([what]) => !OPEN.includes(what) && !(mayPair && what === 'POST /v1/pair: ok'))
      .map(([what, count]) => `${count - (mine[what] ?? 0)} × ${what}`);
    const asked = after.asked.slice(before.asked.length);
    granted.push(...asked.filter((line) => !mayPair || !line.includes('(inside another application)')));
    if (after.clients !== before.clients) granted.push('the list of clients has changed');
    if (after.sockets > before.sockets) granted.push('a socket is open');
    return {
      tried: attempts.length,
      gained: attempts.filter((attempt) => !isFor(standing, attempt)).map(inWords),
      granted,
      reached: Object.values(requests).reduce((sum, count) => sum + count, 0) - own.tickets - 1,
    };
  }
}

/** A frame without an origin reads refusals and may ask to be paired; a rebound page reads, or loads, that its name is wrong. */
function isFor(standing: Place['standing'], { gained }: Attempt): boolean {
  if (gained === undefined) return true;
  if (standing === 'foreign') return false;
  if (standing === 'rebound') return /HOST_REFUSED|^loaded$/.test(gained);
  return /^(200 (cutline$|<!doctype html>|\{"pairing":)|4\d\d \{"error":)/i.test(gained);
}

function inWords({ way, gained }: Attempt): string {
  return `${way}: ${gained}`;
}
