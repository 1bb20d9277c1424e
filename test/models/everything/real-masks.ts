/** Masks that a real model found on real photographs, as a tree. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PartitionMask } from '../../../models/everything/partition.js';
import { sharedPixels } from '../../../models/mask/overlap.js';
import { decodeRuns } from '../../../models/mask/rle.js';
import type { Size } from '../../../protocol/geometry.js';
import type { Rle } from '../../../protocol/outline.js';
import { DATA_FOLDER } from '../../support/data-folder.js';

export const REFERENCE_FOLDER = 'amg-reference';

/** Share of a mask that has to lie in another one to be its part. */
const PART_SHARE = 0.9;

interface ReferenceFile {
  readonly width: number;
  readonly height: number;
  readonly masks: readonly {
    readonly segmentation: Rle;
    readonly area: number;
    readonly predicted_iou: number;
    readonly stability_score: number;
  }[];
}

export function referenceNames(): string[] {
  return readdirSync(join(DATA_FOLDER, REFERENCE_FOLDER)).filter((name) => name.endsWith('.json'));
}

/** Largest first; the parent of a mask is the smallest one around it. */
export function readReference(name: string): { readonly size: Size; readonly masks: PartitionMask[] } {
  const text = readFileSync(join(DATA_FOLDER, REFERENCE_FOLDER, name), 'utf8');
  const { width, height, masks } = JSON.parse(text) as ReferenceFile;
  const sorted = [...masks].sort((a, b) => b.area - a.area);
  const runs = sorted.map(({ segmentation }) => decodeRuns(segmentation));
  return {
    size: { width, height },
    masks: sorted.map((mask, k) => {
      const around = runs.findLastIndex(
        (other, i) => i < k && sharedPixels(other, runs[k]!) >= PART_SHARE * mask.area,
      );
      return {
        id: k + 1,
        parent: around < 0 ? null : around + 1,
        rle: mask.segmentation,
        area: mask.area,
        predictedIou: mask.predicted_iou,
        stabilityScore: mask.stability_score,
      };
    }),
  };
}
