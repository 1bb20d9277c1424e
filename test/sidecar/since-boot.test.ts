import { syncBuiltinESMExports } from 'node:module';
import os from 'node:os';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { sinceBootMs } from '../../sidecar/since-boot.js';
import { LIMITS } from '../../sidecar/server/limits.js';
import { TestSidecar } from '../support/sidecar.js';

/** As after a sleep on Linux: what counts seconds awake has not moved. */
function sleepFor(ms: number): void {
  const slept = vi.spyOn(os, 'uptime').mockReturnValue(os.uptime() + ms / 1000);
  syncBuiltinESMExports();
  onTestFinished(() => {
    slept.mockRestore();
    syncBuiltinESMExports();
  });
}

describe.runIf(process.platform === 'linux')('the clock of codes and tickets', () => {
  it('goes on while the machine sleeps', () => {
    const before = sinceBootMs();
    sleepFor(60_000);
    expect(sinceBootMs() - before).toBeGreaterThanOrEqual(60_000);
  });

  it('has a pairing code end in a sleep as it does awake', async () => {
    const sidecar = await TestSidecar.start();
    const { pairing } = (await (await sidecar.post('/v1/pair', { client: 'test' })).json()) as {
      pairing: string;
    };
    sleepFor(LIMITS.pairingCodeMs);
    const answer = await sidecar.post('/v1/pair/confirm', { pairing, code: sidecar.latestPairing.code });
    expect(answer.status).toBe(410);
  });

  it('has a ticket end in a sleep as it does awake', async () => {
    const sidecar = await TestSidecar.start();
    const token = await sidecar.pair();
    const late = await sidecar.ticket(token);
    sleepFor(LIMITS.ticketMs);
    vi.spyOn(sidecar, 'ticket').mockResolvedValue(late);
    await expect(sidecar.openSocket(token)).rejects.toThrow('401');
  });
});
