/** A tree of masks → a folder of cut-outs with an index. */
import { z } from 'zod';
import type { RgbaImage } from '../image-reader.js';
import { cutOutAll, type Cutout } from './cutouts.js';
import { parentId, regionId, type MaskTree } from './mask-tree.js';
import type { NamedFile } from './zip.js';

/** The file that lists the others. */
export const INDEX_NAME = 'index.json';

/** Only names that a folder of cut-outs has, whatever its index says. */
const indexSchema = z.object({
  layers: z.array(z.object({ file: z.string().regex(/^\d+-region-\d+\.png$/) })),
});

/** Digits in a file name's number, at the least. */
const FEWEST_DIGITS = 3;

/**
 * Makes a folder's files one at a time: cut-outs whose names sort in painting order, then `index.json`, so that a
 * folder with an index is whole.
 *
 * @throws CodedError RLE_INVALID; CANCELLED once the signal is aborted.
 */
export async function* treeLayers(
  image: RgbaImage,
  tree: MaskTree,
  signal: AbortSignal | undefined,
): AsyncGenerator<NamedFile> {
  const digits = Math.max(FEWEST_DIGITS, String(tree.nodes.length).length);
  const layers: (ReturnType<typeof describe> & { readonly file: string })[] = [];
  for await (const cutout of cutOutAll(image, tree, signal)) {
    const number = String(layers.length + 1).padStart(digits, '0');
    const file = `${number}-${regionId(cutout.node.mask)}.png`;
    layers.push({ file, ...describe(cutout) });
    yield { name: file, bytes: cutout.png };
  }
  const index = { image: { width: image.width, height: image.height }, layers };
  yield { name: INDEX_NAME, bytes: new TextEncoder().encode(`${JSON.stringify(index)}\n`) };
}

/** @returns The cut-outs that an index lists; none when it is not one of ours. */
export function listedFiles(index: string): string[] {
  try {
    return indexSchema.parse(JSON.parse(index)).layers.map(({ file }) => file);
  } catch {
    return [];
  }
}

function describe({ node, box }: Cutout) {
  const { id, name, area, predictedIou, stabilityScore, point } = node.mask;
  return { id, parent: parentId(node), name, box, area, predictedIou, stabilityScore, point };
}
