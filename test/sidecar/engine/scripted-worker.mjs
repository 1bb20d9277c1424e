/** Stands in for the compute thread: does what the name of a search says, and tells when it starts and when it works. */
import { parentPort } from 'node:worker_threads';
import { createMessageConnection, PortMessageReader, PortMessageWriter } from 'vscode-jsonrpc/node';

const connection = createMessageConnection(
  new PortMessageReader(parentPort),
  new PortMessageWriter(parentPort),
);
const tell = (what) => connection.sendNotification('unexpected', what);

/** Blocks the thread as the runtime's native code does. */
const block = (ms) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);

connection.onRequest('summariseEverything', ({ run: key }) => {
  tell(key);
  if (key === 'crash') setImmediate(() => process.exit(1));
  if (key === 'throw outside')
    setImmediate(() => {
      throw new Error('a secret of the job');
    });
  if (key === 'crash' || key === 'throw outside') return new Promise(() => undefined);
  if (key === 'throw') throw new Error('not foreseen');
  if (key === 'work') block(50);
  if (key === 'never end') block(Infinity);
  tell(`${key}: done`);
  return true;
});
connection.onRequest('dispose', () => {
  tell('disposed');
  return null;
});
connection.listen();
tell('started');
