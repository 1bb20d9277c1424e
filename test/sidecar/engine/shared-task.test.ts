import { describe, expect, it, vi } from 'vitest';
import { SharedTasks } from '../../../sidecar/engine/shared-task.js';

const live = () => ({ signal: new AbortController().signal });

describe('SharedTasks', () => {
  it('does the work once for everybody who asks meanwhile', async () => {
    const tasks = new SharedTasks<string, number>();
    const work = vi.fn(async () => 'done');
    const answers = await Promise.all([tasks.join('a', live(), work), tasks.join('a', live(), work)]);
    expect(answers).toEqual(['done', 'done']);
    expect(work).toHaveBeenCalledOnce();
  });

  it('keeps working for the others when one cancels', async () => {
    const tasks = new SharedTasks<string, number>();
    const controller = new AbortController();
    let finish!: (value: string) => void;
    let aborted = false;
    const work = (signal: AbortSignal) => {
      signal.addEventListener('abort', () => (aborted = true));
      return new Promise<string>((resolve) => (finish = resolve));
    };
    const impatient = tasks.join('a', controller, work);
    const patient = tasks.join('a', live(), work);
    controller.abort();
    await expect(impatient).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(aborted).toBe(false);
    finish('done');
    expect(await patient).toBe('done');
  });

  it('stops the work when the last one cancels, and starts anew for the next', async () => {
    const tasks = new SharedTasks<string, number>();
    const controller = new AbortController();
    let signal: AbortSignal | undefined;
    const waiting = tasks.join('a', controller, (own) => {
      signal = own;
      return new Promise(() => undefined);
    });
    controller.abort();
    await expect(waiting).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(signal!.aborted).toBe(true);
    expect(await tasks.join('a', live(), async () => 'again')).toBe('again');
  });

  it('does not remember a failure', async () => {
    const tasks = new SharedTasks<string, number>();
    await expect(tasks.join('a', live(), () => Promise.reject(new Error('broken')))).rejects.toThrow(
      'broken',
    );
    expect(await tasks.join('a', live(), async () => 'works')).toBe('works');
  });

  it('tells everyone who waits how far it is, and nobody who has left', async () => {
    const tasks = new SharedTasks<string, number>();
    const leaver = new AbortController();
    const heard: Record<string, number[]> = { first: [], second: [] };
    let report!: (progress: number) => void;
    let finish!: (value: string) => void;
    const work = (_: AbortSignal, tell: (progress: number) => void) => {
      report = tell;
      report(1);
      return new Promise<string>((resolve) => (finish = resolve));
    };
    const first = tasks.join(
      'a',
      { signal: leaver.signal, onProgress: (n) => heard['first']!.push(n) },
      work,
    );
    const second = tasks.join('a', { ...live(), onProgress: (n) => heard['second']!.push(n) }, work);
    await Promise.resolve();
    leaver.abort();
    report(2);
    await expect(first).rejects.toMatchObject({ code: 'CANCELLED' });
    report(3);
    finish('done');
    await second;
    expect(heard).toEqual({ first: [1], second: [1, 2, 3] });
  });
});
