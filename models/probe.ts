/**
 * A question with a recorded answer. Drivers compute wrong results without saying so; a device is trusted only
 * once it has answered like the one the recording was made on.
 */
import type { DecodedMasks, Embedding, PromptSet, RgbImage, SegmentationModel } from './adapter.js';
import { LOW_RES_SIDE } from './coordinates.js';

/** What the probe measures; a few numbers that every part of the network has a hand in. */
export interface ProbeAnswer {
  readonly embeddingMean: number;
  readonly embeddingDeviation: number;
  /** Predicted IoU of the four masks. */
  readonly predictedIou: readonly number[];
  /** Logits of the first mask on a 4×4 grid. */
  readonly logits: readonly number[];
}

/** Raised when the question changes, so that answers to the one before are not compared with. */
export const PROBE_VERSION = 1;

const WIDTH = 96;
const HEIGHT = 64;
const PROBE_PROMPT: PromptSet = { points: [{ point: [48, 32], inside: true }] };

/** How far a device may be off: half-precision kernels differ by a few hundredths of a logit. */
const SCORE_TOLERANCE = 0.02;
const LOGIT_TOLERANCE = 0.5;

/** Runs encoder and decoder once on an image made here. */
export async function probeModel(model: SegmentationModel): Promise<ProbeAnswer> {
  const embedding = await model.encode(probeImage());
  const [masks] = await model.decode(embedding, [PROBE_PROMPT]);
  return summarise(embedding, masks!);
}

/** @returns What is wrong, in words for a log line, or nothing when the answers agree. */
export function compareProbe(answer: ProbeAnswer, recorded: ProbeAnswer): string | undefined {
  const numbers = [answer.embeddingMean, answer.embeddingDeviation, ...answer.predictedIou, ...answer.logits];
  if (!numbers.every(Number.isFinite)) return 'it computes values that are not numbers';
  const scoreError = largestDifference(
    [answer.embeddingMean, answer.embeddingDeviation, ...answer.predictedIou],
    [recorded.embeddingMean, recorded.embeddingDeviation, ...recorded.predictedIou],
  );
  if (scoreError > SCORE_TOLERANCE) return `its scores are off by ${scoreError.toFixed(3)}`;
  const logitError = largestDifference(answer.logits, recorded.logits);
  if (logitError > LOGIT_TOLERANCE) return `its masks are off by ${logitError.toFixed(2)}`;
  return undefined;
}

/** A red disc on a green slope with a texture: something to find, and nothing flat. */
function probeImage(): RgbImage {
  const data = new Uint8Array(WIDTH * HEIGHT * 3);
  for (let y = 0; y < HEIGHT; y++) {
    for (let x = 0; x < WIDTH; x++) {
      const at = (y * WIDTH + x) * 3;
      const inside = (x - 48) ** 2 + (y - 32) ** 2 < 20 ** 2;
      data[at] = inside ? 220 : 40 + ((x * 7 + y * 13) % 32);
      data[at + 1] = inside ? 50 : 90 + y;
      data[at + 2] = inside ? 40 + x / 2 : 60;
    }
  }
  return { data, width: WIDTH, height: HEIGHT };
}

function summarise(embedding: Embedding, masks: DecodedMasks): ProbeAnswer {
  const { data } = embedding;
  let sum = 0;
  let squares = 0;
  for (const value of data) {
    sum += value;
    squares += value * value;
  }
  const mean = sum / data.length;
  const quarter = LOW_RES_SIDE / 4;
  const logits = Array.from({ length: 16 }, (_, i) => {
    const row = Math.floor(i / 4) * quarter + quarter / 2;
    return masks.logits[row * LOW_RES_SIDE + (i % 4) * quarter + quarter / 2]!;
  });
  return {
    embeddingMean: mean,
    embeddingDeviation: Math.sqrt(squares / data.length - mean * mean),
    predictedIou: [...masks.predictedIou],
    logits,
  };
}

function largestDifference(a: readonly number[], b: readonly number[]): number {
  return Math.max(...a.map((value, i) => Math.abs(value - b[i]!)));
}
