/** Makes a mask keep its word: inside where a click said inside, outside where one said outside. */
import type { Size } from '../protocol/geometry.js';
import type { LabelledPoint } from './adapter.js';
import { LOW_RES_LENGTH, LOW_RES_SIDE, lowResExtent, lowResField, lowResGrid } from './coordinates.js';
import { sampleField } from './logit-field.js';
import type { LogitField } from './logit-field.js';

/** A click that nothing explains takes in this many samples around it: more than what is dropped as a speck. */
const DAB_RADIUS = 2.2;

/** Logit of samples that a click alone speaks for; of either sign, it is sure but not very. It falls off by as much a sample. */
const DAB_LOGIT = 2;

/**
 * Corrects a mask around the clicks that it contradicts, and nowhere else. Where another mask agrees with the click,
 * the part in which that one differs and in which the click lies is taken over; else a dab around the click.
 *
 * @param logits Float32, 256×256, model space; stays as it is.
 * @param others Masks to take over parts from, best first, in the same form.
 * @returns The same array where there is nothing to correct.
 */
export function honourClicks(
  logits: Float32Array,
  clicks: readonly LabelledPoint[],
  others: readonly Float32Array[],
  image: Size,
): Float32Array {
  const before = lowResField(logits, image);
  if (clicks.every((click) => isHonoured(before, click))) return logits;
  const corrected = logits.slice();
  // Sees what is corrected meanwhile.
  const field = lowResField(corrected, image);
  const otherFields = others.map((mask) => lowResField(mask, image));
  for (const click of clicks) {
    if (isHonoured(field, click)) continue;
    const honoured = clicks.filter((each) => each === click || isHonoured(field, each));
    // What is taken over had better not undo what another click has.
    const other =
      otherFields.find((mask) => honoured.every((each) => isHonoured(mask, each))) ??
      otherFields.find((mask) => isHonoured(mask, click));
    if (other) takeOver(corrected, other.logits, click, image);
  }
  // Where it did, or no mask agrees with the click: dabs keep clear of each other.
  for (const click of clicks) if (!isHonoured(field, click)) dab(corrected, click, clicks, image);
  return corrected;
}

/** Whether a mask has a click on the side that it is meant for. */
export function isHonoured(mask: LogitField, { point: [x, y], inside }: LabelledPoint): boolean {
  return sampleField(mask, x, y) > 0 === inside;
}

/** Takes over the connected part of a difference that changes samples to the click's side and holds the click. */
function takeOver(logits: Float32Array, other: Float32Array, click: LabelledPoint, image: Size): void {
  const [column, row] = nearestSample(click, image);
  const part = differingPart(logits, other, [row * LOW_RES_SIDE + column], click.inside, image);
  for (const k of part) logits[k] = other[k]!;
}

/**
 * The connected part of a difference between two masks that changes samples to one side.
 *
 * @param logits, other Float32, 256×256, model space.
 * @param starts Samples that it holds; those that the other mask does not change count for nothing.
 * @param inside The side.
 * @returns Indices of samples, each once.
 */
export function differingPart(
  logits: Float32Array,
  other: Float32Array,
  starts: readonly number[],
  inside: boolean,
  image: Size,
): readonly number[] {
  const { columns, rows } = lowResExtent(image);
  const seen = new Uint8Array(LOW_RES_LENGTH);
  const part: number[] = [];
  const reach = (k: number) => {
    if (seen[k] || other[k]! > 0 !== inside || logits[k]! > 0 === inside) return;
    seen[k] = 1;
    part.push(k);
  };
  for (const start of starts) reach(start);
  // Grows while it is gone through.
  for (let i = 0; i < part.length; i++) {
    const k = part[i]!;
    const x = k % LOW_RES_SIDE;
    const y = Math.floor(k / LOW_RES_SIDE);
    if (x > 0) reach(k - 1);
    if (x + 1 < columns) reach(k + 1);
    if (y > 0) reach(k - LOW_RES_SIDE);
    if (y + 1 < rows) reach(k + LOW_RES_SIDE);
  }
  return part;
}

/** Stays clear of clicks that say the opposite. */
function dab(
  logits: Float32Array,
  click: LabelledPoint,
  clicks: readonly LabelledPoint[],
  image: Size,
): void {
  const [x, y] = inSamples(click, image);
  let radius = DAB_RADIUS;
  for (const other of clicks) {
    if (other.inside === click.inside) continue;
    const [otherX, otherY] = inSamples(other, image);
    radius = Math.min(radius, Math.max(1, Math.hypot(otherX - x, otherY - y) / 2));
  }
  const sign = click.inside ? 1 : -1;
  // Samples just beyond are bounded too: next to very sure ones, the contour would shrink to a speck.
  const reach = radius + 1;
  for (let row = Math.ceil(y - reach); row <= y + reach; row++) {
    for (let column = Math.ceil(x - reach); column <= x + reach; column++) {
      if (row < 0 || column < 0 || row >= LOW_RES_SIDE || column >= LOW_RES_SIDE) continue;
      const distance = Math.hypot(column - x, row - y);
      if (distance > reach) continue;
      const k = row * LOW_RES_SIDE + column;
      logits[k] = sign * Math.max(DAB_LOGIT * Math.min(1, radius - distance), sign * logits[k]!);
    }
  }
}

/** Where a click is on the low-res grid; samples are at whole numbers. */
function inSamples({ point: [x, y] }: LabelledPoint, image: Size): [number, number] {
  const { originX, originY, stepX, stepY } = lowResGrid(image);
  return [(x - originX) / stepX, (y - originY) / stepY];
}

function nearestSample(click: LabelledPoint, image: Size): [number, number] {
  const { columns, rows } = lowResExtent(image);
  const [x, y] = inSamples(click, image);
  return [Math.min(columns - 1, Math.max(0, Math.round(x))), Math.min(rows - 1, Math.max(0, Math.round(y)))];
}
