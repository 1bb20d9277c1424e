import { afterEach, describe, expect, it, vi } from 'vitest';
import { DeviceQueue } from '../../../sidecar/engine/queue.js';
import type { JobOptions } from '../../../sidecar/engine/queue.js';

const job = (client = 'a', extra: Partial<JobOptions> = {}): JobOptions => ({
  client,
  priority: 'interactive',
  ...extra,
});

/** Occupies the device until released. */
function occupy(queue: DeviceQueue): () => void {
  const { promise, release } = gate();
  void queue.run(job('occupier'), () => promise);
  return release;
}

function gate(): { promise: Promise<void>; release: () => void } {
  let release!: () => void;
  const promise = new Promise<void>((resolve) => (release = resolve));
  return { promise, release };
}

describe('DeviceQueue', () => {
  afterEach(() => void vi.useRealTimers());

  it('runs one job at a time, in order', async () => {
    const queue = new DeviceQueue();
    const log: string[] = [];
    const step = (name: string) => async () => {
      log.push(`${name} starts`);
      await Promise.resolve();
      log.push(`${name} ends`);
    };
    await Promise.all([queue.run(job(), step('one')), queue.run(job(), step('two'))]);
    expect(log).toEqual(['one starts', 'one ends', 'two starts', 'two ends']);
  });

  it('says how long each job waited, once its turn has come', async () => {
    const waits: number[] = [];
    const queue = new DeviceQueue(undefined, (ms) => waits.push(ms));
    const release = occupy(queue);
    const waiting = queue.run(job(), async () => undefined);
    await Promise.resolve();
    expect(waits).toHaveLength(1);
    release();
    await waiting;
    expect(waits).toHaveLength(2);
    expect(waits[1]!).toBeGreaterThanOrEqual(waits[0]!);
  });

  it('lets what a person waits for go before background work', async () => {
    const queue = new DeviceQueue();
    const release = occupy(queue);
    const order: string[] = [];
    const background = queue.run(
      job('a', { priority: 'background' }),
      async () => void order.push('background'),
    );
    const click = queue.run(job(), async () => void order.push('click'));
    release();
    await Promise.all([background, click]);
    expect(order).toEqual(['click', 'background']);
  });

  it('drops a waiting job at once when it is cancelled, and never starts it', async () => {
    const queue = new DeviceQueue();
    const release = occupy(queue);
    const controller = new AbortController();
    const work = vi.fn();
    const waiting = queue.run(job('a', { signal: controller.signal }), work);
    controller.abort();
    await expect(waiting).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(queue.depth).toBe(0);
    release();
    await queue.run(job(), async () => undefined);
    expect(work).not.toHaveBeenCalled();
  });

  it('goes on after a job that failed', async () => {
    const queue = new DeviceQueue();
    await expect(queue.run(job(), () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    expect(await queue.run(job(), async () => 'works')).toBe('works');
  });

  it('refuses a greedy client without refusing others', async () => {
    const queue = new DeviceQueue({ waiting: 10, waitingPerClient: 2, deadlineMs: 1000 });
    const release = occupy(queue);
    const greedy = [1, 2].map(() => queue.run(job('greedy'), async () => undefined));
    await expect(queue.run(job('greedy'), async () => undefined)).rejects.toMatchObject({ code: 'BUSY' });
    const other = queue.run(job('other'), async () => 'served');
    release();
    expect(await other).toBe('served');
    await Promise.all(greedy);
  });

  it('gives up a job that waited too long', async () => {
    vi.useFakeTimers();
    const queue = new DeviceQueue({ waiting: 10, waitingPerClient: 10, deadlineMs: 60_000 });
    const release = occupy(queue);
    const late = expect(queue.run(job(), async () => undefined)).rejects.toMatchObject({ code: 'DEADLINE' });
    await vi.advanceTimersByTimeAsync(60_000);
    await late;
    release();
  });
});
