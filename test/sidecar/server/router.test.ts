import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { CancellationTokenSource, ProgressType } from 'vscode-jsonrpc/node';
import type { WebSocket } from 'ws';
import { decodeContent, encodeContent } from '../../../protocol/codec.js';
import { CodedError } from '../../../protocol/errors.js';
import {
  exportObject,
  imageOpen,
  imagePrepare,
  imageUpload,
  initialize,
  maskPredict,
  maskTrace,
  METHODS,
  shutdown,
} from '../../../protocol/methods.js';
import { THIN_EDGE_PX } from '../../../protocol/soft-edge.js';
import type { MethodDefinition } from '../../../protocol/method-parts.js';
import { callMethod, withToken } from '../../../protocol/rpc.js';
import { agreeOnProtocol } from '../../../protocol/version.js';
import type { PrepareCall } from '../../../sidecar/engine/engine.js';
import { TestSidecar } from '../../support/sidecar.js';

const withCode = (code: string) => expect.objectContaining({ code }) as Error;
const predictParams = maskPredict.example.params;

type EngineReport = NonNullable<PrepareCall['onProgress']>;

async function startPaired() {
  const sidecar = await TestSidecar.start();
  return { sidecar, engine: sidecar.engine, token: await sidecar.pair() };
}

/** Sends a message as it is and waits for the next one back. */
async function exchange(socket: WebSocket, message: unknown, encoding: 'json' | 'msgpack' = 'json') {
  const answer = once(socket, 'message');
  socket.send(encodeContent(message, encoding));
  const [data, isBinary] = (await answer) as [ArrayBuffer, boolean];
  return decodeContent(isBinary ? new Uint8Array(data) : Buffer.from(data).toString());
}

describe.each(['json', 'msgpack'] as const)('over %s', (encoding) => {
  it.each(METHODS.map((definition) => [definition.method, definition] as const))(
    'the example of %s runs and is answered as documented',
    async (_name, definition: MethodDefinition) => {
      const { sidecar, token } = await startPaired();
      const { connection } = await sidecar.connect(token, { encoding, greet: definition !== initialize });
      const result = await callMethod(connection, definition, definition.example.params);
      expect(result).toEqual(definition.result.parse(definition.example.result));
    },
  );

  it('bytes arrive as bytes in both directions', async () => {
    const { sidecar, engine, token } = await startPaired();
    const { connection } = await sidecar.connect(token, { encoding });
    await callMethod(connection, imageUpload, { bytes: new Uint8Array([0, 1, 255]) });
    expect(new Uint8Array((engine.calls[0]!.params as { bytes: Uint8Array }).bytes)).toEqual(
      new Uint8Array([0, 1, 255]),
    );
    const { bytes } = await callMethod(connection, exportObject, exportObject.example.params);
    expect(Buffer.from(bytes).toString()).toBe('<svg/>');
  });

  it('a cut-out arrives with the part of the image that it shows', async () => {
    const { sidecar, engine, token } = await startPaired();
    const { connection } = await sidecar.connect(token, { encoding });
    const file = { bytes: new Uint8Array([137]), mimeType: 'image/png', extension: 'png' };
    engine.exportObject = () => Promise.resolve({ ...file, box: [1, 2, 30, 40] });
    const { params } = exportObject.example;
    const answer = await callMethod(connection, exportObject, {
      ...params,
      format: 'cutout',
      softEdgePx: THIN_EDGE_PX,
    });
    expect(answer.box).toEqual([1, 2, 30, 40]);
  });

  it('a prompt that is NaN is PROMPT_NOT_FINITE on this side and on the other', async () => {
    const { sidecar, token } = await startPaired();
    const { connection, socket } = await sidecar.connect(token, { encoding });
    for (const prompt of [
      { type: 'point', x: NaN, y: 1, label: 'inside' },
      { type: 'box', box: [0, 0, Infinity, 5] },
    ] as const) {
      const params = { ...predictParams, prompts: [{ ...prompt }] } as typeof predictParams;
      await expect(callMethod(connection, maskPredict, params)).rejects.toEqual(
        withCode('PROMPT_NOT_FINITE'),
      );
      const request = { jsonrpc: '2.0', id: 'raw', method: maskPredict.method, params };
      expect(await exchange(socket, request, encoding)).toMatchObject({
        id: 'raw',
        error: { code: 1203, data: { name: 'PROMPT_NOT_FINITE' } },
      });
    }
  });
});

