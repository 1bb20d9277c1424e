/** Prompts and image positions → the embeddings the transformer starts from. */
import { CHANNELS, IMAGE_CELLS } from './attention.js';
import type { GraphBuilder } from './graph-builder.js';
import type { DecoderWeights, Weight } from './weights.js';

/** Columns of the one-hot labels: padding, outside, inside, top left and bottom right corner of a box. */
export const PROMPT_LABELS = ['padding', 'outside', 'inside', 'boxTopLeft', 'boxBottomRight'] as const;
export type PromptLabel = (typeof PROMPT_LABELS)[number];

const GRID = 64;
const OUTPUT_TOKENS = 5;

/**
 * Inputs `coordinates` (n×points×2, model space ÷ 1024) and `labels` (n×points×5, one-hot).
 *
 * @returns n×(5 + points)×256: the score token, four mask tokens, the prompts.
 */
export function encodePrompts(g: GraphBuilder, weights: DecoderWeights): string {
  const coordinates = g.input('coordinates', 'prompts', 'points', 2);
  const labels = g.input('labels', 'prompts', 'points', PROMPT_LABELS.length);
  const angles = g.matMul(coordinates, g.constant(doubledFrequencies(weights)));
  const shifted = g.node('Sub', [angles, g.constant(frequencyShift(weights))]);
  const position = g.node('Concat', [g.node('Sin', [shifted]), g.node('Cos', [shifted])], {
    attributes: { axis: -1 },
  });
  // Padding has no place.
  const padding = g.node('Slice', [labels, g.int64s(0), g.int64s(1), g.int64s(2)]);
  const one = g.constant({ dims: [], data: Float32Array.of(1) });
  const placed = g.node('Mul', [position, g.node('Sub', [one, padding])]);
  const prompts = g.add(placed, g.matMul(labels, g.constant(labelEmbeddings(weights))));
  return g.node('Concat', [outputTokens(g, weights, coordinates), prompts], { attributes: { axis: 1 } });
}

/** @returns 1×4096×256: where each cell is, as the network was told. */
export function imagePositions(weights: DecoderWeights): Weight {
  const { data: frequencies } = frequencyMatrix(weights);
  const half = CHANNELS / 2;
  const data = new Float32Array(IMAGE_CELLS * CHANNELS);
  for (let cell = 0; cell < IMAGE_CELLS; cell++) {
    const x = (2 * ((cell % GRID) + 0.5)) / GRID - 1;
    const y = (2 * (Math.floor(cell / GRID) + 0.5)) / GRID - 1;
    for (let i = 0; i < half; i++) {
      const angle = 2 * Math.PI * (x * frequencies[i]! + y * frequencies[half + i]!);
      data[cell * CHANNELS + i] = Math.sin(angle);
      data[cell * CHANNELS + half + i] = Math.cos(angle);
    }
  }
  return { dims: [1, IMAGE_CELLS, CHANNELS], data };
}

/** The score and mask tokens, repeated for each prompt set. */
function outputTokens(g: GraphBuilder, weights: DecoderWeights, coordinates: string): string {
  const tokens = g.constant(weights.shaped(1, OUTPUT_TOKENS, CHANNELS));
  const count = g.node('Slice', [g.node('Shape', [coordinates]), g.int64s(0), g.int64s(1)]);
  const shape = g.node('Concat', [count, g.int64s(OUTPUT_TOKENS, CHANNELS)], { attributes: { axis: 0 } });
  return g.node('Expand', [tokens, shape]);
}

/** The network sees angles 2π · (2c − 1) · F; 4π · F here and the shift below give the same. */
function doubledFrequencies(weights: DecoderWeights): Weight {
  const { dims, data } = frequencyMatrix(weights);
  return { dims, data: data.map((value) => 4 * Math.PI * value) };
}

function frequencyShift(weights: DecoderWeights): Weight {
  const { data } = frequencyMatrix(weights);
  const half = data.length / 2;
  const shift = Float32Array.from({ length: half }, (_, i) => 2 * Math.PI * (data[i]! + data[half + i]!));
  return { dims: [half], data: shift };
}

/** 2×128. */
function frequencyMatrix(weights: DecoderWeights): Weight {
  return weights.named('model.prompt_encoder.pe_layer.positional_encoding_gaussian_matrix');
}

/** 5×256, in the order of PROMPT_LABELS. */
function labelEmbeddings(weights: DecoderWeights): Weight {
  const path = 'model.prompt_encoder';
  const names = [
    'not_a_point_embed',
    'point_embeddings.0',
    'point_embeddings.1',
    'point_embeddings.2',
    'point_embeddings.3',
  ];
  const data = new Float32Array(names.length * CHANNELS);
  names.forEach((name, row) => data.set(weights.named(`${path}.${name}.weight`).data, row * CHANNELS));
  return { dims: [names.length, CHANNELS], data };
}
