/** Asks for an object once more in a window around it, where the network's samples are finer. */
import type { Box, Point, Size } from '../../protocol/geometry.js';
import type { Embedding, LabelledPoint, RunOptions, SegmentationModel } from '../adapter.js';
import { LOW_RES_LENGTH, LOW_RES_SIDE, lowResExtent, lowResField, lowResGrid } from '../coordinates.js';
import { sampleField, type LogitField } from '../logit-field.js';
import { middleOfMask } from '../mask-prompt.js';
import { contourField } from '../trace/contour.js';
import { dropSmallRings } from '../trace/nest.js';
import { boxOf } from '../trace/ring.js';

/** A window's side, as a multiple of the object's: the network wants to see some of what is around. */
const ROOM = 1.25;

/** Windows come in so many sizes an octave, and lie so many places a side: neighbouring clicks share them. */
const SIZES_AN_OCTAVE = 4;
const PLACES_A_SIDE = 16;

/** Smaller windows would show each pixel as more than the network sees a sample of. */
const LEAST_SIDE_PX = 2 * LOW_RES_SIDE;

/** Windows larger than this share of the image show little that the whole did not. */
const MOST_SHARE = 0.7;

/** An answer that overlaps less with what is to be refined (IoU) means something else. */
const LEAST_AGREEMENT = 0.9;

/** Where a closer look gets its embeddings, and what it leaves out. */
export interface CloserLookOptions extends RunOptions {
  /** Rings around less are noise, not parts of the object, image pixels. */
  readonly minRegionPx: number;
  /** Encodes a part of the image: whole pixels, within it. */
  readonly embed: (box: Box, options: RunOptions) => Promise<Embedding>;
}

/**
 * Encodes a window around a mask and asks there for the same object: with the mask, its box and the clicks.
 *
 * @param logits Float32, 256×256, model space: the mask to be refined.
 * @param clicks What was asked, image space.
 * @returns The same object on a finer grid over its window; undefined where the object fills most of the image, or where
 *   the network, asked again, means another one or leaves a click.
 * @throws CodedError CANCELLED
 */
export async function lookCloser(
  model: SegmentationModel,
  logits: Float32Array,
  clicks: readonly LabelledPoint[],
  image: Size,
  { embed, minRegionPx, signal }: CloserLookOptions,
): Promise<LogitField | undefined> {
  const coarse = lowResField(logits, image);
  const object = boxOfMask(coarse, minRegionPx);
  const window = object && windowAround(object, image);
  if (!window) return undefined;
  const options = signal ? { signal } : {};
  const embedding = await embed(window, options);
  const asked = resample(coarse, window);
  const points = clicksWithin(window, clicks);
  if (!points.some(({ inside }) => inside)) {
    const middle = middleOfMask(asked, embedding.image);
    if (middle) points.push({ point: middle, inside: true });
  }
  const [x0, y0] = window;
  const box: Box = [object[0] - x0, object[1] - y0, object[2] - x0, object[3] - y0];
  const [decoded] = await model.decode(embedding, [{ points, box, maskLogits: asked }], options);
  // Told so much, the network has nothing left to guess: the single-mask token.
  const answer = decoded!.logits.subarray(0, LOW_RES_LENGTH);
  if (agreement(asked, answer, embedding.image) < LEAST_AGREEMENT) return undefined;
  const closer = fieldOf(answer, asked, window, image);
  const keepsClicks = clicks.every(
    ({ point, inside }) =>
      sampleField(coarse, ...point) > 0 !== inside || sampleField(closer, ...point) > 0 === inside,
  );
  return keepsClicks ? closer : undefined;
}

/**
 * The window in which to look at an object again. Objects of about the same size in about the same place share one.
 *
 * @param object Image space.
 * @returns Whole pixels, within the image, with room around the object; undefined where it would not be much smaller than
 *   the image.
 */