describe('a conversation', () => {
  it('begins with initialize', async () => {
    const { sidecar, token } = await startPaired();
    const { connection } = await sidecar.connect(token, { greet: false });
    const open = () => callMethod(connection, imageOpen, imageOpen.example.params);
    await expect(open()).rejects.toEqual(withCode('NOT_INITIALIZED'));
    await callMethod(connection, initialize, initialize.example.params);
    await expect(open()).resolves.toMatchObject({ known: true });
    const again = callMethod(connection, initialize, initialize.example.params);
    await expect(again).rejects.toEqual(withCode('REQUEST_INVALID'));
  });

  it('says which side to update when the protocols do not meet', async () => {
    const { sidecar, token } = await startPaired();
    const { connection } = await sidecar.connect(token, { greet: false });
    const greet = (protocol: number) =>
      callMethod(connection, initialize, { ...initialize.example.params, protocol });
    await expect(greet(0)).rejects.toMatchObject({
      code: 'PROTOCOL_MISMATCH',
      hint: expect.stringContaining('client') as string,
    });
    await expect(greet(99)).rejects.toMatchObject({
      code: 'PROTOCOL_MISMATCH',
      hint: expect.stringContaining('sidecar') as string,
    });
    await expect(greet(1)).resolves.toMatchObject({ protocol: 1 });
  });

  it('goes on in the client’s own version while that is still answered', () => {
    expect(agreeOnProtocol(2, { oldest: 2, newest: 3 })).toBe(2);
    expect(() => agreeOnProtocol(1, { oldest: 2, newest: 3 })).toThrow(withCode('PROTOCOL_MISMATCH'));
  });

  it('ends with shutdown, which cancels what is under way', async () => {
    const { sidecar, engine, token } = await startPaired();
    const { connection } = await sidecar.connect(token);
    engine.hold();
    const prediction = callMethod(connection, maskPredict, predictParams);
    await engine.called(1);
    const end = callMethod(connection, shutdown, {});
    await expect(prediction).rejects.toEqual(withCode('CANCELLED'));
    await expect(end).resolves.toBeNull();
    await expect(callMethod(connection, shutdown, {})).rejects.toEqual(withCode('SHUTTING_DOWN'));
  });

  it('answers an unknown method with METHOD_UNKNOWN', async () => {
    const { sidecar, token } = await startPaired();
    const { socket } = await sidecar.connect(token);
    const answer = await exchange(socket, { jsonrpc: '2.0', id: 1, method: 'mask/guess' });
    expect(answer).toMatchObject({ id: 1, error: { code: -32601, data: { name: 'METHOD_UNKNOWN' } } });
  });

  it('names the field that is wrong', async () => {
    const { sidecar, token } = await startPaired();
    const { socket } = await sidecar.connect(token);
    const params = { ...predictParams, prompts: [{ type: 'point', x: 'left', y: 0, label: 'inside' }] };
    expect(await exchange(socket, { jsonrpc: '2.0', id: 1, method: 'mask/predict', params })).toMatchObject({
      error: { data: { name: 'PARAMS_INVALID' }, message: expect.stringContaining('prompts.0.x') as string },
    });
  });

  it('refuses too many prompts at once, however wrong each of them is, on this side and on the other', async () => {
    const { sidecar, token } = await startPaired();
    const { connection, socket } = await sidecar.connect(token);
    const params = { ...predictParams, prompts: Array<never>(200_000).fill(0 as never) };
    const start = performance.now();
    await expect(callMethod(connection, maskPredict, params)).rejects.toEqual(withCode('PROMPTS_TOO_MANY'));
    for (const { method } of [maskPredict, exportObject]) {
      const request = { jsonrpc: '2.0', id: method, method, params: { ...params, format: 'svg' } };
      expect(await exchange(socket, request)).toMatchObject({
        id: method,
        error: { data: { name: 'PROMPTS_TOO_MANY' }, message: expect.stringContaining('200000') as string },
      });
    }
    expect(performance.now() - start).toBeLessThan(1_000);
  });

  it('answers in the encoding of the latest request, and survives garbage between two', async () => {
    const { sidecar, token } = await startPaired();
    const { socket } = await sidecar.connect(token, { encoding: 'json' });
    const request = { jsonrpc: '2.0', id: 1, method: 'image/open', params: imageOpen.example.params };
    for (const encoding of ['json', 'msgpack', 'json'] as const) {
      const answer = once(socket, 'message');
      socket.send(encodeContent(request, encoding));
      expect(((await answer) as [unknown, boolean])[1]).toBe(encoding === 'msgpack');
      const refusal = once(socket, 'message');
      socket.send(encoding === 'msgpack' ? new Uint8Array([0xc1]) : '{');
      expect(Buffer.from(((await refusal) as [ArrayBuffer])[0]).toString()).toContain('PARSE');
    }
  });

  it('passes on the engine’s own errors with their hints', async () => {
    const { sidecar, engine, token } = await startPaired();
    const { connection } = await sidecar.connect(token);
    engine.failure = new CodedError('IMAGE_UNKNOWN', 'No such image.', 'Upload it.');
    await expect(callMethod(connection, maskPredict, predictParams)).rejects.toMatchObject({
      code: 'IMAGE_UNKNOWN',
      message: 'No such image.',
      hint: 'Upload it.',
    });
  });

  it('tells nothing of an error that was not expected, but logs it', async () => {
    const { sidecar, engine, token } = await startPaired();
    const { connection } = await sidecar.connect(token);
    engine.failure = new TypeError('/home/somebody/engine.ts broke');
    const failure = await callMethod(connection, maskPredict, predictParams).catch((error: unknown) => error);
    expect(failure).toEqual(withCode('INTERNAL'));
    expect(JSON.stringify(failure) + String(failure)).not.toContain('somebody');
    expect(sidecar.logs.join('')).toContain('engine.ts broke');
  });

  it('gives every error an id, under which the log says what became of the request', async () => {
    const { sidecar, engine, token } = await startPaired();
    const { connection, socket } = await sidecar.connect(token);
    engine.failure = new CodedError('IMAGE_UNKNOWN', 'No such image.', 'Upload it.');
    const { requestId } = (await callMethod(connection, maskPredict, predictParams).catch(
      (error: unknown) => error,
    )) as CodedError;
    expect(requestId).toMatch(/^[0-9a-f]{6}$/);
    const lines = sidecar.logs.map((line) => JSON.parse(line)).filter(({ request }) => request === requestId);
    expect(lines).toMatchObject([
      { msg: 'request', method: 'mask/predict', socket: 1 },
      { msg: 'refused', method: 'mask/predict', outcome: 'IMAGE_UNKNOWN', ms: expect.any(Number) as number },
    ]);
    const anyId = { error: { data: { requestId: expect.stringMatching(/^[0-9a-f]{6}$/) as string } } };
    for (const message of [{ jsonrpc: '2.0', id: 1, method: 'mask/guess' }, { nonsense: true }]) {
      expect(await exchange(socket, message)).toMatchObject(anyId);
    }
  });

  it('counts and times requests by method, and errors by name', async () => {
    const { sidecar, engine, token } = await startPaired();
    const { connection, socket } = await sidecar.connect(token);
    await callMethod(connection, maskPredict, predictParams);
    engine.failure = new TypeError('broke');
    await callMethod(connection, maskPredict, predictParams).catch(() => undefined);
    await exchange(socket, { jsonrpc: '2.0', id: 1, method: 'mask/guess' });
    await exchange(socket, { nonsense: true });
    const text = await sidecar.requests.metrics.toText();
    for (const line of [
      'cutline_request_seconds_count{method="mask/predict"} 2',
      'cutline_requests_total{method="mask/predict",outcome="ok"} 1',
      'cutline_requests_total{method="mask/predict",outcome="INTERNAL"} 1',
      'cutline_requests_in_flight{method="mask/predict"} 0',
      'cutline_requests_total{method="unknown",outcome="METHOD_UNKNOWN"} 1',
      'cutline_refusals_total{code="INTERNAL"} 1',
      'cutline_refusals_total{code="METHOD_UNKNOWN"} 1',
      'cutline_refusals_total{code="REQUEST_INVALID"} 1',
    ]) {
      expect(text).toContain(`${line}\n`);
    }
  });

  it('reports progress to whoever gave a token for it', async () => {
    const { sidecar, token } = await startPaired();
    const { connection } = await sidecar.connect(token);
    const heard: unknown[] = [];
    connection.onProgress(new ProgressType<unknown>(), 'bar', (value) => void void heard.push(value));
    await callMethod(connection, imagePrepare, { ...imagePrepare.example.params, progressToken: 'bar' });
    expect(heard).toEqual([{ stage: 'encoding', fraction: 0.5 }]);
  });

  it('sends the candidate to show before the answer, to whoever gave a token for it', async () => {
    const { sidecar, engine, token } = await startPaired();
    const { connection } = await sidecar.connect(token);
    const release = engine.hold();
    const first = new Promise((resolve) => connection.onProgress(new ProgressType<unknown>(), 7, resolve));
    const answer = callMethod(connection, maskPredict, { ...predictParams, progressToken: 7 });
    const [candidate] = maskPredict.example.result.candidates;
    expect(await first).toEqual({ candidate, offered: 1 });
    release();
    expect((await answer).candidates).toEqual([candidate]);
  });
});

