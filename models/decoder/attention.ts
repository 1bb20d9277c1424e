/**
 * The three attentions of SAM's two-way transformer, arranged for what they are here: a handful of tokens against
 * 4,096 image cells.
 *
 * As trained, every cell is projected (256 → 128) before it meets the tokens, three times in a layer. But a score is
 * q · (W k) = (Wᵀ q) · k: with W moved to the side of the 7 tokens, a layer needs less than half of the
 * multiplications and gives the same numbers, up to rounding. All heads go through one matrix product, the tokens'
 * side being block-diagonal by head.
 */
import type { GraphBuilder } from './graph-builder.js';
import type { DecoderWeights, Weight } from './weights.js';

export const IMAGE_CELLS = 4096;
export const CHANNELS = 256;
const HEADS = 8;
/** Channels of the attentions between tokens and image, and of each of their heads. */
const CROSS_CHANNELS = 128;
const CROSS_HEAD = CROSS_CHANNELS / HEADS;
const SELF_HEAD = CHANNELS / HEADS;
const CROSS_SCALE = 1 / Math.sqrt(CROSS_HEAD);

/** What of the first layer depends on the image alone; computed once an image. */
export interface ImagePart {
  /** 1×8×16×4096, 1×8×4096×16, 1×4096×128. */
  readonly keys: string;
  readonly values: string;
  readonly queries: string;
}

/** Tokens to tokens. Inputs and result n×tokens×256. */
export function selfAttention(
  g: GraphBuilder,
  weights: DecoderWeights,
  path: string,
  { queries, keys, values }: { readonly queries: string; readonly keys: string; readonly values: string },
): string {
  const project = (input: string, name: string) =>
    g.reshape(g.linear(input, weights.linear(`${path}/${name}_proj`)), 0, 0, HEADS, SELF_HEAD);
  const q = g.transpose(project(queries, 'q'), 0, 2, 1, 3);
  const k = g.transpose(project(keys, 'k'), 0, 2, 3, 1);
  const v = g.transpose(project(values, 'v'), 0, 2, 1, 3);
  const scale = g.constant(scalar(1 / Math.sqrt(SELF_HEAD)));
  const shares = g.softmax(g.node('Mul', [g.matMul(q, k), scale]));
  const mixed = g.reshape(g.transpose(g.matMul(shares, v), 0, 2, 1, 3), 0, 0, CHANNELS);
  return g.linear(mixed, weights.linear(`${path}/out_proj`));
}

/**
 * Tokens look at the image.
 *
 * @param tokens n×tokens×256, with their positions added.
 * @param cells n×cells×256; `positioned` is the same with positions added.
 */
export function tokensToImage(
  g: GraphBuilder,
  weights: DecoderWeights,
  path: string,
  tokens: string,
  { cells, positioned }: { readonly cells: string; readonly positioned: string },
): string {
  const query = scaledLinear(g, weights, `${path}/q_proj`, tokens);
  const key = g.constant(weights.linear(`${path}/k_proj`).weight);
  // The keys' bias adds the same to all cells of a head, which softmax does not see.
  const scores = g.matMul(positioned, g.matMul(key, byHead(g, query)));
  const shares = g.softmax(g.transpose(scores, 0, 2, 1));
  const seen = g.reshape(g.matMul(shares, cells), 0, HEADS, -1, CHANNELS);
  const value = weights.linear(`${path}/v_proj`);
  // Shares add up to one, so the values' bias is simply added.
  const values = g.add(
    g.matMul(seen, g.constant(headMatrices(value.weight))),
    g.constant(headBiases(value.bias)),
  );
  return joinHeads(g, weights, path, values);
}

/** As `tokensToImage` for the first layer, whose keys and values are the image's own. */
export function tokensToFreshImage(
  g: GraphBuilder,
  weights: DecoderWeights,
  path: string,
  tokens: string,
  { keys, values }: ImagePart,
): string {
  const query = scaledLinear(g, weights, `${path}/q_proj`, tokens);
  const q = g.transpose(g.reshape(query, 0, 0, HEADS, CROSS_HEAD), 0, 2, 1, 3);
  const seen = g.matMul(g.softmax(g.matMul(q, keys)), values);
  return joinHeads(g, weights, path, seen);
}

/**
 * The image looks at the tokens.
 *
 * @param tokens n×tokens×256; `positioned` is the same with positions added.
 * @param cells Either the cells with positions, n×cells×256, or their projected queries of the first layer.
 * @returns n×cells×256, without the output's bias.
 */
