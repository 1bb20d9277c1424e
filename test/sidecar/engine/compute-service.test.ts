import { MessageChannel } from 'node:worker_threads';
import { createMessageConnection, PortMessageReader, PortMessageWriter } from 'vscode-jsonrpc/node';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { MessageConnection } from 'vscode-jsonrpc/node';
import type { MessagePort } from 'node:worker_threads';
import { CodedError } from '../../../protocol/errors.js';
import { maskPredict } from '../../../protocol/methods.js';
import { CHOSEN, DISPOSE, serveCompute, UNEXPECTED } from '../../../sidecar/engine/compute-service.js';
import { FakeCompute } from '../../support/fake-compute.js';

const connect = (port: MessagePort) =>
  createMessageConnection(new PortMessageReader(port), new PortMessageWriter(port));

describe('serveCompute', () => {
  let compute: FakeCompute;
  let client: MessageConnection;
  let stacks: string[];
  let close: () => void;

  beforeEach(() => {
    const { port1, port2 } = new MessageChannel();
    compute = new FakeCompute();
    const server = connect(port1);
    serveCompute(server, compute);
    server.listen();
    client = connect(port2);
    stacks = [];
    client.onNotification(UNEXPECTED, (stack: string) => void stacks.push(stack));
    client.listen();
    close = () => {
      port1.close();
      port2.close();
    };
  });
  afterEach(() => close());

  const encode = () => client.sendRequest('encode', { key: 'a', bytes: Uint8Array.of(1) });

  it('answers with a coded error as it is', async () => {
    compute.beforeEncode = () =>
      Promise.reject(new CodedError('IMAGE_TRUNCATED', 'Cut short.', 'Save it anew.'));
    await expect(encode()).rejects.toMatchObject({
      message: 'Cut short.',
      data: { name: 'IMAGE_TRUNCATED' },
    });
    expect(stacks).toEqual([]);
  });

  it('tells the log, and only the log, what an error nobody foresaw was', async () => {
    const failure = Object.assign(new Error('ENOENT: /a/local/path'), { code: 'ENOENT' });
    compute.beforeEncode = () => Promise.reject(failure);
    const answer = await encode().catch((error: unknown) => error);
    expect(answer).toMatchObject({ data: { name: 'INTERNAL' } });
    expect(String(answer)).not.toContain('/a/local/path');
    expect(stacks).toEqual([failure.stack]);
  });

  it('tells of the chosen candidate of a prediction before that answers', async () => {
    const [candidate] = maskPredict.example.result.candidates;
    compute.chosen = { candidate: candidate!, offered: 3 };
    compute.held.set('a', { data: new Float32Array(), image: { width: 40, height: 20 } });
    let finish!: () => void;
    compute.beforePredict = () => new Promise((resolve) => (finish = resolve));
    const heard = new Promise((resolve) => client.onProgress(CHOSEN, 5, resolve));
    const job = { key: 'a', prompts: [], rle: false };
    const answer = client.sendRequest('predict', { job, chosenToken: 5 });
    expect(await heard).toEqual(compute.chosen);
    finish();
    expect(await answer).toMatchObject({ chosen: 1 });
  });

  it('calls nothing unforeseen that fails because it is being disposed', async () => {
    let fail!: (error: Error) => void;
    compute.beforeEncode = () => new Promise((_resolve, reject) => (fail = reject));
    const encoding = encode().catch((error: unknown) => error);
    while (compute.encodes.length === 0) await new Promise(setImmediate);
    const disposing = client.sendRequest(DISPOSE);
    await new Promise((resolve) => setTimeout(resolve, 20));
    fail(new Error('Session already disposed.'));
    await disposing;
    expect(await encoding).toMatchObject({ data: { name: 'SHUTTING_DOWN' } });
    expect(stacks).toEqual([]);
  });

  it('waits for what is running when it is disposed', async () => {
    let finish!: () => void;
    compute.beforeEncode = () => new Promise((resolve) => (finish = resolve));
    const order: string[] = [];
    const encoding = encode().then(() => order.push('encoded'));
    while (compute.encodes.length === 0) await new Promise(setImmediate);
    const disposing = client.sendRequest(DISPOSE).then(() => order.push('disposed'));
    finish();
    await Promise.all([encoding, disposing]);
    expect(order).toEqual(['encoded', 'disposed']);
  });
});
