import { describe, expect, it } from 'vitest';
import { rewireDecoder } from '../../bench/rewired-decoder.js';
import { decodeModel, encodeModel } from '../../models/onnx-proto.js';
import type { Model, ValueInfo } from '../../models/onnx-proto.js';

const TENSORS = { logits: 'all_masks', predictedIou: 'scores' };

const value = (name: string, ...dims: number[]): ValueInfo => ({
  name,
  type: { tensorType: { elemType: 1, shape: { dim: dims.map((dimValue) => ({ dimValue })) } } },
});
const node = (opType: string, input: string[], output: string[]) => ({
  opType,
  input,
  output,
  name: output[0]!,
});

/** A decoder reduced to its joints: two answers in the middle, an upsampling tail behind them. */
function exportedDecoder(): Uint8Array {
  const model: Model = {
    graph: {
      input: [
        value('image_embeddings', 1, 256, 64, 64),
        value('point_coords', 1, 5, 2),
        value('point_labels', 1, 5),
        value('mask_input', 1, 1, 256, 256),
        value('has_mask_input', 1),
        value('orig_im_size', 2),
      ],
      node: [
        node('Encode', ['point_coords', 'point_labels'], ['tokens']),
        node('Embed', ['mask_input', 'has_mask_input'], ['dense']),
        node('Attend', ['image_embeddings', 'tokens', 'dense'], ['all_masks']),
        node('Score', ['tokens'], ['scores']),
        node('Resize', ['all_masks', 'orig_im_size'], ['masks']),
      ],
      output: [value('masks', 1, 1, 9, 9)],
    },
  };
  return encodeModel(model);
}

describe('rewireDecoder', () => {
  const { graph } = decodeModel(rewireDecoder(exportedDecoder(), TENSORS));

  it('answers with all masks and scores of any number of prompt sets', () => {
    expect(graph.output.map(({ name }) => name)).toEqual(['all_masks', 'scores']);
    expect(graph.output[0]!.type.tensorType.shape.dim[0]!.dimParam).toBe('prompts');
  });

  it('drops the nodes and inputs that nothing needs any more, and keeps the order of the rest', () => {
    expect(graph.node.map(({ opType }) => opType)).toEqual(['Encode', 'Embed', 'Attend', 'Score']);
    expect(graph.input.map(({ name }) => name)).not.toContain('orig_im_size');
  });

  it('makes the number of prompt sets free and leaves other sizes alone', () => {
    const dims = (name: string) =>
      graph.input
        .find((input) => input.name === name)!
        .type.tensorType.shape.dim.map((dim) => dim.dimParam || Number(dim.dimValue));
    expect(dims('point_coords')).toEqual(['prompts', 5, 2]);
    expect(dims('mask_input')).toEqual(['prompts', 1, 256, 256]);
    expect(dims('image_embeddings')).toEqual([1, 256, 64, 64]);
  });

  it('refuses a file that is not ONNX', () => {
    expect(() => rewireDecoder(new TextEncoder().encode('no model'), TENSORS)).toThrow(
      expect.objectContaining({ code: 'MODEL_GRAPH' }),
    );
  });

  it('names the tensor that a foreign decoder lacks', () => {
    const tensors = { ...TENSORS, logits: 'elsewhere' };
    expect(() => rewireDecoder(exportedDecoder(), tensors)).toThrow(/no tensor named elsewhere/);
  });
});