export function imageToTokens(
  g: GraphBuilder,
  weights: DecoderWeights,
  path: string,
  { tokens, positioned }: { readonly tokens: string; readonly positioned: string },
  cells: { readonly positioned: string } | { readonly queries: string },
): string {
  const keys = byHead(g, scaledLinear(g, weights, `${path}/k_proj`, positioned));
  const query = weights.linear(`${path}/q_proj`);
  const scores =
    'queries' in cells
      ? g.matMul(cells.queries, keys)
      : g.add(
          g.matMul(cells.positioned, g.matMul(g.constant(query.weight), keys)),
          g.matMul(g.constant({ dims: [1, CROSS_CHANNELS], data: query.bias.data }), keys),
        );
  const perHead = g.softmax(g.reshape(scores, 0, 0, HEADS, -1));
  const shares = g.reshape(perHead, 0, 0, -1);
  const values = byHead(g, g.linear(tokens, weights.linear(`${path}/v_proj`)));
  const output = g.constant(weights.linear(`${path}/out_proj`).weight);
  return g.matMul(shares, g.matMul(g.transpose(values, 0, 2, 1), output));
}

/** The first layer's projections of the image: what `ImagePart` names. */
export function projectImage(
  g: GraphBuilder,
  weights: DecoderWeights,
  { cells, positioned }: { readonly cells: string; readonly positioned: string },
  [toImage, toTokens]: readonly [string, string],
): ImagePart {
  const split = (input: string) => g.reshape(input, 1, IMAGE_CELLS, HEADS, CROSS_HEAD);
  const keys = split(g.linear(positioned, weights.linear(`${toImage}/k_proj`)));
  const values = split(g.linear(cells, weights.linear(`${toImage}/v_proj`)));
  return {
    keys: g.transpose(keys, 0, 2, 3, 1),
    values: g.transpose(values, 0, 2, 1, 3),
    queries: g.linear(positioned, weights.linear(`${toTokens}/q_proj`)),
  };
}

/** n×8×tokens×16 → n×tokens×256. */
function joinHeads(g: GraphBuilder, weights: DecoderWeights, path: string, heads: string): string {
  const joined = g.reshape(g.transpose(heads, 0, 2, 1, 3), 0, 0, CROSS_CHANNELS);
  return g.linear(joined, weights.linear(`${path}/out_proj`));
}

/** A projection with the attention's scale folded into its weights. */
function scaledLinear(g: GraphBuilder, weights: DecoderWeights, path: string, input: string): string {
  const { weight, bias } = weights.linear(path);
  const scaled = ({ dims, data }: Weight): Weight => ({
    dims,
    data: data.map((value) => value * CROSS_SCALE),
  });
  return g.linear(input, { weight: scaled(weight), bias: scaled(bias) });
}

/** n×tokens×128 → n×128×(8 · tokens): a column for each head and token, zero outside the head's channels. */
function byHead(g: GraphBuilder, tokens: string): string {
  const columns = g.node('Unsqueeze', [g.transpose(tokens, 0, 2, 1), g.int64s(2)]);
  const mask = new Float32Array(CROSS_CHANNELS * HEADS);
  for (let channel = 0; channel < CROSS_CHANNELS; channel++) {
    mask[channel * HEADS + Math.floor(channel / CROSS_HEAD)] = 1;
  }
  const masked = g.node('Mul', [columns, g.constant({ dims: [CROSS_CHANNELS, HEADS, 1], data: mask })]);
  return g.reshape(masked, 0, CROSS_CHANNELS, -1);
}

/** 256×128 → 1×8×256×16. */
function headMatrices({ data }: Weight): Weight {
  const heads = new Float32Array(data.length);
  for (let row = 0; row < CHANNELS; row++) {
    for (let channel = 0; channel < CROSS_CHANNELS; channel++) {
      const head = Math.floor(channel / CROSS_HEAD);
      const to = (head * CHANNELS + row) * CROSS_HEAD + (channel % CROSS_HEAD);
      heads[to] = data[row * CROSS_CHANNELS + channel]!;
    }
  }
  return { dims: [1, HEADS, CHANNELS, CROSS_HEAD], data: heads };
}

function headBiases({ data }: Weight): Weight {
  return { dims: [1, HEADS, 1, CROSS_HEAD], data };
}

function scalar(value: number): Weight {
  return { dims: [], data: Float32Array.of(value) };
}
