/** `cutline serve`: the sidecar, until it is told to stop. */
import { Command, InvalidArgumentError } from 'commander';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Logger } from 'pino';
import { CodedError } from '../../protocol/errors.js';
import { SIDECAR_PORTS } from '../../protocol/version.js';
import { createEngine } from '../engine/create-engine.js';
import type { Segmenter } from '../engine/segmenter.js';
import { ensureHome } from '../home.js';
import { Crashes } from '../observe/crashes.js';
import { Metrics } from '../observe/metrics.js';
import { watchProcess } from '../observe/process-metrics.js';
import { Requests } from '../observe/requests.js';
import type { PairingRequest } from '../server/pairing.js';
import { startServer } from '../server/server.js';
import { readSettings } from '../settings.js';
import type { Settings } from '../settings.js';
import { sweepLitter } from '../sweep.js';
import { listenForInterruption } from './interruption.js';
import { createLogger } from './log.js';
import { MODEL_FLAG, ownModelOf } from './model-flag.js';
import { openWorkbench } from './open-workbench.js';

interface ServeFlags {
  readonly port?: number;
  readonly open: boolean;
  readonly device?: string;
  readonly model?: string;
}

export function serveCommand(): Command {
  return new Command('serve')
    .description('start the sidecar for Figma and open the workbench')
    .option(
      '--port <n>',
      `port to listen on (default: the first free one of ${SIDECAR_PORTS.join(', ')})`,
      port,
    )
    .option('--open', 'open the workbench in the browser', true)
    .option('--no-open', 'do not open anything')
    .option(
      '--device <device>',
      'auto, cpu, webgpu, cuda, dml or coreml (default: CUTLINE_DEVICE, else auto)',
    )
    .option(...MODEL_FLAG)
    .action(serve);
}

async function serve(flags: ServeFlags): Promise<void> {
  const { signal } = listenForInterruption();
  const settings = readSettings(process.env, flags);
  const ownModel = await ownModelOf(settings);
  const logger = createLogger(settings.log);
  await ensureHome(settings.home).catch(() => {
    console.error(`${settings.home} cannot be written: nothing is kept from one start to the next.`);
    console.error('Make it writable or set CUTLINE_HOME.');
  });
  const metrics = new Metrics();
  const requests = new Requests(metrics, logger);
  const counters = () => ({ queueDepth: engine.queueDepth });
  const letGo = () => engine.dispose();
  const crashes = new Crashes({ home: settings.home, logger, requests, counters, letGo });
  const watches = [watchProcess(metrics), crashes.watchProcess()];
  const engine = createEngine({
    ...settings,
    ownModel,
    scripts: {
      compute: new URL('./compute-worker.js', import.meta.url),
      decode: new URL('./decode-worker.js', import.meta.url),
    },
    onNote: (note) => logger.warn(note),
    onCrash: crashes.threadDied,
    metrics,
  });
  const server = await startServer({
    engine,
    home: settings.home,
    ...(flags.port !== undefined && { ports: [flags.port] }),
    pageFile: fileURLToPath(new URL('../workbench.html', import.meta.url)),
    logger,
    requests,
  });
  try {
    server.onDidRequestPairing(showPairingCode);
    console.log(`Cutline is ready at ${server.origin}`);
    console.log('Keep this window open. Ctrl-C stops it.');
    const opened = flags.open && openWorkbench(server.origin, server.createLaunchTicket(), logger, signal);
    void sweepLitter(settings.home);
    void loadModel(engine, settings, logger, signal);
    if (!signal.aborted) await once(signal, 'abort');
    console.log('Stopping…');
    await opened;
  } finally {
    // Side by side: the one takes up to three seconds, the other up to eight while the model is loading.
    await Promise.all([server.dispose(), engine.dispose()]);
    for (const watch of watches) watch.dispose();
  }
}

/** In the background: the address is up at once, and what is asked meanwhile waits for the model. */
async function loadModel(
  engine: Segmenter,
  { device: wished, model }: Settings,
  logger: Logger,
  signal: AbortSignal,
): Promise<void> {
  try {
    const { id, device, fallbacks, notes } = await engine.warmUp();
    for (const note of notes) logger.warn(note);
    const level = wished === 'auto' ? 'info' : 'warn';
    for (const fallback of fallbacks) logger[level](fallback, 'device passed over');
    console.log(`Computing on ${device} with ${id}.`);
    await engine.rehearse({ signal });
  } catch (err) {
    // Stopping ends the thread that was still loading.
    if (signal.aborted) return;
    const doctor = `npm run -s cutline -- doctor${model === undefined ? '' : ` --model ${JSON.stringify(model)}`}`;
    if (err instanceof CodedError)
      console.error(`The model could not be loaded. ${err.message}\n${err.hint}`);
    else logger.error({ err }, 'the model could not be loaded');
    console.error(`Nothing can be cut out until it can. To see what is wrong: ${doctor}`);
  }
}

function showPairingCode({ code, client, origin, expiresInMs }: PairingRequest): void {
  const from = origin === undefined ? '' : ` (${origin === 'null' ? 'inside another application' : origin})`;
  console.log(`\n${client}${from} asks to connect. Type this code there if that was you:`);
  console.log(`\n    ${code}\n\nIt is good for ${Math.round(expiresInMs / 1000)} seconds.`);
}

function port(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 0 && value < 65536) return value;
  throw new InvalidArgumentError('Give a port number.');
}
