import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import type { TracedCandidate } from '../../../models/candidates.js';
import { fieldFromMask } from '../../../models/logit-field.js';
import { decodeRle, rleFromRings } from '../../../models/mask/rle.js';
import { traceField } from '../../../models/trace/outline.js';
import { renderExport } from '../../../sidecar/export/render.js';
import { localImages } from '../../../sidecar/read-here.js';

const IMAGE = { width: 40, height: 30 };

/** A square with a square hole. */
function squareWithHole(): TracedCandidate {
  const mask = new Uint8Array(40 * 30);
  for (let y = 5; y < 25; y++) {
    for (let x = 10; x < 30; x++) {
      const hole = x >= 16 && x < 24 && y >= 11 && y < 19;
      mask[y * 40 + x] = hole ? 0 : 1;
    }
  }
  const { outline, rings } = traceField(fieldFromMask(mask, IMAGE), { tolerancePx: 0.5, minRegionPx: 0 });
  const { rle, area, box } = rleFromRings(rings, IMAGE);
  return { rank: 1, predictedIou: 0.91234, stabilityScore: 0.95, area, box, outline, rle, contour: rings };
}

describe('renderExport', () => {
  const candidate = squareWithHole();
  const text = async (format: 'svg' | 'geojson' | 'coco') =>
    new TextDecoder().decode((await renderExport({ format, image: IMAGE, candidate }, localImages)).bytes);
  let photo: Uint8Array;

  beforeAll(async () => {
    photo = await sharp({ create: { ...IMAGE, channels: 3, background: 'red' } })
      .png()
      .toBuffer();
  });

  it('writes SVG in the image’s own pixels, one even-odd path with its scores', async () => {
    const svg = await text('svg');
    expect(svg).toContain('width="40" height="30" viewBox="0 0 40 30"');
    expect(svg.match(/<path /g)).toHaveLength(1);
    expect(svg).toContain('fill-rule="evenodd"');
    expect(svg).toContain('data-predicted-iou="0.9123"');
    expect(svg).toContain(candidate.outline.path);
  });

  it('draws what the mask holds', async () => {
    const svg = await text('svg');
    const { data } = await sharp(Buffer.from(svg.replace('<path ', '<path shape-rendering="crispEdges" ')))
      .extractChannel('alpha')
      .raw()
      .toBuffer({ resolveWithObject: true });
    const mask = decodeRle(candidate.rle);
    const wrong = mask.filter((inside, i) => inside !== (data[i]! > 127 ? 1 : 0)).length;
    expect(wrong).toBeLessThanOrEqual(8);
  });

  it('writes GeoJSON with closed rings, the hole inside its polygon', async () => {
    const { features } = JSON.parse(await text('geojson'));
    const [polygon] = features[0].geometry.coordinates;
    expect(features[0].geometry.type).toBe('MultiPolygon');
    expect(polygon).toHaveLength(2);
    for (const ring of polygon) expect(ring.at(-1)).toEqual(ring[0]);
    expect(features[0].properties.area).toBe(400 - 64);
  });

  it('writes COCO with the box as x, y, width, height', async () => {
    const { annotations, images, ...rest } = JSON.parse(await text('coco'));
    expect(images).toEqual([{ id: 1, ...IMAGE }]);
    expect(rest).toEqual({});
    expect(annotations[0]).toMatchObject({
      bbox: [10, 5, 20, 20],
      area: 336,
      iscrowd: 0,
      segmentation: { size: [30, 40] },
    });
  });

  it('writes the mask as PNG: white inside, black outside', async () => {
    const { bytes } = await renderExport({ format: 'png', image: IMAGE, candidate }, localImages);
    const { data, info } = await sharp(bytes).greyscale().raw().toBuffer({ resolveWithObject: true });
    expect(info).toMatchObject(IMAGE);
    expect(data[12 * 40 + 12]).toBe(255);
    expect(data[15 * 40 + 20]).toBe(0);
  });

  it('cuts the object out: the image’s pixels within its box, transparent elsewhere', async () => {
    const { bytes, box } = await renderExport(
      { format: 'cutout', image: IMAGE, candidate, bytes: photo },
      localImages,
    );
    expect(box).toEqual([10, 5, 30, 25]);
    const { data, info } = await sharp(bytes).raw().toBuffer({ resolveWithObject: true });
    expect(info).toMatchObject({ width: 20, height: 20, channels: 4 });
    expect([...data.subarray(0, 4)]).toEqual([255, 0, 0, 255]);
    expect(data[(10 * 20 + 10) * 4 + 3]).toBe(0);
  });

  it('says what a cut-out with a soft edge shows: room for the edge, as far as the image goes', async () => {
    const request = { format: 'cutout' as const, image: IMAGE, candidate, bytes: photo, softEdgePx: 2 };
    const { bytes, box } = await renderExport(request, localImages);
    expect(box).toEqual([8, 3, 32, 27]);
    expect(await sharp(bytes).metadata()).toMatchObject({ width: 24, height: 24 });
  });

  it('has the object solid in a soft cut-out, nothing far outside, and the image’s own transparency', async () => {
    const square = '<rect x="10" y="5" width="20" height="20" fill="#c80000"/>';
    const paint = (ground: string) =>
      sharp(Buffer.from(`<svg width="${IMAGE.width}" height="${IMAGE.height}">${ground}${square}</svg>`))
        .png()
        .toBuffer();
    const alphaOf = async (bytes: Uint8Array) => {
      const cutout = await renderExport(
        { format: 'cutout', image: IMAGE, candidate, bytes, softEdgePx: 2 },
        localImages,
      );
      return sharp(cutout.bytes).extractChannel('alpha').raw().toBuffer();
    };
    const over = await alphaOf(await paint('<rect width="100%" height="100%" fill="#0a0"/>'));
    expect(over[4 * 24 + 12]).toBe(255);
    expect(over[0]).toBe(0);
    const alone = await alphaOf(await paint(''));
    expect(alone[4 * 24 + 12]).toBe(255);
    expect(alone[0]).toBe(0);
  });

  it('says so of nothing but cut-outs', async () => {
    for (const format of ['svg', 'png'] as const) {
      expect(await renderExport({ format, image: IMAGE, candidate }, localImages)).not.toHaveProperty('box');
    }
  });

  it('keeps the transparency that the image itself has', async () => {
    const half = { r: 255, g: 0, b: 0, alpha: 0.5 };
    const bytes = await sharp({ create: { ...IMAGE, channels: 4, background: half } })
      .png()
      .toBuffer();
    const cutout = await renderExport({ format: 'cutout', image: IMAGE, candidate, bytes }, localImages);
    const pixels = await sharp(cutout.bytes).raw().toBuffer();
    expect([...pixels.subarray(0, 4)]).toEqual([255, 0, 0, 128]);
  });

  it('asks for the image when a cut-out is wanted without it', async () => {
    await expect(
      renderExport({ format: 'cutout', image: IMAGE, candidate }, localImages),
    ).rejects.toMatchObject({
      code: 'IMAGE_UNKNOWN',
    });
  });
});
