/**
 * Which of the found objects of an image a person would say it is a picture of: the largest one that stands in the
 * image rather than around it.
 */
import type { FoundMask } from '../../../protocol/everything.js';
import { decodeRuns } from '../../../models/mask/rle.js';
import type { Runs } from '../../../models/mask/runs.js';

/** An object along this share of the image's border is the background, however large it is. */
const BACKGROUND_BORDER = 1 / 3;

/** Masks end up to this share of the shorter side away from a border that they reach. */
const BORDER_SLACK = 0.005;

/** Where a mask lies in its image. */
interface Lie {
  /** Of the image's area, in [0, 1]. */
  readonly share: number;
  /** 0 in a corner, about 2.5 in the middle, 1 for the whole image. */
  readonly centrality: number;
  /** Share of the image's border that it covers, in [0, 1]. */
  readonly border: number;
}

/** @returns undefined when nothing was found. */
export function largestObject(masks: readonly FoundMask[]): FoundMask | undefined {
  let best: FoundMask | undefined;
  let most = -Infinity;
  for (const mask of masks) {
    const prominence = prominenceOf(mask);
    // Where everything is background, the larger part of it.
    if (prominence > most || (prominence === most && best && mask.area > best.area)) {
      most = prominence;
      best = mask;
    }
  }
  return best;
}

/**
 * How much an object stands out: its share of the image, more in the middle and less along the border. Towards the
 * middle it counts as a square root, or a head would win over the body that it is on.
 */
export function prominenceOf({ rle }: Pick<FoundMask, 'rle'>): number {
  const { share, centrality, border } = measureLie(decodeRuns(rle));
  return share * Math.sqrt(centrality) * Math.max(0, 1 - border / BACKGROUND_BORDER);
}

/** Costs one step for each pixel column of each run. */
function measureLie({ size: { width, height }, lengths }: Runs): Lie {
  const across = Float64Array.from({ length: width }, (_, x) => bulge((x + 0.5) / width));
  const down = new Float64Array(height + 1);
  for (let y = 0; y < height; y++) down[y + 1] = down[y]! + bulge((y + 0.5) / height);
  const slack = Math.floor(BORDER_SLACK * Math.min(width, height));
  let [area, weight, border] = [0, 0, 0];
  forEachStretch(lengths, height, (x, y0, y1) => {
    area += y1 - y0;
    weight += across[x]! * (down[y1]! - down[y0]!);
    if (y0 <= slack) border++;
    if (y1 >= height - slack) border++;
    if (x === slack || x === width - 1 - slack) border += y1 - y0;
  });
  return {
    share: area / (width * height),
    centrality: area === 0 ? 0 : weight / area,
    border: border / (2 * (width + height)),
  };
}

/** 0 at either end of [0, 1], highest in the middle, 1 on average. */
function bulge(share: number): number {
  return (Math.PI / 2) * Math.sin(Math.PI * share);
}

/** Calls back with every stretch of a column that is inside, half-open. */
function forEachStretch(
  lengths: Uint32Array,
  height: number,
  visit: (x: number, y0: number, y1: number) => void,
): void {
  let position = 0;
  for (let i = 0; i < lengths.length; i++) {
    const end = position + lengths[i]!;
    for (let at = position; i % 2 === 1 && at < end;) {
      const x = Math.floor(at / height);
      const stop = Math.min(end, (x + 1) * height);
      visit(x, at - x * height, stop - x * height);
      at = stop;
    }
    position = end;
  }
}
