import { afterEach, describe, expect, it, vi } from 'vitest';
import type { CodedError } from '../../../protocol/errors.js';
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

/** Background work that notes when it had its turn. */
function runInBackground(queue: DeviceQueue, order: string[]): Promise<void> {
  return queue.run(job('a', { priority: 'background' }), async () => void order.push('background'));
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
    const background = runInBackground(queue, order);
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

  it('gives each client as much of the device, however much one of them asks for', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    const queue = new DeviceQueue();
    const release = occupy(queue);
    const used: string[] = [];
    const take = (client: string, ms: number) =>
      queue.run(job(client), async () => {
        used.push(...Array<string>(ms / 10).fill(client));
        vi.advanceTimersByTime(ms);
      });
    // Thirty long jobs ahead of everybody, and thirty short ones of another.
    const asked = [
      ...Array.from({ length: 30 }, () => take('greedy', 500)),
      ...Array.from({ length: 30 }, () => take('modest', 10)),
    ];
    release();
    await Promise.all(asked);
    // All that the modest one wants comes after one long job of the greedy one.
    expect(used.slice(0, 80).filter((client) => client === 'modest')).toHaveLength(30);
  });

  it('does not let a client save up turns by being idle', async () => {
    const queue = new DeviceQueue();
    for (let i = 0; i < 50; i++) await queue.run(job('a'), async () => undefined);
    const release = occupy(queue);
    const order: string[] = [];
    const take = (client: string) => queue.run(job(client), async () => void order.push(client));
    const asked = [...Array.from({ length: 10 }, () => take('late')), ...[1, 2].map(() => take('a'))];
    release();
    await Promise.all(asked);
    expect(order.lastIndexOf('a')).toBeLessThan(6);
  });

  it('keeps background work going while people keep the device busy', async () => {
    const queue = new DeviceQueue();
    const release = occupy(queue);
    const order: string[] = [];
    const background = runInBackground(queue, order);
    const clicks = Array.from({ length: 30 }, () => queue.run(job(), async () => void order.push('click')));
    release();
    await Promise.all([background, ...clicks]);
    expect(order.indexOf('background')).toBe(7);
  });

  it('refuses with the time that what waits is going to take', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    const queue = new DeviceQueue({ waiting: 4, waitingPerClient: 4, deadlineMs: 60_000 });
    for (let i = 0; i < 100; i++) await queue.run(job(), async () => void vi.advanceTimersByTime(500));
    const release = occupy(queue);
    const waiting = [1, 2, 3, 4].map(() => queue.run(job(), async () => undefined));
    const refused = await queue.run(job(), async () => undefined).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 'BUSY' });
    expect((refused as CodedError).retryAfterMs).toBeCloseTo(2_500, -1);
    release();
    await Promise.all(waiting);
  });
});
