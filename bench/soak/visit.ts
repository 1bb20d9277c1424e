/** One window, from connecting to leaving: an image is opened, clicked at, exported, taken apart. */
import { createHash } from 'node:crypto';
import { CancellationTokenSource } from 'vscode-jsonrpc/node';
import type { MessageConnection } from 'vscode-jsonrpc/node';
import type { WebSocket } from 'ws';
import { CodedError } from '../../protocol/errors.js';
import type { TreeFormat } from '../../protocol/everything.js';
import { exportAll, maskAll } from '../../protocol/everything-methods.js';
import {
  exportObject,
  imageOpen,
  imagePrepare,
  imageUpload,
  maskPredict,
  shutdown,
} from '../../protocol/methods.js';
import type { ExportFormat } from '../../protocol/methods.js';
import type { Prompt } from '../../protocol/prompt.js';
import { callMethod } from '../../protocol/rpc.js';
import { greet, openSocket } from '../sidecar.js';
import { pauseFor } from './pace.js';
import { drawHeavyScene } from './scenes.js';
import type { Scene } from './scenes.js';
import type { Site } from './site.js';

const CANCEL_SHARE = 0.25;
const REFINE_SHARE = 0.1;
const EXPORT_SHARE = 0.4;
const EVERYTHING_SHARE = 0.08;
/** Ways to leave; what is left over says goodbye first. */
const DROP_SHARE = 0.2;
const FORMATS: readonly ExportFormat[] = ['svg', 'geojson', 'coco', 'png', 'cutout'];
const TREE_FORMATS: readonly TreeFormat[] = ['svg', 'geojson', 'coco', 'layers', 'ora'];
/** What may come to anyone whose time is up, whose image was pushed out, or who called it off. */
const MAY_END = ['CANCELLED', 'IMAGE_UNKNOWN', 'BUSY'];

interface Visit {
  readonly site: Site;
  readonly connection: MessageConnection;
  readonly scene: Scene;
  readonly image: string;
}

export async function visit(site: Site): Promise<void> {
  const { tally, random, album, signal } = site;
  const scene = await album.open();
  const socket = await tally.count('connect', () => openSocket(site.origin, site.token));
  if (!socket) return;
  const connection = await greet(socket);
  const image = await openScene(site, connection, scene);
  if (image !== undefined) {
    const here = { site, connection, scene, image };
    const prompts = await clickAround(here);
    if (random() < EXPORT_SHARE) await exportOne(here, prompts);
    if (random() < EVERYTHING_SHARE) await takeApart(here);
    if (random() < DROP_SHARE && !signal.aborted) return drop(here, socket);
  }
  await tally.count('leave', () => callMethod(connection, shutdown, {}), ['DISCONNECTED']);
  connection.dispose();
  socket.close();
}

/** Sends an image that is looked at later, or never: its file stays in the sidecar's memory until newer ones push it out. */
export async function sendAhead({ tally, origin, token, random }: Site): Promise<void> {
  const { bytes } = await drawHeavyScene(random);
  await tally.count('send ahead', () => sendOverHttp(origin, token, bytes), ['BUSY']);
}

/** @returns The image's id, once it is encoded. */
async function openScene(
  { tally, origin, token, random }: Site,
  connection: MessageConnection,
  { bytes }: Scene,
): Promise<string | undefined> {
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const opened = await tally.count('open', () => callMethod(connection, imageOpen, { sha256 }));
  if (!opened) return undefined;
  const send = async () => {
    if (random() < 0.5) await callMethod(connection, imageUpload, { bytes });
    else await sendOverHttp(origin, token, bytes);
  };
  if (!opened.known) await tally.count('upload', send, ['BUSY']);
  const prepare = () => callMethod(connection, imagePrepare, { image: sha256 });
  return (await tally.count('prepare', prepare, MAY_END)) && sha256;
}

async function sendOverHttp(origin: string, token: string, bytes: Scene['bytes']): Promise<void> {
  const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/octet-stream' };
  const answer = await fetch(`${origin}/v1/images`, { method: 'POST', headers, body: bytes });
  await answer.arrayBuffer();
  if (!answer.ok) throw answer.status === 429 ? tooBusy() : new Error(`status ${answer.status}`);
}

function tooBusy(): CodedError {
  return new CodedError('BUSY', 'The sidecar is busy.', 'Wait.');
}

