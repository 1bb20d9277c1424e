/**
 * Builds, from an exported SAM decoder, the three graphs the product runs. No weight changes; only where and how
 * often each product is computed (see attention.ts), so answers agree with the export's up to rounding.
 *
 * - `image`: what of the first layer depends on the image alone, once an image.
 * - `prompt`: prompts → masks, for prompts without an earlier mask. It runs on any choice of the image's cells.
 * - `refine`: the same for prompts with one, whose first layer depends on it throughout.
 *
 * Both decoders judge before they draw: masks are made only for prompts of which one of masks 1–3 has a predicted IoU
 * above `min_iou`, since upscaling is half of the work.
 */
import {
  CHANNELS,
  IMAGE_CELLS,
  imageToTokens,
  projectImage,
  selfAttention,
  tokensToFreshImage,
  tokensToImage,
} from './attention.js';
import { GraphBuilder } from './graph-builder.js';
import { maskLogits, predictedIou } from './mask-head.js';
import { encodePrompts, imagePositions } from './prompt-encoder.js';
import { DecoderWeights } from './weights.js';
import type { Weight } from './weights.js';
import { nodesFor } from './prune.js';

export interface DecoderGraphs {
  readonly image: Uint8Array;
  readonly prompt: Uint8Array;
  readonly refine: Uint8Array;
}

/** Raised when the graphs built from the same export change, so that cached ones are rebuilt. */
export const DECODER_VERSION = 2;

const LAYER_0 = '/transformer/layers.0';
const LAYER_1 = '/transformer/layers.1';
const TO_IMAGE = 'cross_attn_token_to_image';
const TO_TOKENS = 'cross_attn_image_to_token';
const MASK_EMBEDDING = '/mask_downscaling/mask_downscaling.6/Conv_output_0';
const NORM_EPSILON = 1e-5;

/** What every step of a decoder needs. */
interface Context {
  readonly g: GraphBuilder;
  readonly weights: DecoderWeights;
  /** Where each cell is, 1×cells×256. */
  readonly positions: string;
  /** What the tokens started as, n×tokens×256; it serves as their positions. */
  readonly prompts: string;
}

/** The state between the steps of the transformer. */
interface Stream {
  /** n×tokens×256. */
  readonly tokens: string;
  /** n×cells×256. */
  readonly cells: string;
}

/**
 * @param exported Bytes of the decoder as Segment Anything's script exports it.
 * @throws CodedError MODEL_GRAPH when it is not such an export.
 */
export function buildDecoders(exported: Uint8Array): DecoderGraphs {
  const weights = new DecoderWeights(exported);
  return {
    image: buildImageGraph(weights),
    prompt: buildPromptDecoder(weights),
    refine: buildRefineDecoder(weights),
  };
}

function buildImageGraph(weights: DecoderWeights): Uint8Array {
  const g = new GraphBuilder();
  const cells = g.add(embeddingCells(g), g.constant(asRow(noMask(weights))));
  const positioned = g.add(cells, g.constant(imagePositions(weights)));
  const { keys, values, queries } = projectImage(g, weights, { cells, positioned }, [
    `${LAYER_0}/${TO_IMAGE}`,
    `${LAYER_0}/${TO_TOKENS}`,
  ]);
  // The bias of what the image learns from the tokens is the same for all prompts, so it is added here.
  const biased = g.add(cells, g.constant(weights.linear(`${LAYER_0}/${TO_TOKENS}/out_proj`).bias));
  const outputs = {
    image_keys: keys,
    image_values: values,
    image_queries: queries,
    image_cells: biased,
    image_positions: g.constant(imagePositions(weights)),
  };
  for (const [name, value] of Object.entries(outputs)) g.node('Identity', [value], { output: name });
  declareImagePart((name, ...dims) => g.output(name, ...dims), IMAGE_CELLS);
  return g.build();
}

