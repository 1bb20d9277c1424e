/** Photographs and what is in them, from folders. */
import { readFile } from 'node:fs/promises';
import { extname, join, resolve } from 'node:path';
import sharp from 'sharp';
import { CodedError } from '../../../protocol/errors.js';
import { IMAGE_NAMES, listFolder } from '../image-files.js';
import { IGNORED, INSIDE, OUTSIDE, type Truth } from './next-click.js';

/** One object of one image. */
export interface NamedTruth extends Truth {
  /** File name of the image, and of a label map the label too. */
  readonly object: string;
}

export interface TruthImage {
  readonly name: string;
  readonly path: string;
  /** Read when it is its turn: masks of many images take much memory. */
  readonly truths: () => Promise<NamedTruth[]>;
}

export interface TruthFolders {
  readonly images: string;
  readonly masks: string;
  /** Masks are label maps: every label is an object. */
  readonly labels: boolean;
  /** Labels of a smaller share of the image are left out. */
  readonly minShare: number;
}

const MASK_NAMES = /\.(png|tiff?|gif|webp|jpe?g)$/i;

/** Masks may lie beside their images under a name that says what they are. */
const MASK_SUFFIXES = ['', '.labels', '_mask', '.mask'];

/**
 * Pairs images with masks of the same stem.
 *
 * @throws CodedError FILE_READ; USAGE when nothing pairs.
 */
export async function findTruths({ images, masks, labels, minShare }: TruthFolders): Promise<TruthImage[]> {
  // Of two files of one stem, a PNG is more likely the mask: it comes last here.
  const maskFiles = (await listFolder(masks))
    .filter((name) => MASK_NAMES.test(name))
    .sort((a, b) => Number(/\.png$/i.test(a)) - Number(/\.png$/i.test(b)) || (a < b ? -1 : 1));
  const isOneFolder = resolve(images) === resolve(masks);
  const byStem = new Map(maskFiles.map((name) => [stemOf(name), name]));
  const pairs: TruthImage[] = [];
  for (const name of (await listFolder(images)).filter((file) => IMAGE_NAMES.test(file)).sort()) {
    const suffix = MASK_SUFFIXES.find((tail) => {
      const mask = byStem.get(stemOf(name) + tail);
      return mask !== undefined && !(mask === name && isOneFolder);
    });
    if (suffix === undefined) continue;
    const path = join(masks, byStem.get(stemOf(name) + suffix)!);
    pairs.push({
      name,
      path: join(images, name),
      truths: () => (labels ? readLabels(path, name, minShare) : readMask(path, name)),
    });
  }
  if (pairs.length > 0) return pairs;
  throw new CodedError(
    'USAGE',
    `No image in ${images} has a mask of the same name in ${masks}.`,
    'Give photo.jpg a mask photo.png: 255 inside, 0 outside, 128 ignored; or label maps with --labels.',
  );
}

function stemOf(name: string): string {
  return name.slice(0, name.length - extname(name).length);
}

/** 255 is inside, 0 outside, what lies between ignored. */
async function readMask(path: string, name: string): Promise<NamedTruth[]> {
  const { values, width, height } = await readGrey(path);
  // Saved with 16 bits, or with 1 for white, a mask means the same.
  const white = values.reduce((most, value) => Math.max(most, value), 0);
  const pixels = Uint8Array.from(values, (value) => {
    if (value >= 0.75 * white && white > 0) return INSIDE;
    return value <= 0.25 * white ? OUTSIDE : IGNORED;
  });
  // A mask without an object has nothing to click on.
  return pixels.includes(INSIDE) ? [{ object: name, pixels, width, height }] : [];
}

async function readLabels(path: string, name: string, minShare: number): Promise<NamedTruth[]> {
  const { values, width, height, isGrey } = await readGrey(path);
  if (!isGrey) {
    const message = `${path} has colours; a label map has numbers.`;
    throw new CodedError(
      'IMAGE_UNREADABLE',
      message,
      'Save it as a grey PNG of 8 or 16 bits, a label a value.',
    );
  }
  const areas = new Map<number, number>();
  for (const label of values) areas.set(label, (areas.get(label) ?? 0) + 1);
  const kept = [...areas].filter(([, area]) => area > minShare * values.length);
  return kept
    .sort(([a], [b]) => a - b)
    .map(([label]) => ({
      object: `${name} #${label}`,
      pixels: Uint8Array.from(values, (value) => (value === label ? INSIDE : OUTSIDE)),
      width,
      height,
    }));
}

/** One channel, as deep as the file has it: labels are numbers, not shades. */
async function readGrey(path: string) {
  try {
    const image = sharp(await readFile(path));
    const { depth, space } = await image.metadata();
    const isDeep = depth === 'ushort';
    const { data, info } = await image
      .flatten({ background: 'black' })
      .toColourspace(isDeep ? 'grey16' : 'b-w')
      .raw({ depth: 'ushort' })
      .toBuffer({ resolveWithObject: true });
    const samples = new Uint16Array(data.buffer, data.byteOffset, data.byteLength / 2);
    const { width, height, channels } = info;
    const values = Uint16Array.from({ length: width * height }, (_, k) => samples[k * channels]!);
    return { values, width, height, isGrey: space === 'b-w' || space === 'grey16' };
  } catch (cause) {
    throw new CodedError('IMAGE_UNREADABLE', `${path} is not a mask.`, 'Give a grey PNG.', { cause });
  }
}
