import { describe, expect, it } from 'vitest';
import type { ResponseMessage } from 'vscode-jsonrpc/node';
import { PendingRequests } from '../../../sidecar/server/pending.js';

function start() {
  const total = { pending: 0 };
  const refusals: ResponseMessage[] = [];
  const requests = new PendingRequests(
    total,
    10,
    () => 700,
    (answer) => refusals.push(answer),
  );
  const ask = (id: string | number) =>
    requests.admit({ jsonrpc: '2.0', id, method: 'm', params: {} } as never);
  const cancel = (id: string | number) =>
    requests.admit({ jsonrpc: '2.0', method: '$/cancelRequest', params: { id } } as never);
  const settle = (id: string | number | null) =>
    requests.settle({ jsonrpc: '2.0', id, result: null } as ResponseMessage);
  return { total, refusals, ask, cancel, settle };
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
});