/** @param cells How many there are, or the name of their number. */
function declareImagePart(
  declare: (name: string, ...dims: (number | string)[]) => unknown,
  cells: number | string,
): void {
  declare('image_keys', 1, 8, 16, cells);
  declare('image_values', 1, 8, cells, 16);
  declare('image_queries', 1, cells, 128);
  declare('image_cells', 1, cells, CHANNELS);
  declare('image_positions', 1, cells, CHANNELS);
}

/** The cross-attentions of the first layer, which is where the two decoders differ. */
interface FirstLayer {
  tokensToImage(tokens: string): string;
  /** @returns The cells after the image has looked at the tokens, before normalisation. */
  imageToTokens(tokens: { readonly tokens: string; readonly positioned: string }): string;
}

/** Takes whichever cells of the image it is given, and draws the masks on whichever of those it is told to. */
function buildPromptDecoder(weights: DecoderWeights): Uint8Array {
  const g = new GraphBuilder();
  declareImagePart((name, ...dims) => g.input(name, ...dims), 'cells');
  const context = { g, weights, positions: 'image_positions', prompts: encodePrompts(g, weights) };
  const drawnCells = g.wholeNumbers(g.input('drawn_cells', 'drawn_cells'));
  answer(context, freshImage(context), (cells) =>
    g.node('Gather', [cells, drawnCells], { attributes: { axis: 1 } }),
  );
  return g.build();
}

function buildRefineDecoder(weights: DecoderWeights): Uint8Array {
  const g = new GraphBuilder();
  const positions = g.constant(imagePositions(weights));
  const context = { g, weights, positions, prompts: encodePrompts(g, weights) };
  answer(context, maskedImage(context), (cells) => cells);
  return g.build();
}

/** Adds everything from the first layer to the outputs. */
function answer(context: Context, firstLayer: FirstLayer, drawnOf: (cells: string) => string): void {
  const { g, weights } = context;
  const second = runSecondLayer(context, runFirstLayer(context, firstLayer));
  const tokens = runFinalAttention(context, second);
  const scores = predictedIou(g, weights, tokens, 'predicted_iou');
  const worthwhile = worthDrawing(g, scores);
  const gather = (input: string) => g.node('Gather', [input, worthwhile], { attributes: { axis: 0 } });
  maskLogits(g, weights, drawnOf(gather(second.cells)), gather(tokens), 'logits');
  g.output('predicted_iou', 'prompts', 4);
  g.output('logits', 'drawn', 4, 'samples');
}

function runFirstLayer(context: Context, layer: FirstLayer): Stream {
  const { g, weights, prompts } = context;
  const own = selfAttention(g, weights, `${LAYER_0}/self_attn`, {
    queries: prompts,
    keys: prompts,
    values: prompts,
  });
  let tokens = norm(context, 'layers.0.norm1', own);
  tokens = norm(context, 'layers.0.norm2', g.add(tokens, layer.tokensToImage(g.add(tokens, prompts))));
  tokens = norm(context, 'layers.0.norm3', g.add(tokens, perceptron(context, LAYER_0, tokens)));
  const cells = layer.imageToTokens({ tokens, positioned: g.add(tokens, prompts) });
  return { tokens, cells: norm(context, 'layers.0.norm4', cells) };
}

function runSecondLayer(context: Context, before: Stream): Stream {
  const { g, weights, prompts } = context;
  const image = withPositions(context, before.cells);
  const queries = g.add(before.tokens, prompts);
  const own = selfAttention(g, weights, `${LAYER_1}/self_attn`, {
    queries,
    keys: queries,
    values: before.tokens,
  });
  let tokens = norm(context, 'layers.1.norm1', g.add(before.tokens, own));
  const seen = tokensToImage(g, weights, `${LAYER_1}/${TO_IMAGE}`, g.add(tokens, prompts), image);
  tokens = norm(context, 'layers.1.norm2', g.add(tokens, seen));
  tokens = norm(context, 'layers.1.norm3', g.add(tokens, perceptron(context, LAYER_1, tokens)));
  const cells = learnFromTokens(context, `${LAYER_1}/${TO_TOKENS}`, image, tokens);
  return { tokens, cells: norm(context, 'layers.1.norm4', cells) };
}

