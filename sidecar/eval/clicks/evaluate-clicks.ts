/** Clicks on every object of a folder of images, by the product and by the reference policy. */
import type { Embedding, RgbImage, SegmentationModel } from '../../../models/adapter.js';
import { fillLogits } from '../../../models/candidates.js';
import { maskOf } from '../../../models/select.js';
import { CodedError, throwIfCancelled } from '../../../protocol/errors.js';
import { decodeImage } from '../../image.js';
import { productPolicy, referencePolicy } from './click-policies.js';
import { mean, round } from '../statistics.js';
import { clicksToReach, gapClosed, GOALS, summariseRuns } from './click-report.js';
import type { ClickSummary } from './click-report.js';
import { runClicks, type ClickRun, type ClickRunOptions } from './run-clicks.js';
import { iouWithTruth, nextClick, type Truth } from './next-click.js';
import { seededRandom } from '../seeded-random.js';
import { readImage } from '../image-files.js';
import type { NamedTruth, TruthImage } from './truths.js';

export interface EvaluateClicksOptions {
  readonly clicks: number;
  readonly cap: number;
  /** Random clicks are drawn anew for each object from this seed; without it, clicks go to the middle. */
  readonly seed?: number | undefined;
  /** Also the reference policy. */
  readonly baseline: boolean;
  readonly signal?: AbortSignal;
  readonly onProgress?: (fraction: number, object: string) => void;
  /** Hears of every object when it is done. */
  readonly onObject?: (object: EvaluatedObject) => Promise<void>;
  /** Answers to every object that `onObject` wants to see. */
  readonly keep?: number;
}

export interface EvaluatedObject {
  readonly image: RgbImage;
  readonly truth: NamedTruth;
  readonly cutline: ClickRun;
}

interface ObjectResult {
  readonly object: string;
  readonly iou: readonly number[];
  readonly clicksTo: Readonly<Record<string, number | null>>;
  readonly oracleAtOne: number;
  readonly baselineIou?: readonly number[];
}

export interface ClickEvaluation {
  readonly images: number;
  readonly objects: number;
  readonly placing: 'centre' | 'random';
  readonly clicks: number;
  readonly cap: number;
  /** Mean IoU of the best of the decoder's four masks after one click: what a perfect choice would give. */
  readonly oracleAtOne: number;
  readonly cutline: ClickSummary;
  readonly baseline?: ClickSummary;
  readonly gapClosedAtOne?: number | undefined;
  readonly perObject: readonly ObjectResult[];
}

/** @throws CodedError CANCELLED; MASK_SHAPE when a mask is not of its image's size. */
export async function evaluateClicks(
  model: SegmentationModel,
  images: readonly TruthImage[],
  options: EvaluateClicksOptions,
): Promise<ClickEvaluation> {
  const { clicks, cap, seed, baseline, keep = 0, signal, onProgress, onObject } = options;
  const ours: CountedRun[] = [];
  const theirs: CountedRun[] = [];
  const perObject: ObjectResult[] = [];
  for (const [index, { name, path, truths }] of images.entries()) {
    throwIfCancelled(signal);
    const image = await decodeImage(await readImage(path));
    const embedding = await model.encode(image, signal && { signal });
    const objects = await truths();
    for (const [k, truth] of objects.entries()) {
      onProgress?.((index + k / objects.length) / images.length, truth.object);
      requireSameSize(truth, image, name);
      const run = (): ClickRunOptions => ({
        clicks,
        keep,
        cap,
        goal: GOALS.at(-1)!,
        random: seed === undefined ? undefined : seededRandom(seed + perObject.length),
        ...(signal && { signal }),
      });
      const cutline = await runClicks(productPolicy(model), embedding, truth, run());
      const reference = baseline
        ? await runClicks(referencePolicy(model), embedding, truth, run())
        : undefined;
      ours.push(countsOf(cutline));
      if (reference) theirs.push(countsOf(reference));
      const oracleAtOne = await bestAfterOne(model, embedding, truth, run());
      perObject.push(resultOf(truth.object, cutline, oracleAtOne, reference));
      await onObject?.({ image, truth, cutline });
    }
  }
  if (perObject.length === 0) {
    throw new CodedError('USAGE', 'No mask has an object in it.', 'White is inside; see also --min-share.');
  }
  const cutline = summariseRuns(ours, clicks, cap);
  const oracleAtOne = round(mean(perObject.map((object) => object.oracleAtOne)));
  const reference = baseline ? summariseRuns(theirs, clicks, cap) : undefined;
  return {
    images: images.length,
    objects: perObject.length,
    placing: seed === undefined ? 'centre' : 'random',
    clicks,
    cap,
    oracleAtOne,
    cutline,
    ...(reference && {
      baseline: reference,
      gapClosedAtOne: gapClosed(cutline.meanIou[0]!, reference.meanIou[0]!, oracleAtOne),
    }),
    perObject,
  };
}

/** A run without its masks, of which many would fill the memory. */
type CountedRun = Omit<ClickRun, 'answers'>;

function countsOf({ ious, clicks, answerMs }: ClickRun): CountedRun {
  return { ious, clicks, answerMs };
}

function resultOf(object: string, cutline: ClickRun, oracleAtOne: number, baseline?: ClickRun): ObjectResult {
  const clicksTo = Object.fromEntries(
    GOALS.map((goal) => [String(Math.round(100 * goal)), clicksToReach(cutline.ious, goal) ?? null]),
  );
  const rounded = ({ ious }: ClickRun) => ious.map((iou) => round(iou));
  return {
    object,
    iou: rounded(cutline),
    clicksTo,
    oracleAtOne: round(oracleAtOne),
    ...(baseline && { baselineIou: rounded(baseline) }),
  };
}

async function bestAfterOne(
  model: SegmentationModel,
  embedding: Embedding,
  truth: Truth,
  { random, signal }: ClickRunOptions,
): Promise<number> {
  const click = nextClick(truth, new Uint8Array(truth.pixels.length), [], random);
  if (!click) return 0;
  const [decoded] = await model.decode(embedding, [{ points: [click] }], signal && { signal });
  const ious = [0, 1, 2, 3].map((token) =>
    iouWithTruth(truth, fillLogits(maskOf(decoded!, token), embedding.image, 0)),
  );
  return Math.max(...ious);
}

function requireSameSize(truth: Truth, { width, height }: RgbImage, name: string): void {
  if (truth.width === width && truth.height === height) return;
  throw new CodedError(
    'MASK_SHAPE',
    `The mask of ${name} is ${truth.width}×${truth.height} px; the image is ${width}×${height} px.`,
    'Give masks the size of their images.',
  );
}
