/**
 * The interface's connection in a process of its own, so that it can be put to sleep. Says on its output how it stands
 * with the sidecar, and for each line that it is told asks about the picture.
 */
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { WebSocket } from 'ws';
import { keepConnected } from '../../plugin/ui/connection.js';
import type { Sidecar } from '../../plugin/ui/connection.js';
import { dialSidecar } from '../../plugin/ui/socket-client.js';
import { wait } from '../../plugin/ui/wait.js';
import { CodedError } from '../../protocol/errors.js';
import { maskPredict } from '../../protocol/methods.js';

// What a browser has, and Node 20 has not.
Object.assign(globalThis, { WebSocket });

const [origin, token, picture] = process.argv.slice(2) as [string, string, string];
let sidecar: Sidecar | undefined;
let clicks = 0;

keepConnected(
  {
    host: {
      clientName: 'staying',
      ownOrigin: origin,
      settings: { load: () => Promise.resolve({ token }), save: () => undefined },
    },
    ...{ fetch, wait, dial: dialSidecar, clientVersion: '1', userAgent: 'test' },
    loopbackPermission: () => Promise.resolve('allowed'),
  },
  (link, found) => {
    sidecar = found;
    console.log(link.kind);
  },
);

async function ask(): Promise<string> {
  try {
    const { id } = await sidecar!.upload(await readFile(picture), new AbortController().signal);
    const prompts = [{ type: 'point', x: 30 + clicks++, y: 60, label: 'inside' } as const];
    await sidecar!.call(maskPredict, { image: id, prompts });
    return 'answered';
  } catch (error) {
    return error instanceof CodedError ? error.code : String(error);
  }
}

createInterface(process.stdin)
  .on('line', () => void ask().then(console.log))
  .on('close', () => process.exit());
