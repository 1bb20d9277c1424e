/**
 * Segment everything in a photograph of twelve megapixels, through a sidecar in a process of its own: its memory, how
 * long its event loop keeps others waiting, what a click meanwhile takes, and how soon it stops when told to.
 */
import { CancellationTokenSource, ProgressType } from 'vscode-jsonrpc/node';
import type { MessageConnection } from 'vscode-jsonrpc/node';
import { maskAll } from '../protocol/everything-methods.js';
import { imageUpload, maskPredict } from '../protocol/methods.js';
import type { ImageInfo } from '../protocol/method-parts.js';
import { callMethod } from '../protocol/rpc.js';
import type { BenchContext } from './context.js';
import { largeImage } from './images.js';
import { pause, percentile, timed } from './measure.js';
import { connect, residentMb, spawnSidecar } from './sidecar.js';

const IDLE_CLICKS = 20;
const CLICK_PAUSE_MS = 150;
const CANCELS = 12;
const CANCEL_AFTER_MS = 400;
const SAMPLE_PAUSE_MS = 50;

export async function benchEverythingLoad({ home }: BenchContext): Promise<object> {
  const photo = await largeImage();
  const sidecar = await spawnSidecar(home);
  const connection = await connect(sidecar.origin, sidecar.token);
  const clicking = await connect(sidecar.origin, sidecar.token);
  const { image } = await callMethod(connection, imageUpload, { bytes: photo.bytes });
  const click = clicker(clicking, image);
  await click();
  const idle: number[] = [];
  for (let i = 0; i < IDLE_CLICKS; i++) idle.push(await timed(click));

  const watch = watchProcess(sidecar.pid, sidecar.origin);
  const started = performance.now();
  let isRunning = true;
  const run = callMethod(connection, maskAll, { image: image.id, progressToken: 'all' });
  void run.finally(() => (isRunning = false)).catch(() => undefined);
  const meanwhile: number[] = [];
  while (isRunning) {
    meanwhile.push(await timed(click));
    await pause(CLICK_PAUSE_MS);
  }
  const { masks, timings } = await run;
  const seconds = (performance.now() - started) / 1000;
  const { mostMb, healthMs } = await watch.stop();

  const stops: number[] = [];
  for (let i = 0; i < CANCELS; i++) stops.push(await timeCancel(connection, image.id));
  connection.dispose();
  clicking.dispose();
  await sidecar.dispose();
  return {
    image: photo.name,
    device: 'cpu',
    masks: masks.length,
    seconds,
    timings,
    rssMb: { most: mostMb },
    // The event loop answers /health itself, so its delay is in there, and the network's too.
    healthMs: spread(healthMs),
    clickMs: {
      idle: spread(idle),
      meanwhile: spread(meanwhile),
      ratio: percentile(meanwhile, 0.5) / percentile(idle, 0.5),
    },
    cancelMs: spread(stops),
  };
}

/** Clicks somewhere else each time, so that no answer is remembered. */
function clicker(connection: MessageConnection, image: ImageInfo): () => Promise<unknown> {
  let round = 0;
  return () => {
    round++;
    const x = image.width * (0.1 + 0.8 * ((round * 0.618) % 1));
    const y = image.height * (0.1 + 0.8 * ((round * 0.414) % 1));
    const prompts = [{ type: 'point' as const, x, y, label: 'inside' as const }];
    return callMethod(connection, maskPredict, { image: image.id, prompts });
  };
}

/** How long after being cancelled a run answers that it has let go. */
async function timeCancel(connection: MessageConnection, image: string): Promise<number> {
  const source = new CancellationTokenSource();
  const token = `cancel ${Math.random()}`;
  const begun = new Promise<void>((resolve) => {
    const listening = connection.onProgress(new ProgressType<{ stage: string }>(), token, ({ stage }) => {
      if (stage !== 'looking') return;
      listening.dispose();
      resolve();
    });
  });
  const run = callMethod(connection, maskAll, { image, progressToken: token }, source.token);
  const ended = run.catch(() => undefined);
  await begun;
  await pause(CANCEL_AFTER_MS);
  return timed(async () => {
    source.cancel();
    await ended;
  });
}

/** Samples a process's memory, and how long its event loop takes to answer. */
function watchProcess(pid: number, origin: string) {
  let mostMb = 0;
  const healthMs: number[] = [];
  let isStopped = false;
  const sampling = (async () => {
    while (!isStopped) {
      mostMb = Math.max(mostMb, residentMb(pid));
      healthMs.push(await timed(() => fetch(`${origin}/health`)));
      await pause(SAMPLE_PAUSE_MS);
    }
  })();
  return {
    async stop() {
      isStopped = true;
      await sampling;
      return { mostMb, healthMs };
    },
  };
}

function spread(values: readonly number[]) {
  return { p50: percentile(values, 0.5), p95: percentile(values, 0.95), p99: percentile(values, 0.99) };
}