/** One click after another on one thing; some come before the last one has been answered, which they call off. */
async function clickAround({ site, connection, scene, image }: Visit): Promise<Prompt[]> {
  const { random, tally, pace, signal } = site;
  const prompts: Prompt[] = [pointIn(scene, random)];
  const clicks = 1 + Math.floor(random() * 5);
  // Of this window alone: a newer click calls off an older one of the same view.
  const view = String(random());
  for (let click = 0; click < clicks && !signal.aborted; click++) {
    if (click > 0) prompts.push(pointNear(scene, prompts[0]!, random));
    const params = { image, prompts: [...prompts], view };
    const refine = random() < REFINE_SHARE;
    if (random() < CANCEL_SHARE) await callOff(site, connection, params);
    const ask = () => callMethod(connection, maskPredict, { ...params, refine });
    await tally.count(refine ? 'refine' : 'click', ask, MAY_END);
    await pauseFor(200 + random() * 1000, signal);
    await pace.turn(signal);
  }
  return prompts;
}

async function callOff(
  { random, tally, signal }: Site,
  connection: MessageConnection,
  params: { image: string; prompts: Prompt[]; view: string },
): Promise<void> {
  const source = new CancellationTokenSource();
  const ask = () => callMethod(connection, maskPredict, params, source.token);
  const asked = tally.count('cancelled click', ask, MAY_END);
  await pauseFor(random() * 60, signal);
  source.cancel();
  await asked;
  source.dispose();
}

async function exportOne({ site, connection, image }: Visit, prompts: Prompt[]): Promise<void> {
  const format = FORMATS[Math.floor(site.random() * FORMATS.length)]!;
  const work = () => callMethod(connection, exportObject, { image, prompts, format });
  await site.tally.count(`export ${format}`, work, MAY_END);
  await site.pace.turn(site.signal);
}

/** Everything in the image, then all of it as a file; or it takes too long, and is called off. */
async function takeApart({ site, connection, image }: Visit): Promise<void> {
  const { random, tally, pace, signal } = site;
  const source = new CancellationTokenSource();
  const options = { pointsPerSide: 6 + Math.floor(random() * 5) };
  const find = () => callMethod(connection, maskAll, { image, options, progressToken: 'all' }, source.token);
  const finding = tally.count('everything', find, MAY_END);
  if (random() < 0.3) {
    await pauseFor(random() * 1500, signal);
    source.cancel();
  }
  const found = await finding;
  source.dispose();
  await pace.turn(signal);
  if (!found || found.masks.length === 0 || signal.aborted) return;
  const format = TREE_FORMATS[Math.floor(random() * TREE_FORMATS.length)]!;
  const work = () => callMethod(connection, exportAll, { image, masks: found.masks, format });
  await tally.count(`export all ${format}`, work, MAY_END);
  await pace.turn(signal);
}

/** The network goes while something is being worked out. */
async function drop({ site, connection, scene, image }: Visit, socket: WebSocket): Promise<void> {
  const { random, tally, signal } = site;
  const prompts = [pointIn(scene, random)];
  const options = { pointsPerSide: 8 };
  const asked = [
    tally.count('dropped', () => callMethod(connection, maskPredict, { image, prompts }), ['DISCONNECTED']),
    tally.count('dropped', () => callMethod(connection, maskAll, { image, options }), ['DISCONNECTED']),
  ];
  await pauseFor(random() * 400, signal);
  socket.terminate();
  await Promise.all(asked);
  connection.dispose();
}

function pointIn({ things, width, height }: Scene, random: () => number): Prompt {
  const thing = things[Math.floor(random() * things.length)]!;
  const [x, y] = random() < 0.8 ? thing : [random() * width, random() * height];
  return { type: 'point', x, y, label: 'inside' };
}

function pointNear({ width, height }: Scene, first: Prompt, random: () => number): Prompt {
  const near = first.type === 'point' ? first : { x: 0, y: 0 };
  const within = (value: number, most: number) => Math.max(0, Math.min(most - 1, value));
  const x = within(near.x + (random() - 0.5) * 120, width);
  const y = within(near.y + (random() - 0.5) * 120, height);
  return { type: 'point', x, y, label: random() < 0.7 ? 'inside' : 'outside' };
}
