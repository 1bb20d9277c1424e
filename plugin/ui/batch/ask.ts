/** The questions that a batch has about one image. */
import { isRefinable } from '../../../models/coordinates.js';
import { iouOfRuns } from '../../../models/mask/overlap.js';
import { decodeRuns } from '../../../models/mask/rle.js';
import { CodedError } from '../../../protocol/errors.js';
import type { FoundMask } from '../../../protocol/everything.js';
import type { Size } from '../../../protocol/geometry.js';
import type { Candidate } from '../../../protocol/outline.js';
import type { Prompt } from '../../../protocol/prompt.js';
import { predictBeside } from '../ask-beside.js';
import { findAll } from '../everything/find-all.js';
import type { SentImage } from '../prepared.js';
import { scaledTolerancePx, suitingTolerancePx } from '../question.js';
import type { Question } from '../question.js';
import { largestObject } from './largest-object.js';

/** An image that can be asked about. */
export interface AskedImage extends SentImage, Size {}

/** How outlines are to be, as the person has chosen it for single images. */
export interface OutlineChoices {
  readonly toleranceFactor: number;
  readonly refine: boolean;
}

/** An outline and what it answers. */
export interface Found {
  readonly candidate: Candidate;
  readonly question: Question;
}

/**
 * What is looked at to find the largest object: large things need few clicks, and an unsure outline is no harm since it
 * is asked for again.
 */
const ROUGH_SEARCH = { pointsPerSide: 6, predictedIouThreshold: 0.7, stabilityThreshold: 0.85 };

/** From this overlap on, intersection over union, an answer is the object that was meant. */
const SAME_OBJECT = 0.9;

/**
 * @param onFraction Hears the share that is done, in [0, 1].
 * @throws CodedError MASK_EMPTY when nothing is found.
 */
export async function findLargest(
  image: AskedImage,
  choices: OutlineChoices,
  signal: AbortSignal,
  onFraction: (fraction: number) => void,
): Promise<Found> {
  const { masks } = await findAll(image, { options: ROUGH_SEARCH }, signal, ({ fraction }) =>
    onFraction(fraction),
  );
  const mask = largestObject(masks);
  if (!mask) throw nothingFound();
  return askFor(image, await promptsFor(image, mask, signal), choices, signal);
}

/** @throws CodedError MASK_EMPTY when there is nothing to outline. */
export async function askFor(
  image: AskedImage,
  prompts: readonly Prompt[],
  { toleranceFactor, refine }: OutlineChoices,
  signal: AbortSignal,
): Promise<Found> {
  const refines = refine && isRefinable(image);
  const tolerancePx = scaledTolerancePx(toleranceFactor, suitingTolerancePx(image, refines));
  return ask(image, { prompts, tolerancePx, ...(refines && { refine: true }) }, signal);
}

/** @throws CodedError MASK_EMPTY when there is nothing to outline. */
export async function ask(
  image: AskedImage,
  question: Question,
  signal: AbortSignal,
  model?: string,
): Promise<Found> {
  const { candidates, chosen } = await predictBeside(image, question, signal, { ...(model && { model }) });
  const candidate = candidates.find(({ rank }) => rank === chosen);
  if (!candidate || candidate.outline.rings === 0) throw nothingFound();
  return { candidate, question };
}

export function nothingFound(): CodedError {
  return new CodedError(
    'MASK_EMPTY',
    'Nothing was found in it.',
    'Select it alone and mark the object yourself.',
  );
}

/**
 * Marks that mean a found object, such as a person can go on from: the click that found it, else its box. Where neither
 * leads back to it, the object itself.
 */
async function promptsFor(image: AskedImage, mask: FoundMask, signal: AbortSignal): Promise<Prompt[]> {
  const [x, y] = mask.point;
  const marks: readonly Prompt[] = [
    { type: 'point', x, y, label: 'inside' },
    { type: 'box', box: mask.box },
  ];
  const wanted = decodeRuns(mask.rle);
  for (const mark of marks) {
    const question = { prompts: [mark], tolerancePx: mask.outline.tolerancePx };
    const { candidates, chosen } = await predictBeside(image, question, signal, { rle: true });
    const match = candidates
      .filter(({ rle }) => rle !== undefined)
      .map(({ rank, rle }) => ({ rank, overlap: iouOfRuns(decodeRuns(rle!), wanted) }))
      .sort((a, b) => b.overlap - a.overlap)[0];
    if (!match || match.overlap < SAME_OBJECT) continue;
    return match.rank === chosen ? [mark] : [mark, { type: 'pick', rank: match.rank }];
  }
  return [{ type: 'mask', rle: mask.rle }];
}
