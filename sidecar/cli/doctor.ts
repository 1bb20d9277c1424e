/** `cutline doctor`: what works here, what does not, and what to do about it. */
import { Command } from 'commander';
import { readdir, stat, unlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { findModel } from '../../models/catalog.js';
import { deviceHistory } from '../../models/device-history-node.js';
import type { DeviceHistory } from '../../models/device-node.js';
import { compareProbe, probeModel } from '../../models/probe.js';
import { RUNTIME_VERSION } from '../../models/session-node.js';
import { CodedError } from '../../protocol/errors.js';
import { HEALTH_BODY } from '../../protocol/pairing.js';
import { SIDECAR_PORTS } from '../../protocol/version.js';
import { loadModel } from '../engine/load-model.js';
import { modelCacheDir } from '../engine/own-model.js';
import { ensureHome } from '../home.js';
import { crashFolder, listReports } from '../observe/crash-report.js';
import { readSettings } from '../settings.js';
import type { Settings } from '../settings.js';
import type { Check } from './check.js';
import { checkSidecars } from './doctor-sidecar.js';
import { print } from './io.js';
import { MODEL_FLAG, ownModelOf } from './model-flag.js';

interface DoctorFlags {
  readonly json?: boolean;
  readonly model?: string;
}

export function doctorCommand(): Command {
  return new Command('doctor')
    .description('check Node, the model, devices, ports, caches, crashes, and sidecars that run')
    .option(...MODEL_FLAG)
    .option('--json', 'print the checks as JSON')
    .action(doctor);
}

async function doctor({ json, model }: DoctorFlags): Promise<void> {
  const settings = readSettings(process.env, { model });
  // Before the model, whose caches lie in it; it is told of last, with their size.
  await ensureHome(settings.home).catch(() => undefined);
  const ports = await Promise.all(SIDECAR_PORTS.map(portState));
  const sidecars = SIDECAR_PORTS.filter((_, i) => ports[i] === 'sidecar');
  const checks = [
    checkNode(),
    ...(await checkModel(settings)),
    await checkHome(settings),
    checkPorts(ports),
    ...(await checkSidecars(settings.home, sidecars)),
    checkCrashes(settings),
  ];
  const ok = checks.every(({ status }) => status !== 'fail');
  await print(json ? `${JSON.stringify({ ok, checks })}\n` : `${checks.map(toText).join('\n')}\n`);
  if (!ok) process.exitCode = 1;
}

function toText({ name, status, detail, hint }: Check): string {
  const mark = { ok: '✓', warn: '!', fail: '✗' }[status];
  return `${mark} ${name}: ${detail}${hint === undefined ? '' : `\n    → ${hint}`}`;
}

function checkNode(): Check {
  const [major, minor] = process.versions.node.split('.').map(Number);
  const detail = `Node ${process.versions.node} on ${process.platform} ${process.arch}`;
  if (major! > 20 || (major === 20 && minor! >= 19)) return { name: 'node', status: 'ok', detail };
  return { name: 'node', status: 'fail', detail, hint: 'Install Node 20.19 or newer.' };
}

/** The model's files, then each device that was tried, then whether the chosen one computes what it should. */
async function checkModel(settings: Settings): Promise<Check[]> {
  const { home, device } = settings;
  try {
    const ownModel = await ownModelOf(settings);
    const cacheDir = modelCacheDir(home, ownModel);
    const history = freshHistory(cacheDir);
    const { model, probed, fallbacks, notes } = await loadModel({ cacheDir, device, ownModel, history });
    const found = ownModel
      ? `${ownModel.description.name} of ${ownModel.folder}, verified and tried`
      : `${findModel().name}, verified`;
    const files: Check = { name: 'model', status: 'ok', detail: [found, ...notes].join('; ') };
    const passedOver = fallbacks.map((fallback): Check => ({
      name: `device ${fallback.device}`,
      // What was not asked for is no fault.
      status: device === fallback.device ? 'warn' : 'ok',
      detail: `not used: ${fallback.reason}`,
    }));
    const complaint = compareProbe(await probeModel(model), probed.probe);
    await model.dispose();
    return [files, ...passedOver, deviceCheck(model.device, complaint)];
  } catch (error) {
    return [faultCheck('model', error)];
  }
}

/** Tries every device again, whatever earlier starts found, and lets later ones know. */
function freshHistory(cacheDir: string): DeviceHistory {
  const history = deviceHistory(cacheDir, RUNTIME_VERSION);
  return { ...history, refusal: async () => undefined };
}

function deviceCheck(device: string, complaint: string | undefined): Check {
  const name = `device ${device}`;
  if (complaint === undefined) return { name, status: 'ok', detail: 'in use; its answers are right' };
  return { name, status: 'fail', detail: `in use, but ${complaint}`, hint: 'Set CUTLINE_DEVICE=cpu.' };
}

async function checkHome({ home }: Settings): Promise<Check> {
  const trial = join(home, '.doctor');
  try {
    await ensureHome(home);
    await writeFile(trial, '');
    await unlink(trial);
    const megabytes = (await sizeOf(home)) / 1024 / 1024;
    return { name: 'cache', status: 'ok', detail: `${home}, ${megabytes.toFixed(1)} MB` };
  } catch {
    const hint = 'Make it writable or set CUTLINE_HOME; until then images are read anew after each start.';
    return { name: 'cache', status: 'warn', detail: `${home} cannot be written`, hint };
  }
}

async function sizeOf(folder: string): Promise<number> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  const sizes = await Promise.all(
    entries
      .filter((entry) => entry.isFile())
      .map((entry) =>
        stat(join(entry.parentPath, entry.name)).then(
          ({ size }) => size,
          () => 0,
        ),
      ),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** Reports stay until somebody removes them, so that none is overlooked. */
function checkCrashes({ home }: Settings): Check {
  const reports = listReports(home);
  if (reports.length === 0) return { name: 'crashes', status: 'ok', detail: 'none reported' };
  const newest = join(crashFolder(home), reports.at(-1)!);
  return {
    name: 'crashes',
    status: 'warn',
    detail: `${reports.length} reported, the latest in ${newest}`,
    hint: 'Send it when you report the fault: it holds no image, file name or token. Then remove it.',
  };
}

function checkPorts(states: readonly PortState[]): Check {
  const detail = SIDECAR_PORTS.map((port, i) => `${port} ${states[i]}`).join(', ');
  if (states.some((state) => state !== 'taken')) return { name: 'ports', status: 'ok', detail };
  return {
    name: 'ports',
    status: 'fail',
    detail,
    hint: 'Stop what uses one of them; Figma can reach no other.',
  };
}

type PortState = 'free' | 'sidecar' | 'taken';

async function portState(port: number): Promise<PortState> {
  const free = await Promise.all(['127.0.0.1', '::1'].map((address) => canListen(port, address)));
  if (free.every(Boolean)) return 'free';
  try {
    const response = await fetch(`http://127.0.0.1:${port}/health`, { signal: AbortSignal.timeout(1000) });
    return (await response.text()) === HEALTH_BODY ? 'sidecar' : 'taken';
  } catch {
    return 'taken';
  }
}

/** Where there is no IPv6 the sidecar does without, so its absence is no obstacle. */
function canListen(port: number, address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', ({ code }: NodeJS.ErrnoException) => resolve(code !== 'EADDRINUSE'));
    server.listen(port, address, () => server.close(() => resolve(true)));
  });
}

function faultCheck(name: string, error: unknown): Check {
  if (error instanceof CodedError) return { name, status: 'fail', detail: error.message, hint: error.hint };
  return { name, status: 'fail', detail: String(error) };
}
