/**
 * An RGB image → the tensor a SAM encoder reads: longest side 1024, normalised, padded at the bottom and right.
 *
 * The networks were trained on images that Pillow shrank, and an antialiased filter that differs in the last bit
 * moves mask edges. So this repeats Pillow's arithmetic exactly: a triangle filter widened by the scale, weights
 * in 22-bit fixed point, rounded to 8 bits after each of the two passes, rows first.
 *
 * @source Pillow, Resample.c (MIT-CMU): filter, precision and rounding; the code is ours.
 */
import type { RgbImage } from './adapter.js';
import { MODEL_SIDE, scaledSize } from './coordinates.js';

/** Raised when the tensor changes for the same image: cached embeddings of older versions are then not used. */
export const PREPROCESSING_VERSION = 1;

const MEAN = [123.675, 116.28, 103.53] as const;
const STANDARD_DEVIATION = [58.395, 57.12, 57.375] as const;

const WEIGHT_BITS = 22;
const HALF = 1 << (WEIGHT_BITS - 1);

/** How each output pixel along one axis is mixed from input pixels. */
interface FilterBank {
  /** First input pixel of each output pixel. */
  readonly first: Int32Array;
  /** Input pixels of each output pixel. */
  readonly taps: Int32Array;
  /** Fixed-point weights, `stride` slots for each output pixel. */
  readonly weights: Int32Array;
  readonly stride: number;
}

/** Values of the tensor: 12 MiB, which is worth using again. */
export const TENSOR_LENGTH = 3 * MODEL_SIDE * MODEL_SIDE;

/**
 * @param into Receives the tensor; TENSOR_LENGTH values, of any content.
 * @returns Float32, 3×1024×1024, channels first; padding is 0, which is the mean colour.
 */
export function preprocessImage(image: RgbImage, into = new Float32Array(TENSOR_LENGTH)): Float32Array {
  const { width, height } = scaledSize(image);
  const wide = width === image.width ? image.data : resizeRows(image, width);
  const small = height === image.height ? wide : resizeColumns(wide, width, image.height, height);
  return normalise(small, width, height, into);
}

/** Triangle filter for one axis; wider than a pixel when shrinking, so that nothing is skipped. */
function triangleFilter(inputLength: number, outputLength: number): FilterBank {
  const scale = inputLength / outputLength;
  const support = Math.max(scale, 1);
  const inverseSupport = 1 / support;
  const stride = Math.ceil(support) * 2 + 1;
  const first = new Int32Array(outputLength);
  const taps = new Int32Array(outputLength);
  const weights = new Int32Array(outputLength * stride);
  const row = new Float64Array(stride);
  for (let i = 0; i < outputLength; i++) {
    const centre = (i + 0.5) * scale;
    const start = Math.max(0, Math.trunc(centre - support + 0.5));
    const count = Math.min(inputLength, Math.trunc(centre + support + 0.5)) - start;
    let sum = 0;
    for (let tap = 0; tap < count; tap++) {
      const distance = Math.abs((start + tap - centre + 0.5) * inverseSupport);
      row[tap] = distance < 1 ? 1 - distance : 0;
      sum += row[tap]!;
    }
    first[i] = start;
    taps[i] = count;
    // Multiplying by inverses, as Pillow does, decides some exact halves differently from dividing.
    const inverseSum = 1 / sum;
    for (let tap = 0; tap < count; tap++) {
      weights[i * stride + tap] = Math.trunc(row[tap]! * inverseSum * (1 << WEIGHT_BITS) + 0.5);
    }
  }
  return { first, taps, weights, stride };
}

function resizeRows(image: RgbImage, width: number): Uint8Array {
  const { data } = image;
  const { first, taps, weights, stride } = triangleFilter(image.width, width);
  const output = new Uint8Array(width * image.height * 3);
  let to = 0;
  for (let y = 0; y < image.height; y++) {
    const rowStart = y * image.width * 3;
    for (let x = 0; x < width; x++) {
      let from = rowStart + first[x]! * 3;
      let red = HALF;
      let green = HALF;
      let blue = HALF;
      const end = x * stride + taps[x]!;
      for (let k = x * stride; k < end; k++, from += 3) {
        const weight = weights[k]!;
        red += data[from]! * weight;
        green += data[from + 1]! * weight;
        blue += data[from + 2]! * weight;
      }
      // Weights are positive and sum to one, so a sum cannot leave 0–255 by more than rounding takes back.
      output[to++] = red >> WEIGHT_BITS;
      output[to++] = green >> WEIGHT_BITS;
      output[to++] = blue >> WEIGHT_BITS;
    }
  }
  return output;
}

function resizeColumns(data: Uint8Array, width: number, inputHeight: number, height: number): Uint8Array {
  const { first, taps, weights, stride } = triangleFilter(inputHeight, height);
  const rowLength = width * 3;
  const output = new Uint8Array(rowLength * height);
  const sums = new Int32Array(rowLength);
  for (let y = 0; y < height; y++) {
    sums.fill(HALF);
    // Row by row keeps both arrays in cache order.
    for (let tap = 0; tap < taps[y]!; tap++) {
      const weight = weights[y * stride + tap]!;
      const from = (first[y]! + tap) * rowLength;
      for (let i = 0; i < rowLength; i++) sums[i]! += data[from + i]! * weight;
    }
    const to = y * rowLength;
    for (let i = 0; i < rowLength; i++) output[to + i] = sums[i]! >> WEIGHT_BITS;
  }
  return output;
}

function normalise(data: Uint8Array, width: number, height: number, tensor: Float32Array): Float32Array {
  const plane = MODEL_SIDE * MODEL_SIDE;
  tensor.fill(0);
  for (let channel = 0; channel < 3; channel++) {
    const table = Float32Array.from(
      { length: 256 },
      (_, value) => (value - MEAN[channel]!) / STANDARD_DEVIATION[channel]!,
    );
    for (let y = 0; y < height; y++) {
      let from = y * width * 3 + channel;
      const start = channel * plane + y * MODEL_SIDE;
      for (let to = start; to < start + width; to++, from += 3) tensor[to] = table[data[from]!]!;
    }
  }
  return tensor;
}
