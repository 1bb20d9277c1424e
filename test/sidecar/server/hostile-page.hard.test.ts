import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasChromium } from '../../support/chromium.js';
import { recordTrial } from '../../support/trials.js';
import { PLACES } from './hostile-page/places.js';
import { EVERY_ROUTE, ROUTES, Siege } from './hostile-page/siege.js';
import type { Raid } from './hostile-page/siege.js';

describe.skipIf(!hasChromium('attacks from hostile pages'))('hostile pages in a real browser', () => {
  let siege: Siege;
  beforeAll(async () => {
    siege = await Siege.begin();
  });
  afterAll(() => siege.dispose());

  it('get nothing by any way on any route, from anywhere', async (context) => {
    const raids: (Raid & { from: string })[] = [];
    for (const place of PLACES) raids.push({ ...(await siege.raid(place, EVERY_ROUTE)), from: place.name });
    const sum = (of: 'tried' | 'reached') => raids.reduce((total, raid) => total + raid[of], 0);
    const lost = raids.flatMap(({ from, gained, granted }) =>
      [...gained, ...granted].map((what) => `${from}: ${what}`),
    );
    recordTrial(context, {
      area: 'Access',
      tried: `All ways of a hostile page in Chromium on ${ROUTES.length} routes, from ${PLACES.length} kinds of places`,
      times: sum('tried'),
      happened: `${lost.length} got anything; ${sum('reached')} requests reached the sidecar`,
      wanted: 'no pairing but by frames without an origin; no token, socket or readable answer',
    });
    expect(lost).toEqual([]);
    for (const { from, reached } of raids)
      expect({ from, reached: reached > ROUTES.length }).toEqual({ from, reached: true });
  });
});
