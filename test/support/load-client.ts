/**
 * Many clients of a sidecar in a process of their own, so that what they cost is not taken for the server's. Does what
 * its parent tells it, one command at a time.
 */
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { decodeContent, encodeContent } from '../../protocol/codec.js';
import { imagePrepare, initialize, maskPredict } from '../../protocol/methods.js';
import { PROTOCOL_VERSION, SOCKET_PATH, SUBPROTOCOL, TICKET_PREFIX } from '../../protocol/version.js';
import type { Commands, Flow, Hits, Opening, Outcome, Overload } from './load-commands.js';

interface Answer {
  readonly id: number;
  readonly error?: { readonly data: { readonly name: string; readonly retryAfterMs?: number } };
}

/** A socket that has been greeted. */
class Line {
  private readonly waiting = new Map<number, (answer: Answer) => void>();
  private lastId = 0;

  constructor(
    readonly client: string,
    private readonly socket: WebSocket,
  ) {
    socket.binaryType = 'arraybuffer';
    socket.on('message', (data: ArrayBuffer) => {
      const answer = decodeContent(new Uint8Array(data)) as Answer;
      this.waiting.get(answer.id)?.(answer);
      this.waiting.delete(answer.id);
    });
  }

  ask(method: string, params: unknown): Promise<Answer> {
    const id = ++this.lastId;
    this.socket.send(encodeContent({ jsonrpc: '2.0', id, method, params }, 'msgpack'));
    return new Promise((resolve) => this.waiting.set(id, resolve));
  }
}

const groups = new Map<string, Line[]>();
let clicks = 0;

async function openLine(origin: string, token: string): Promise<Line> {
  const headers = { Authorization: `Bearer ${token}` };
  const answer = await fetch(`${origin}/v1/ticket`, { method: 'POST', headers });
  const { ticket } = (await answer.json()) as { ticket: string };
  const address = `${origin.replace('http', 'ws')}${SOCKET_PATH}`;
  const socket = new WebSocket(address, [SUBPROTOCOL, TICKET_PREFIX + ticket]);
  await once(socket, 'open');
  const line = new Line(token, socket);
  await line.ask(initialize.method, { protocol: PROTOCOL_VERSION, client: { name: 'load', version: '1' } });
  return line;
}

/** Opens a group of sockets, a few at a time. */
async function open({ group, origin, tokens, each }: Opening): Promise<number> {
  const wanted = tokens.flatMap((token) => Array.from({ length: each }, () => token));
  const lines: Line[] = [];
  const opener = async () => {
    for (let token = wanted.pop(); token !== undefined; token = wanted.pop()) {
      lines.push(await openLine(origin, token));
    }
  };
  await Promise.all(Array.from({ length: 8 }, opener));
  groups.set(group, lines);
  return lines.length;
}

/** Asks at a fixed rate, whatever the answers do, and measures from when each was due. */
async function paced<T>(perSecond: number, seconds: number, ask: (i: number, dueMs: number) => Promise<T>) {
  const start = performance.now();
  const asked: Promise<T>[] = [];
  const total = perSecond * seconds;
  while (asked.length < total) {
    const due = Math.min(total, Math.floor(((performance.now() - start) * perSecond) / 1000) + 1);
    while (asked.length < due) asked.push(ask(asked.length, start + (asked.length * 1000) / perSecond));
    await delay(2);
  }
  return Promise.all(asked);
}

async function hits({ group, images, perSecond, seconds }: Hits) {
  const lines = groups.get(group)!;
  let failed = 0;
  const ms = await paced(perSecond, seconds, async (i, dueMs) => {
    const image = images[i % images.length]!;
    const { error } = await lines[i % lines.length]!.ask(imagePrepare.method, { image });
    if (error) failed++;
    return performance.now() - dueMs;
  });
  ms.sort((a, b) => a - b);
  const at = (share: number) => ms[Math.floor((ms.length - 1) * share)]!;
  return { asked: ms.length, failed, p50Ms: at(0.5), p99Ms: at(0.99) };
}

/** A click that nobody has made before, so that nothing remembers its answer. */
function click(image: string) {
  clicks++;
  const [x, y] = [(clicks * 0.618_034) % 1, (clicks * 0.754_878) % 1];
  return { image, prompts: [{ type: 'point', x: x * 200, y: y * 150, label: 'inside' }] };
}

function count(outcome: Outcome, { error }: Answer): void {
  if (!error) outcome.answered++;
  else if (!['BUSY', 'DEADLINE'].includes(error.data.name)) outcome.failed++;
  else if (error.data.retryAfterMs === undefined) outcome.refusedWithoutTime++;
  else outcome.refused++;
}

const nothing = (): Outcome => ({ answered: 0, refused: 0, refusedWithoutTime: 0, failed: 0 });

/** Clicks at a fixed rate over all lines of a group. Answers that come later than the time count for nothing. */
async function overload({ group, image, perSecond, seconds }: Overload): Promise<Outcome> {
  const lines = groups.get(group)!;
  const outcome = nothing();
  const end = performance.now() + seconds * 1000;
  await paced(perSecond, seconds, async (i) => {
    const answer = await lines[i % lines.length]!.ask(maskPredict.method, click(image));
    if (answer.error || performance.now() <= end) count(outcome, answer);
  });
  return outcome;
}

/** Each group keeps so many clicks under way, and asks anew as soon as one is answered. */
async function flow({ flows, image, seconds }: Flow): Promise<Outcome[]> {
  const end = performance.now() + seconds * 1000;
  return Promise.all(
    flows.map(async ({ group, underWay }) => {
      const lines = groups.get(group)!;
      const outcome = nothing();
      const one = async (line: Line) => {
        while (performance.now() < end) {
          const answer = await line.ask(maskPredict.method, click(image));
          if (performance.now() <= end) count(outcome, answer);
          if (answer.error) await delay(answer.error.data.retryAfterMs ?? 100);
        }
      };
      await Promise.all(Array.from({ length: underWay }, (_, i) => one(lines[i % lines.length]!)));
      return outcome;
    }),
  );
}

const commands: { [C in keyof Commands]: (params: Commands[C][0]) => Promise<Commands[C][1]> } = {
  open,
  hits,
  overload,
  flow,
};

process.on('message', ({ command, params }: { command: keyof Commands; params: never }) => {
  commands[command](params).then(
    (result) => process.send!({ result }),
    (error: unknown) => process.send!({ error: String(error) }),
  );
});
process.on('disconnect', () => process.exit());
