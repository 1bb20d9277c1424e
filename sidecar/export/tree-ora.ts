/**
 * A tree of masks → OpenRaster, which GIMP and Krita open: the image at the bottom, each object a layer above it,
 * parts grouped with what they are parts of.
 *
 * @source OpenRaster 0.0.5, openraster.org.
 */
import sharp from 'sharp';
import type { Size } from '../../protocol/geometry.js';
import type { RgbaImage } from '../image-reader.js';
import { cutOutAll, pixelBox } from './cutouts.js';
import { regionId, type MaskNode, type MaskTree } from './mask-tree.js';
import { encodePng } from './png.js';
import { formatAttributes } from './svg.js';
import type { NamedFile } from './zip.js';

/** Longest side of the thumbnail. */
const THUMBNAIL_PX = 256;
const IMAGE_FILE = 'data/image.png';

/**
 * Makes the archive's files one at a time, in the order in which they go into it: the media type must come first.
 *
 * @throws CodedError RLE_INVALID; CANCELLED once the signal is aborted.
 */
export async function* treeOra(
  image: RgbaImage,
  tree: MaskTree,
  signal: AbortSignal | undefined,
): AsyncGenerator<NamedFile> {
  yield textFile('mimetype', 'image/openraster');
  yield textFile('stack.xml', stackXml(image, tree));
  const png = await encodePng(image);
  yield { name: IMAGE_FILE, bytes: png };
  for await (const cutout of cutOutAll(image, tree, signal)) {
    yield { name: layerFile(cutout.node), bytes: cutout.png };
  }
  // Cut-outs of an image over that image look like the image.
  yield { name: 'mergedimage.png', bytes: png };
  yield { name: 'Thumbnails/thumbnail.png', bytes: await thumbnail(image) };
}

/** OpenRaster lists what is on top first. */
function stackXml(image: Size, { roots }: MaskTree): string {
  const bottom = layerElement('Image', IMAGE_FILE, 0, 0);
  const lines = [...topmostFirst(roots).flatMap((root) => nodeLines(root, image, '    ')), `    ${bottom}`];
  const size = formatAttributes({ version: '0.0.5', w: image.width, h: image.height });
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<image ${size}>`,
    '  <stack>',
    ...lines,
    '  </stack>',
    '</image>',
    '',
  ].join('\n');
}

/** An object with parts is a group of that name, with the object itself under its parts. */
function nodeLines(node: MaskNode, image: Size, indent: string): string[] {
  const { mask, parts } = node;
  const [x, y] = pixelBox(mask.box, image);
  const layer = layerElement(mask.name, layerFile(node), x, y);
  if (parts.length === 0) return [indent + layer];
  const inner = `${indent}  `;
  return [
    `${indent}<stack ${formatAttributes({ name: mask.name })}>`,
    ...topmostFirst(parts).flatMap((part) => nodeLines(part, image, inner)),
    inner + layer,
    `${indent}</stack>`,
  ];
}

function layerElement(name: string, src: string, x: number, y: number): string {
  return `<layer ${formatAttributes({ name, src, x, y })}/>`;
}

function layerFile({ mask }: MaskNode): string {
  return `data/${regionId(mask)}.png`;
}

function topmostFirst(nodes: readonly MaskNode[]): MaskNode[] {
  return [...nodes].reverse();
}

async function thumbnail({ data, width, height }: RgbaImage): Promise<Uint8Array> {
  return sharp(data, { raw: { width, height, channels: 4 } })
    .resize(THUMBNAIL_PX, THUMBNAIL_PX, { fit: 'inside', withoutEnlargement: true })
    .png()
    .toBuffer();
}

function textFile(name: string, text: string): NamedFile {
  return { name, bytes: new TextEncoder().encode(text) };
}
