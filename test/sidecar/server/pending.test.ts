import { describe, expect, it } from 'vitest';
import type { ResponseMessage } from 'vscode-jsonrpc/node';
import { ByteBudget } from '../../../sidecar/server/byte-budget.js';
import { PendingRequests } from '../../../sidecar/server/pending.js';

function start() {
  const total = { pending: 0 };
  const refusals: ResponseMessage[] = [];
  const budget = new ByteBudget(100);
  let closed = 0;
  const requests = new PendingRequests({
    total,
    max: 10,
    openShare: (bytes, evict) => budget.tryOpen('client', bytes, evict),
    close: () => void closed++,
    retryAfterMs: () => 700,
    refuse: (answer) => refusals.push(answer),
  });
  const ask = (id: string | number, bytes = 1) =>
    requests.admit({ jsonrpc: '2.0', id, method: 'm', params: {} } as never, bytes);
  const cancel = (id: string | number) =>
    requests.admit({ jsonrpc: '2.0', method: '$/cancelRequest', params: { id } } as never, 1);
  const settle = (id: string | number | null) =>
    requests.settle({ jsonrpc: '2.0', id, result: null } as ResponseMessage);
  return { total, refusals, budget, closes: () => closed, ask, cancel, settle };
}

describe('the requests that wait', () => {
  it('are not settled by an answer without an id, whatever they are called', () => {
    const { total, ask, settle } = start();
    expect(ask('null')).toBe(true);
    settle(null);
    expect(total.pending).toBe(1);
    settle('null');
    expect(total.pending).toBe(0);
  });

  it('are settled and cancelled by their own id alone: 1 is not "1"', () => {
    const { total, ask, cancel, settle } = start();
    ask(1);
    settle('1');
    expect(total.pending).toBe(1);
    expect(cancel('1')).toBe(false);
    expect(cancel(1)).toBe(true);
    settle(1);
    expect(total.pending).toBe(0);
  });

  it('may not be called 1 and "1" at once, since the queue behind would lose one of them', () => {
    const { total, refusals, ask } = start();
    expect([ask(1), ask('1')]).toEqual([true, false]);
    expect(refusals).toMatchObject([{ id: null, error: { data: { name: 'REQUEST_INVALID' } } }]);
    expect(total.pending).toBe(1);
  });

  it('are refused when their messages take too much memory, with a time to come back, until others are done', () => {
    const { total, refusals, ask, settle, budget, closes } = start();
    expect(ask(1, 45)).toBe(true);
    expect(ask(2, 60)).toBe(false);
    expect(refusals).toMatchObject([{ id: 2, error: { data: { name: 'BUSY', retryAfterMs: 700 } } }]);
    expect([total.pending, budget.used, closes()]).toEqual([1, 45, 0]);
    settle(1);
    expect(ask(2, 60)).toBe(true);
  });

  it('are given up with their socket when one that was admitted is the largest by then', () => {
    const { ask, closes } = start();
    ask(1, 60);
    expect(ask(2, 45)).toBe(true);
    expect(closes()).toBe(1);
  });
});
