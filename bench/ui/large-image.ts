/** A photograph's worth of twenty-four megapixels. */
import sharp from 'sharp';
import { benchImage } from '../images.js';

const LARGE = { width: 6_000, height: 4_000 };

export async function largestImage() {
  const { name, bytes } = await benchImage();
  const large = await sharp(bytes)
    .resize({ ...LARGE, fit: 'fill' })
    .jpeg({ quality: 85 })
    .toBuffer();
  return { name: `${name.split(' ')[0]} ${LARGE.width}×${LARGE.height}`, bytes: large, ...LARGE };
}