describe('cancelling', () => {
  it('ends the request that is meant, in any order', async () => {
    const { sidecar, engine, token } = await startPaired();
    const { connection } = await sidecar.connect(token);
    const release = engine.hold();
    const sources = [0, 1, 2].map(() => new CancellationTokenSource());
    const requests = sources.map((source) =>
      callMethod(connection, maskTrace, maskTrace.example.params, source.token),
    );
    await engine.called(3);
    sources[2]!.cancel();
    await expect(requests[2]).rejects.toEqual(withCode('CANCELLED'));
    sources[0]!.cancel();
    await expect(requests[0]).rejects.toEqual(withCode('CANCELLED'));
    release();
    await expect(requests[1]).resolves.toMatchObject({ outline: { nodes: 4 } });
  });

  it('reaches a request that it follows at once, and takes no harm from one that is over or never was', async () => {
    const { sidecar, engine, token } = await startPaired();
    const { connection, socket } = await sidecar.connect(token);
    const release = engine.hold();
    const cancelled = withToken(AbortSignal.abort(), (token) =>
      callMethod(connection, maskTrace, maskTrace.example.params, token),
    );
    await expect(cancelled).rejects.toEqual(withCode('CANCELLED'));
    release();
    for (const id of [0, 1, 1, 'never']) {
      socket.send(encodeContent({ jsonrpc: '2.0', method: '$/cancelRequest', params: { id } }, 'json'));
    }
    engine.calls.splice(0);
    await callMethod(connection, maskTrace, maskTrace.example.params);
    expect(engine.calls).toHaveLength(1);
  });

  it('is answered at once though the work goes on, and counts against its client until that ends', async () => {
    const sidecar = await TestSidecar.start({ limits: { pendingPerClient: 1 } });
    const { engine } = sidecar;
    const { connection } = await sidecar.connect(await sidecar.pair());
    engine.ignoresSignal = true;
    const release = engine.hold();
    const controller = new AbortController();
    const upload = () => callMethod(connection, imageUpload, { bytes: Uint8Array.of(1) });
    const request = withToken(controller.signal, (token) =>
      callMethod(connection, imageUpload, { bytes: Uint8Array.of(1) }, token),
    );
    await engine.called(1);
    controller.abort();
    await expect(request).rejects.toEqual(withCode('CANCELLED'));
    await expect(upload()).rejects.toEqual(withCode('BUSY'));
    expect(engine.calls).toHaveLength(1);
    release();
    await expect(upload()).resolves.toMatchObject({ image: {} });
  });

  it('ends the progress of what goes on', async () => {
    const { sidecar, engine, token } = await startPaired();
    const { connection } = await sidecar.connect(token);
    const heard: unknown[] = [];
    connection.onProgress(new ProgressType<unknown>(), 'late', (value) => void heard.push(value));
    let report: EngineReport;
    engine.prepare = (_params, { onProgress }) => {
      report = onProgress!;
      report({ stage: 'encoding', fraction: 0 });
      return new Promise(() => undefined);
    };
    const source = new CancellationTokenSource();
    const params = { ...imagePrepare.example.params, progressToken: 'late' };
    const request = callMethod(connection, imagePrepare, params, source.token);
    while (heard.length === 0) await new Promise(setImmediate);
    source.cancel();
    await expect(request).rejects.toEqual(withCode('CANCELLED'));
    report!({ stage: 'encoding', fraction: 1 });
    await callMethod(connection, maskTrace, maskTrace.example.params);
    expect(heard).toHaveLength(1);
  });

  it('happens to all work of a socket that closes', async () => {
    const { sidecar, engine, token } = await startPaired();
    const { connection, socket } = await sidecar.connect(token);
    engine.hold();
    const lost = expect(callMethod(connection, maskPredict, predictParams)).rejects.toEqual(
      withCode('DISCONNECTED'),
    );
    await engine.called(1);
    const aborted = once(engine.calls[0]!.call.signal, 'abort');
    socket.terminate();
    await Promise.all([aborted, lost]);
    await expect(callMethod(connection, maskPredict, predictParams)).rejects.toEqual(
      withCode('DISCONNECTED'),
    );
  });
});

