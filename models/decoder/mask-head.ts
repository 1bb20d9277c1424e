/** From the transformer's output to masks and scores. */
import { CHANNELS } from './attention.js';
import type { GraphBuilder } from './graph-builder.js';
import type { DecoderWeights, Weight } from './weights.js';

const MASK_TOKENS = 4;
const NORM_EPSILON = 1e-6;

/** @returns n×4 predicted IoUs, under the given name. */
export function predictedIou(
  g: GraphBuilder,
  weights: DecoderWeights,
  tokens: string,
  output: string,
): string {
  return perceptron(g, weights, 'mask_decoder.iou_prediction_head', tokenAt(g, tokens, 0), output);
}

/**
 * Upscales the cells fourfold and compares each pixel with each mask token. A transposed convolution whose stride is
 * its size is a matrix product whose columns are the pixels of a block, so cells stay rows and nothing has to be
 * transposed; the masks come out block by block (see block-order.ts).
 *
 * @param cells n×cells×256; n may be 0.
 * @param tokens n×tokens×256.
 */
export function maskLogits(
  g: GraphBuilder,
  weights: DecoderWeights,
  cells: string,
  tokens: string,
  output: string,
): string {
  const path = 'mask_decoder.output_upscaling';
  const first = blockMatrix(weights.named(`${path}.0.weight`), weights.named(`${path}.0.bias`));
  const norm = weights.decomposedNorm('/output_upscaling/output_upscaling.1');
  const second = blockMatrix(weights.named(`${path}.3.weight`), weights.named(`${path}.3.bias`));
  const rows = g.reshape(cells, -1, CHANNELS);
  const doubled = g.node('Gemm', [rows, g.constant(first.matrix), g.constant(first.bias)]);
  const normed = g.layerNorm(g.reshape(doubled, -1, 64), flat(norm.scale), flat(norm.shift), NORM_EPSILON);
  const active = g.node('Gelu', [normed], { runtimeOperator: true });
  const quadrupled = g.matMul(active, g.constant(second.matrix));
  const features = g.node('BiasGelu', [quadrupled, g.constant(second.bias)], { runtimeOperator: true });
  const pixels = g.node('Reshape', [features, featureShape(g, cells)]);
  return g.node('FusedMatMul', [maskFilters(g, weights, tokens), pixels], {
    attributes: { transB: 1 },
    runtimeOperator: true,
    output,
  });
}

/** n×(16 · cells)×32, spelt out because nothing can be inferred from a tensor without elements. */
function featureShape(g: GraphBuilder, cells: string): string {
  const shape = g.node('Shape', [cells]);
  const dimension = (axis: number) => g.node('Slice', [shape, g.int64s(axis), g.int64s(axis + 1)]);
  const samples = g.node('Mul', [dimension(1), g.int64s(16)]);
  return g.node('Concat', [dimension(0), samples, g.int64s(32)], { attributes: { axis: 0 } });
}

/** n×4×32: what each mask token looks for. */
function maskFilters(g: GraphBuilder, weights: DecoderWeights, tokens: string): string {
  const filters = Array.from({ length: MASK_TOKENS }, (_, mask) => {
    const path = `mask_decoder.output_hypernetworks_mlps.${mask}`;
    const filter = perceptron(g, weights, path, tokenAt(g, tokens, 1 + mask));
    return g.node('Unsqueeze', [filter, g.int64s(1)]);
  });
  return g.node('Concat', filters, { attributes: { axis: 1 } });
}

/** n×tokens×256 → n×256. */
function tokenAt(g: GraphBuilder, tokens: string, index: number): string {
  const one = g.node('Gather', [tokens, g.int64s(index)], { attributes: { axis: 1 } });
  return g.reshape(one, 0, CHANNELS);
}

/** Three layers with ReLU between. */
function perceptron(
  g: GraphBuilder,
  weights: DecoderWeights,
  path: string,
  input: string,
  output?: string,
): string {
  let value = input;
  for (let layer = 0; layer < 3; layer++) {
    const named = (what: string) => g.constant(weights.named(`${path}.layers.${layer}.${what}`));
    const last = layer === 2;
    const gemm = g.node('Gemm', [value, named('weight'), named('bias')], {
      attributes: { transB: 1 },
      ...(last && output !== undefined && { output }),
    });
    value = last ? gemm : g.node('Relu', [gemm]);
  }
  return value;
}

/** Kernel inputs×outputs×2×2 → matrix inputs×(2·2·outputs), the pixels of a block row by row, and its bias. */
function blockMatrix(kernel: Weight, bias: Weight): { readonly matrix: Weight; readonly bias: Weight } {
  const [inputs, outputs] = kernel.dims as [number, number];
  const matrix = new Float32Array(kernel.data.length);
  for (let i = 0; i < inputs; i++) {
    for (let o = 0; o < outputs; o++) {
      for (let pixel = 0; pixel < 4; pixel++) {
        matrix[(i * 4 + pixel) * outputs + o] = kernel.data[(i * outputs + o) * 4 + pixel]!;
      }
    }
  }
  const repeated = new Float32Array(4 * outputs);
  for (let pixel = 0; pixel < 4; pixel++) repeated.set(bias.data, pixel * outputs);
  return {
    matrix: { dims: [inputs, 4 * outputs], data: matrix },
    bias: { dims: [4 * outputs], data: repeated },
  };
}

function flat({ data }: Weight): Weight {
  return { dims: [data.length], data };
}