export function windowAround([x0, y0, x1, y1]: Box, image: Size): Box | undefined {
  const leastSide = Math.max(LEAST_SIDE_PX, ROOM * Math.max(x1 - x0, y1 - y0));
  const side = 2 ** (Math.ceil(Math.log2(leastSide) * SIZES_AN_OCTAVE) / SIZES_AN_OCTAVE);
  if (side > MOST_SHARE * Math.max(image.width, image.height)) return undefined;
  const place = (low: number, high: number, length: number): [number, number] => {
    const step = side / PLACES_A_SIDE;
    const start = Math.round((low + high - side) / 2 / step) * step;
    const within = Math.min(Math.max(0, start), Math.max(0, length - side));
    return [Math.floor(within), Math.min(length, Math.floor(within + side))];
  };
  const [left, right] = place(x0, x1, image.width);
  const [top, bottom] = place(y0, y1, image.height);
  return [left, top, right, bottom];
}

/** Around all that is not noise. */
function boxOfMask(field: LogitField, minRegionPx: number): Box | undefined {
  const boxes = dropSmallRings(contourField(field), minRegionPx).map(boxOf);
  if (boxes.length === 0) return undefined;
  return [
    Math.min(...boxes.map(([left]) => left)),
    Math.min(...boxes.map(([, top]) => top)),
    Math.max(...boxes.map(([, , right]) => right)),
    Math.max(...boxes.map(([, , , bottom]) => bottom)),
  ];
}

/** A field at the samples of a window, those over its padding included. */
function resample(field: LogitField, window: Box): Float32Array {
  const { originX, originY, stepX, stepY } = gridOf(window);
  const logits = new Float32Array(LOW_RES_LENGTH);
  for (let row = 0, k = 0; row < LOW_RES_SIDE; row++) {
    for (let column = 0; column < LOW_RES_SIDE; column++, k++) {
      logits[k] = sampleField(field, originX + column * stepX, originY + row * stepY);
    }
  }
  return logits;
}

/** Where the samples of a window lie in the image. */
function gridOf([x0, y0, x1, y1]: Box) {
  const grid = lowResGrid({ width: x1 - x0, height: y1 - y0 });
  return { ...grid, originX: x0 + grid.originX, originY: y0 + grid.originY };
}

function clicksWithin([x0, y0, x1, y1]: Box, clicks: readonly LabelledPoint[]): LabelledPoint[] {
  return clicks
    .filter(({ point: [x, y] }) => x >= x0 && y >= y0 && x <= x1 && y <= y1)
    .map(({ point: [x, y], inside }) => ({ point: [x - x0, y - y0] as Point, inside }));
}

/** IoU of two masks over what they show of a window. */
function agreement(a: Float32Array, b: Float32Array, window: Size): number {
  const { columns, rows } = lowResExtent(window);
  let shared = 0;
  let either = 0;
  for (let row = 0; row < rows; row++) {
    for (let k = row * LOW_RES_SIDE; k < row * LOW_RES_SIDE + columns; k++) {
      if (a[k]! > 0 && b[k]! > 0) shared++;
      if (a[k]! > 0 || b[k]! > 0) either++;
    }
  }
  return either === 0 ? 0 : shared / either;
}

/**
 * The answer, without the window's padding. What it says on the window's border would hold for all beyond, so there the
 * coarse one counts, which has seen that.
 */
function fieldOf(answer: Float32Array, asked: Float32Array, window: Box, image: Size): LogitField {
  const extent = lowResExtent({ width: window[2] - window[0], height: window[3] - window[1] });
  const { columns, rows } = extent;
  const logits = new Float32Array(columns * rows);
  for (let row = 0, k = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++, k++) {
      const isOnBorder =
        (column === 0 && window[0] > 0) ||
        (row === 0 && window[1] > 0) ||
        (column === columns - 1 && window[2] < image.width) ||
        (row === rows - 1 && window[3] < image.height);
      logits[k] = (isOnBorder ? asked : answer)[row * LOW_RES_SIDE + column]!;
    }
  }
  return { ...gridOf(window), columns, rows, logits, image };
}
