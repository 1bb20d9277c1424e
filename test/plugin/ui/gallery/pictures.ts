/**
 * Pictures of every scene that guard the look: kept in one sheet a size, each scene in both themes, and compared with
 * what the page shows now.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pixelmatch from 'pixelmatch';
import sharp from 'sharp';

export interface Picture {
  /** Width × height × RGBA. */
  readonly data: Buffer;
  readonly width: number;
  readonly height: number;
}

/** What there is a picture of. */
export interface Shot {
  readonly scene: string;
  readonly theme: 'light' | 'dark';
}

/** How a sheet is laid out, and what it was made with. */
interface SheetIndex {
  readonly chromium: string;
  readonly platform: string;
  /** Of one picture. */
  readonly width: number;
  readonly height: number;
  /** In rows of this many, light and dark beside each other. */
  readonly columns: number;
  readonly scenes: readonly string[];
}

export type Maker = Pick<SheetIndex, 'chromium' | 'platform'>;

const FOLDER = join(import.meta.dirname, 'baselines');
/** Pairs of pictures a row. */
const COLUMNS = 6;
/** Colours nearer to each other than this are the same: OKLab's distance, 1 from black to white. */
const COLOR_THRESHOLD = 0.04;
/**
 * So many pixels may differ in any square of this many pixels a side. Edges that are smoothed differently differ in a
 * few, a thing that has moved by a pixel in a whole row of them.
 */
const WINDOW = 16;
export const MOST_DIFFERENT = 8;

/** @returns The most pixels that differ in any window. */
export function countDifferent(now: Picture, before: Picture, output?: Buffer): number {
  if (now.width !== before.width || now.height !== before.height) return WINDOW * WINDOW;
  if (now.data.equals(before.data)) return 0;
  return pixelmatch(now.data, before.data, output, now.width, now.height, {
    threshold: COLOR_THRESHOLD,
    windowSize: WINDOW,
  });
}

export class Baselines {
  private constructor(
    readonly index: SheetIndex,
    private readonly sheet: Picture,
  ) {}

  /** @returns undefined when none were made. */
  static async load(name: string): Promise<Baselines | undefined> {
    try {
      const index = JSON.parse(await readFile(join(FOLDER, `${name}.json`), 'utf8')) as SheetIndex;
      return new Baselines(index, await decodePicture(await readFile(join(FOLDER, `${name}.webp`))));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }

  pictureOf({ scene, theme }: Shot): Picture | undefined {
    const { width, height, columns, scenes } = this.index;
    const place = scenes.indexOf(scene);
    if (place < 0) return undefined;
    const left = 2 * (place % columns) + (theme === 'dark' ? 1 : 0);
    const top = Math.floor(place / columns);
    const rowBytes = 4 * this.sheet.width;
    const rows = Array.from({ length: height }, (_, y) => {
      const start = (top * height + y) * rowBytes + 4 * left * width;
      return this.sheet.data.subarray(start, start + 4 * width);
    });
    return { data: Buffer.concat(rows), width, height };
  }
}

/** Keeps these pictures as what later ones are compared with. */
export async function writeBaselines(
  name: string,
  pictures: readonly (Shot & { readonly picture: Picture })[],
  maker: Maker,
): Promise<void> {
  const scenes = [...new Set(pictures.map(({ scene }) => scene))];
  const { width, height } = pictures[0]!.picture;
  const index: SheetIndex = { ...maker, width, height, columns: COLUMNS, scenes };
  const tiles = pictures.map(({ scene, theme, picture }) => {
    const place = scenes.indexOf(scene);
    return {
      input: picture.data,
      raw: { width, height, channels: 4 as const },
      left: width * (2 * (place % COLUMNS) + (theme === 'dark' ? 1 : 0)),
      top: height * Math.floor(place / COLUMNS),
    };
  });
  await mkdir(FOLDER, { recursive: true });
  const rows = Math.ceil(scenes.length / COLUMNS);
  await sharp({
    create: { width: 2 * COLUMNS * width, height: rows * height, channels: 3, background: '#000000' },
  })
    .composite(tiles)
    .webp({ lossless: true, effort: 2 })
    .toFile(join(FOLDER, `${name}.webp`));
  await writeFile(join(FOLDER, `${name}.json`), `${JSON.stringify(index, null, 2)}\n`);
}

export async function decodePicture(file: Buffer): Promise<Picture> {
  const { data, info } = await sharp(file).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
}

/** Saves what a scene looks like, what it looked like, and the difference between them, beside each other. */
export async function saveComparison(path: string, now: Picture, before: Picture): Promise<void> {
  const { width, height } = now;
  const difference = Buffer.alloc(now.data.length);
  countDifferent(now, before, difference);
  const raw = { width, height, channels: 4 as const };
  await sharp({ create: { width: 3 * width, height, channels: 3, background: '#000000' } })
    .composite(
      [before.data, now.data, difference].map((input, i) => ({ input, raw, left: i * width, top: 0 })),
    )
    .png()
    .toFile(path);
}
