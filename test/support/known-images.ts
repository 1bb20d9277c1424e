/** Pictures of which an undisturbed sidecar has said what is in them, so that any other answer is a wrong one. */
import sharp from 'sharp';
import type { MessageConnection } from 'vscode-jsonrpc/node';
import { imageOpen, imagePrepare, imageUpload, maskPredict } from '../../protocol/methods.js';
import { callMethod } from '../../protocol/rpc.js';
import { hashImage } from '../../sidecar/image-file.js';
import { DRAWN_SIZE, drawScenePng } from './drawn-scene.js';

/** Large enough that sending and reading them takes a while. */
const SCALE = 4;
const HUE_STEP = 47;

export const KNOWN_PROMPTS = [{ type: 'point', x: 70 * SCALE, y: 85 * SCALE, label: 'inside' }] as const;

export interface KnownImage {
  readonly bytes: Uint8Array;
  readonly id: string;
  /** What is right. */
  readonly answer: string;
}

/** @param connection Of a sidecar that nothing happens to. */
export async function makeKnownImages(
  count: number,
  connection: MessageConnection,
): Promise<readonly KnownImage[]> {
  const images: KnownImage[] = [];
  for (let i = 0; i < count; i++) {
    const bytes = await drawGrainyScene(i * HUE_STEP);
    const id = hashImage(bytes);
    images.push({ bytes, id, answer: await answerAbout({ bytes, id }, connection) });
  }
  return images;
}

/**
 * As a client does that does not know what the sidecar still has: opens the image, sends it if need be, and asks.
 *
 * @returns Every candidate's outline and score.
 */
export async function answerAbout(
  { bytes, id: image }: Pick<KnownImage, 'bytes' | 'id'>,
  connection: MessageConnection,
): Promise<string> {
  const { known } = await callMethod(connection, imageOpen, { sha256: image });
  if (!known) await callMethod(connection, imageUpload, { bytes });
  await callMethod(connection, imagePrepare, { image });
  const { candidates } = await callMethod(connection, maskPredict, { image, prompts: [...KNOWN_PROMPTS] });
  return JSON.stringify(candidates.map(({ outline, predictedIou }) => [outline.path, predictedIou]));
}

/** The drawn scene in other colours, with a grain that no file format can make small. */
export async function drawGrainyScene(hue = 0): Promise<Buffer> {
  const [width, height] = [DRAWN_SIZE.width * SCALE, DRAWN_SIZE.height * SCALE];
  const noise = { type: 'gaussian', mean: 128, sigma: 12 } as const;
  const grain = await sharp({ create: { width, height, channels: 3, background: '#808080', noise } })
    .png()
    .toBuffer();
  return sharp(await drawScenePng())
    .resize(width, height)
    .modulate({ hue })
    .composite([{ input: grain, blend: 'soft-light' }])
    .removeAlpha()
    .png()
    .toBuffer();
}
