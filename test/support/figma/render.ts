/** Renders what `exportAsync` is asked for: one image fill on one rectangle in a frame, as Figma would show it. */
import sharp from 'sharp';
import { multiply } from './matrix.js';
import type { ExportJob, Transform } from './types.js';

interface Pixels {
  /** RGBA. */
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** The fields of an image fill that decide where it lies. */
interface ImageFill {
  readonly type: string;
  readonly imageHash: string;
  readonly scaleMode: string;
  readonly imageTransform?: Transform;
  readonly scalingFactor?: number;
}

/**
 * Makes a renderer for `FigmaHostOptions.render`.
 *
 * @param images Encoded images by their hash. Paint rotation, filters and other fills are not rendered.
 */
export function createRenderer(
  images: ReadonlyMap<string, Uint8Array>,
): (job: ExportJob) => Promise<Uint8Array> {
  return async (job) => {
    const rectangle = job.node.children[0]!;
    const fill = (rectangle.fills as unknown as readonly ImageFill[]).find(({ type }) => type === 'IMAGE');
    const encoded = fill && images.get(fill.imageHash);
    if (!encoded) throw new Error('the image is not there');
    const image = await decode(encoded);
    const toImage = exportToImage(fill, rectangle, image, job.scale);
    const data = sample(image, toImage, job, fill.scaleMode === 'TILE');
    const picture = sharp(data, { raw: { width: job.width, height: job.height, channels: 4 } });
    return new Uint8Array(await (job.settings.format === 'JPG' ? picture.jpeg() : picture.png()).toBuffer());
  };
}

async function decode(encoded: Uint8Array): Promise<Pixels> {
  const { data, info } = await sharp(encoded).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  return { data: new Uint8Array(data), width: info.width, height: info.height };
}

/** Exported pixels → pixels of the stored image. The rectangle lies at the frame's corner. */
function exportToImage(
  fill: ImageFill,
  { width, height }: { width: number; height: number },
  image: Pixels,
  scale: number,
): Transform {
  const stretch = (x: number, y: number, dx = 0, dy = 0): Transform => [
    [x, 0, dx],
    [0, y, dy],
  ];
  const toNode = stretch(1 / scale, 1 / scale);
  if (fill.scaleMode === 'TILE') {
    const factor = 1 / (fill.scalingFactor ?? 1);
    return multiply(stretch(factor, factor), toNode);
  }
  if (fill.scaleMode === 'CROP' && fill.imageTransform) {
    const toUnit = multiply(stretch(1 / width, 1 / height), toNode);
    return multiply(stretch(image.width, image.height), multiply(fill.imageTransform, toUnit));
  }
  const ratios = [width / image.width, height / image.height];
  const shown = fill.scaleMode === 'FIT' ? Math.min(...ratios) : Math.max(...ratios);
  const [dx, dy] = [(image.width - width / shown) / 2, (image.height - height / shown) / 2];
  return multiply(stretch(1 / shown, 1 / shown, dx, dy), toNode);
}

/** Nearest pixel at each centre; nothing outside of the image unless it repeats. */
function sample(
  image: Pixels,
  [[a, c, tx], [b, d, ty]]: Transform,
  { width, height }: ExportJob,
  tile: boolean,
) {
  const source = new Uint32Array(image.data.buffer, image.data.byteOffset, image.width * image.height);
  const out = new Uint32Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      let u = Math.floor(a * (x + 0.5) + c * (y + 0.5) + tx);
      let v = Math.floor(b * (x + 0.5) + d * (y + 0.5) + ty);
      if (tile) {
        u = ((u % image.width) + image.width) % image.width;
        v = ((v % image.height) + image.height) % image.height;
      }
      if (u >= 0 && v >= 0 && u < image.width && v < image.height) {
        out[y * width + x] = source[v * image.width + u]!;
      }
    }
  }
  return new Uint8Array(out.buffer);
}
