import { describe, expect, it } from 'vitest';
import { BridgeClient } from '../../plugin/bridge.js';
import type { UiMessage } from '../../plugin/bridge.js';

function connect() {
  const sent: UiMessage[] = [];
  return { sent, client: new BridgeClient((message) => sent.push(message)) };
}

const size = { width: 400, height: 640 };

describe('BridgeClient', () => {
  it('gives each request an id of its own and matches answers in any order', async () => {
    const { sent, client } = connect();
    const first = client.request('resize-window', size);
    const second = client.request('notify', { message: 'Hello' });
    expect(sent.map(({ id }) => id)).toEqual([1, 2]);
    client.receive({ type: 'result', id: 2, result: null });
    client.receive({ type: 'result', id: 1, result: size });
    expect([await first, await second]).toEqual([size, null]);
  });

  it('turns a failure into the error that it was', async () => {
    const { client } = connect();
    const request = client.request('read-image', { nodeId: '1:2' });
    const error = { code: 'NODE_GONE', message: 'It is gone.', hint: 'Select another.' } as const;
    client.receive({ type: 'failure', id: 1, error });
    await expect(request).rejects.toMatchObject({ name: 'CodedError', ...error });
  });

  it('passes progress on until the answer is there', async () => {
    const { client } = connect();
    const seen: number[] = [];
    const request = client.request('resize-window', size, { onProgress: (done) => seen.push(done) });
    client.receive({ type: 'progress', id: 1, done: 10, total: 20 });
    client.receive({ type: 'result', id: 1, result: size });
    client.receive({ type: 'progress', id: 1, done: 20, total: 20 });
    await request;
    expect(seen).toEqual([10]);
  });

  it('cancels by id when aborted, and not once the answer is there', async () => {
    const { sent, client } = connect();
    const cancel = new AbortController();
    const answered = client.request('resize-window', size, { signal: cancel.signal });
    client.receive({ type: 'result', id: 1, result: size });
    await answered;
    void client.request('read-image', { nodeId: '1:2' }, { signal: cancel.signal });
    cancel.abort();
    expect(sent.filter(({ type }) => type === 'cancel')).toEqual([{ type: 'cancel', id: 2 }]);
  });

  it('cancels at once what was aborted before it was asked', () => {
    const { sent, client } = connect();
    void client.request('read-image', { nodeId: '1:2' }, { signal: AbortSignal.abort() });
    expect(sent.map(({ type }) => type)).toEqual(['request', 'cancel']);
  });

  it('hands a pushed selection to whoever feeds it', () => {
    const { client } = connect();
    expect(client.receive({ type: 'selection', selection: { kind: 'none' } })).toEqual({ kind: 'none' });
  });

  it('ignores an answer that nobody waits for', () => {
    const { client } = connect();
    expect(client.receive({ type: 'result', id: 5, result: null })).toBeUndefined();
  });
});
