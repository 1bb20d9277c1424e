import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { askAgainWhenTold } from '../../../plugin/ui/ask-again.js';
import { CodedError } from '../../../protocol/errors.js';

const busy = (retryAfterMs?: number) => new CodedError('BUSY', 'Busy.', 'Try again.', { retryAfterMs });

describe('a request that the sidecar is too busy for', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('is asked again after the time that the sidecar gives, and answered', async () => {
    const ask = vi.fn().mockRejectedValueOnce(busy(800)).mockResolvedValueOnce('answer');
    const asked = askAgainWhenTold(ask);
    await vi.advanceTimersByTimeAsync(799);
    expect(ask).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(await asked).toBe('answer');
  });

  it.each([
    ['no time', busy()],
    ['a long time', busy(30_000)],
    ['another error', new Error('no')],
  ])('fails at once with %s', async (_, error) => {
    const ask = vi.fn().mockRejectedValue(error);
    await expect(askAgainWhenTold(ask)).rejects.toBe(error);
    expect(ask).toHaveBeenCalledTimes(1);
  });

  it('fails after the third refusal', async () => {
    const ask = vi.fn().mockRejectedValue(busy(100));
    const failed = expect(askAgainWhenTold(ask)).rejects.toMatchObject({ code: 'BUSY' });
    await vi.advanceTimersByTimeAsync(1_000);
    await failed;
    expect(ask).toHaveBeenCalledTimes(3);
  });

  it('is asked no more once it is cancelled', async () => {
    const controller = new AbortController();
    const ask = vi.fn().mockRejectedValue(busy(100));
    const failed = expect(askAgainWhenTold(ask, controller.signal)).rejects.toMatchObject({
      code: 'CANCELLED',
    });
    await vi.advanceTimersByTimeAsync(50);
    controller.abort();
    await failed;
    expect(ask).toHaveBeenCalledTimes(1);
    expect(vi.getTimerCount()).toBe(0);
  });
});