function runFinalAttention(context: Context, { tokens, cells }: Stream): string {
  const { g, weights, prompts } = context;
  const path = '/transformer/final_attn_token_to_image';
  const seen = tokensToImage(g, weights, path, g.add(tokens, prompts), withPositions(context, cells));
  return norm(context, 'norm_final_attn', g.add(tokens, seen));
}

/** Without an earlier mask the first layer's image side comes ready made. */
function freshImage({ g, weights }: Context): FirstLayer {
  const part = { keys: 'image_keys', values: 'image_values', queries: 'image_queries' };
  return {
    tokensToImage: (tokens) => tokensToFreshImage(g, weights, `${LAYER_0}/${TO_IMAGE}`, tokens, part),
    imageToTokens: (tokens) =>
      g.add(imageToTokens(g, weights, `${LAYER_0}/${TO_TOKENS}`, tokens, part), 'image_cells'),
  };
}

/** With one, the mask's embedding is added to the image first; the export's own nodes make it. */
function maskedImage(context: Context): FirstLayer {
  const { g, weights } = context;
  g.input('mask_input', 'prompts', 1, 256, 256);
  g.graft(nodesFor(weights.graph, [MASK_EMBEDDING]), weights);
  const dense = g.transpose(g.reshape(MASK_EMBEDDING, 0, CHANNELS, IMAGE_CELLS), 0, 2, 1);
  const image = withPositions(context, g.add(dense, embeddingCells(g)));
  return {
    tokensToImage: (tokens) => tokensToImage(g, weights, `${LAYER_0}/${TO_IMAGE}`, tokens, image),
    imageToTokens: ({ tokens }) => learnFromTokens(context, `${LAYER_0}/${TO_TOKENS}`, image, tokens),
  };
}

/** The cells after they have looked at the tokens. */
function learnFromTokens(context: Context, path: string, image: PositionedCells, tokens: string): string {
  const { g, weights, prompts } = context;
  const learnt = imageToTokens(g, weights, path, { tokens, positioned: g.add(tokens, prompts) }, image);
  const bias = g.constant(weights.linear(`${path}/out_proj`).bias);
  return g.add(g.add(image.cells, learnt), bias);
}

interface PositionedCells {
  readonly cells: string;
  readonly positioned: string;
}

function withPositions({ g, positions }: Context, cells: string): PositionedCells {
  return { cells, positioned: g.add(cells, positions) };
}

/** The encoder's answer as rows of cells: 1×4096×256. */
function embeddingCells(g: GraphBuilder): string {
  const embedding = g.input('image_embeddings', 1, CHANNELS, 64, 64);
  return g.transpose(g.reshape(embedding, 1, CHANNELS, IMAGE_CELLS), 0, 2, 1);
}

function perceptron({ g, weights }: Context, layer: string, tokens: string): string {
  const inner = g.node('Relu', [g.linear(tokens, weights.linear(`${layer}/mlp/lin1`))]);
  return g.linear(inner, weights.linear(`${layer}/mlp/lin2`));
}

function norm({ g, weights }: Context, name: string, input: string): string {
  const path = `mask_decoder.transformer.${name}`;
  return g.layerNorm(input, weights.named(`${path}.weight`), weights.named(`${path}.bias`), NORM_EPSILON);
}

/** Indices of the prompts that one of the masks 1–3 makes worth drawing. */
function worthDrawing(g: GraphBuilder, scores: string): string {
  const threshold = g.input('min_iou', 1);
  const multimask = g.node('Slice', [scores, g.int64s(1), g.int64s(4), g.int64s(1)]);
  const best = g.node('ReduceMax', [multimask], { attributes: { axes: [1], keepdims: 0 } });
  const indices = g.node('NonZero', [g.node('Greater', [best, threshold])]);
  return g.reshape(indices, -1);
}

/** What stands in for a mask where there is none: 1×256×1×1 in the export. */
function noMask(weights: DecoderWeights): Weight {
  return weights.shaped(1, CHANNELS, 1, 1);
}

function asRow({ data }: Weight): Weight {
  return { dims: [1, 1, data.length], data };
}