describe('a newer prediction', () => {
  it('replaces the older one of the same client and view, on whichever socket', async () => {
    const { sidecar, engine, token } = await startPaired();
    const [one, two] = [await sidecar.connect(token), await sidecar.connect(token)];
    const release = engine.hold();
    const older = callMethod(one.connection, maskPredict, { ...predictParams, view: 'canvas' });
    await engine.called(1);
    const newer = callMethod(two.connection, maskPredict, { ...predictParams, view: 'canvas' });
    await expect(older).rejects.toEqual(withCode('CANCELLED'));
    await engine.called(2);
    release();
    await expect(newer).resolves.toMatchObject({ chosen: 1 });
  });

  it('leaves other views, other clients and requests without a view alone', async () => {
    const { sidecar, engine, token } = await startPaired();
    const mine = await sidecar.connect(token);
    const theirs = await sidecar.connect(await sidecar.pair('somebody else'));
    const release = engine.hold();
    const requests = [
      callMethod(mine.connection, maskPredict, { ...predictParams, view: 'a' }),
      callMethod(mine.connection, maskPredict, { ...predictParams, view: 'b' }),
      callMethod(theirs.connection, maskPredict, { ...predictParams, view: 'a' }),
      callMethod(mine.connection, maskPredict, predictParams),
      callMethod(mine.connection, maskPredict, predictParams),
    ];
    await engine.called(5);
    release();
    await expect(Promise.all(requests)).resolves.toHaveLength(5);
  });
});
