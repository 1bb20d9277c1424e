import { unzipSync } from 'fflate';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { decodeRle, encodeRle } from '../../../models/mask/rle.js';
import type { TreeFormat } from '../../../protocol/everything.js';
import { layerFiles, renderTree } from '../../../sidecar/export/render-tree.js';
import { localImages } from '../../../sidecar/read-here.js';
import { drawScene, drawSceneImage, SCENE } from './tree-scene.js';

const masks = drawScene();
let photo: Uint8Array;

beforeAll(async () => {
  photo = await drawSceneImage();
});

const render = (format: TreeFormat) => renderTree({ format, image: SCENE, masks, bytes: photo }, localImages);
const text = async (format: TreeFormat) => new TextDecoder().decode((await render(format)).bytes);
const json = async (format: TreeFormat) => JSON.parse(await text(format));

describe('a tree as SVG', () => {
  it('has the image’s size and one even-odd path an object, as it was traced', async () => {
    const svg = await text('svg');
    expect(svg).toContain('width="160" height="120" viewBox="0 0 160 120"');
    const paths = svg.match(/<path .*? d=".*?"/g)!;
    expect(paths).toHaveLength(masks.length);
    paths.forEach((path, k) => {
      expect(path).toContain('fill-rule="evenodd"');
      expect(path).toContain(`id="region-${masks[k]!.id}"`);
      expect(path).toContain(`d="${masks[k]!.outline.path}"`);
    });
  });

  it('nests parts in the group of what they are parts of, under none but their own', async () => {
    const tags = (await text('svg')).match(/<g id="region[^>]*"|<\/g>|<path id="[^"]*"/g)!;
    expect(tags.map((tag) => tag.replace(/<(g|path) id=/, ''))).toEqual([
      '"region-3-group"',
      '"region-3"',
      '"region-12-group"',
      '"region-12"',
      '"region-7"',
      '</g>',
      '"region-4"',
      '</g>',
      '"region-20"',
      '"region-21"',
      '</g>',
    ]);
  });

  it('says scores, area, name and parent, and no parent that is not there', async () => {
    const [, second, , , , last] = (await text('svg')).match(/<path [^>]*>/g)!;
    expect(second).toContain('data-predicted-iou="0.9123" data-stability-score="0.96" data-area="1380"');
    expect(second).toContain('data-name="Ring with a hole" data-parent="region-3"');
    expect(last).not.toContain('data-parent');
  });

  it('escapes names, and leaves out what XML cannot hold', async () => {
    expect(await text('svg')).toContain('<title>Plate &amp; &lt;bowl&gt; &quot;blue&quot; · 20 %</title>');
    const named = [{ ...masks[0]!, name: 'a\u0000b\u001fc' }];
    const { bytes } = await renderTree({ format: 'svg', image: SCENE, masks: named }, localImages);
    expect(new TextDecoder().decode(bytes)).toContain('<title>abc</title>');
  });

  it('lets no path out of its attribute', async () => {
    const outline = { ...masks[0]!.outline, path: 'M 0 0 Z"/><script>' };
    const { bytes } = await renderTree(
      { format: 'svg', image: SCENE, masks: [{ ...masks[0]!, outline }] },
      localImages,
    );
    expect(new TextDecoder().decode(bytes)).not.toContain('<script>');
  });

  it('gives every object a colour of its own', async () => {
    const fills = (await text('svg')).match(/fill="#[0-9a-f]{6}"/g)!;
    expect(new Set(fills).size).toBe(masks.length);
  });
});

describe('a tree as GeoJSON', () => {
  it('has one MultiPolygon an object, holes in their polygons, islands apart', async () => {
    const { features } = await json('geojson');
    expect(features.map(({ id }: { id: number }) => id)).toEqual([3, 12, 7, 4, 20, 21]);
    const rings = features.map(({ geometry }: { geometry: { coordinates: unknown[][] } }) =>
      geometry.coordinates.map((polygon) => polygon.length),
    );
    expect(rings).toEqual([[1], [2], [1], [1], [1], [1, 1]]);
    for (const ring of features[1].geometry.coordinates[0]) expect(ring.at(-1)).toEqual(ring[0]);
  });

  it('encloses the area that the mask has', async () => {
    const { features } = await json('geojson');
    for (const { geometry, properties } of features) {
      const area = geometry.coordinates
        .flat()
        .reduce((sum: number, ring: number[][]) => sum + shoelace(ring), 0);
      const lengthPx = geometry.coordinates
        .flat()
        .reduce((sum: number, ring: number[][]) => sum + perimeter(ring), 0);
      expect(Math.abs(area - properties.area)).toBeLessThan(0.25 * lengthPx);
    }
  });

  it('says scores, name and parent, null where it is not there', async () => {
    const { features } = await json('geojson');
    expect(features[1].properties).toMatchObject({ name: 'Ring with a hole', parent: 3, area: 1380 });
    expect(features[5].properties).toMatchObject({ parent: null, predictedIou: 0.91234567 });
  });

  it('refuses an outline that is no path', async () => {
    const outline = { ...masks[0]!.outline, path: 'M 0 0 Q 1 1 2 2 Z' };
    const request = { format: 'geojson', image: SCENE, masks: [{ ...masks[0]!, outline }] } as const;
    await expect(renderTree(request, localImages)).rejects.toMatchObject({ code: 'PARAMS_INVALID' });
  });
});

describe('a tree as annotations', () => {
  it('is COCO without categories', async () => {
    const coco = await json('coco');
    expect(Object.keys(coco)).toEqual(['images', 'annotations']);
    expect(coco.annotations[1]).toEqual({
      id: 12,
      image_id: 1,
      segmentation: masks[1]!.rle,
      area: 1380,
      bbox: [23, 33, 54, 54],
      predicted_iou: 0.91234567,
      stability_score: 0.96,
      iscrowd: 0,
      name: 'Ring with a hole',
      parent: 3,
    });
    expect(coco.annotations[5].parent).toBeNull();
  });

  it('is one image’s file of SA-1B', async () => {
    const request = { format: 'sa-1b', image: SCENE, masks, fileName: 'plate.jpg' } as const;
    const sa1b = JSON.parse(new TextDecoder().decode((await renderTree(request, localImages)).bytes));
    expect(sa1b.image).toEqual({ image_id: 1, width: 160, height: 120, file_name: 'plate.jpg' });
    expect(sa1b.annotations[1]).toEqual({
      id: 12,
      segmentation: masks[1]!.rle,
      area: 1380,
      bbox: [23, 33, 54, 54],
      predicted_iou: 0.91234567,
      stability_score: 0.96,
      crop_box: [0, 0, 160, 120],
      point_coords: [[72, 60]],
    });
  });
});

describe('a tree as layers', () => {
  it('names files in painting order and the index last', async () => {
    const names: string[] = [];
    for await (const { name } of layerFiles(
      { format: 'layers', image: SCENE, masks, bytes: photo },
      localImages,
    ))
      names.push(name);
    expect(names).toEqual([
      '001-region-3.png',
      '002-region-12.png',
      '003-region-7.png',
      '004-region-4.png',
      '005-region-20.png',
      '006-region-21.png',
      'index.json',
    ]);
  });

  it('indexes what it holds', async () => {
    const files = unzipSync((await render('layers')).bytes);
    const index = JSON.parse(new TextDecoder().decode(files['index.json']));
    expect(index.image).toEqual(SCENE);
    expect(index.layers[1]).toEqual({
      file: '002-region-12.png',
      id: 12,
      parent: 3,
      name: 'Ring with a hole',
      box: [23, 33, 77, 87],
      area: 1380,
      predictedIou: 0.91234567,
      stabilityScore: 0.96,
      point: [72, 60],
    });
    expect(index.layers[5].parent).toBeNull();
  });

  it('keeps the image inside each mask, in its box, and nothing outside', async () => {
    const files = unzipSync((await render('layers')).bytes);
    const image = await sharp(photo).ensureAlpha().raw().toBuffer();
    for (const [k, { id, rle, box }] of masks.entries()) {
      const [x0, y0, x1, y1] = box;
      const { data, info } = await sharp(files[`00${k + 1}-region-${id}.png`])
        .raw()
        .toBuffer({ resolveWithObject: true });
      expect([info.width, info.height, info.channels]).toEqual([x1 - x0, y1 - y0, 4]);
      const mask = decodeRle(rle);
      const expected = Buffer.alloc(data.length);
      for (let y = y0, to = 0; y < y1; y++) {
        for (let x = x0; x < x1; x++, to += 4) {
          const from = y * SCENE.width + x;
          if (mask[from]) image.copy(expected, to, 4 * from, 4 * from + 4);
        }
      }
      expect(data.equals(expected)).toBe(true);
    }
  });

  it('makes a transparent layer of a mask with nothing in it, at the image’s edge', async () => {
    const empty = { ...masks[0]!, rle: encodeRle(new Uint8Array(160 * 120), SCENE), area: 0 };
    const edge = { ...empty, box: [159.5, 119, 400, 400] as [number, number, number, number] };
    const { bytes } = await renderTree(
      { format: 'layers', image: SCENE, masks: [edge], bytes: photo },
      localImages,
    );
    const { data, info } = await sharp(unzipSync(bytes)['001-region-3.png'])
      .raw()
      .toBuffer({ resolveWithObject: true });
    expect([info.width, info.height, ...data]).toEqual([1, 1, 0, 0, 0, 0]);
  });
});

describe('a tree as OpenRaster', () => {
  it('lists what is on top first, parts above what they are parts of, the image at the bottom', async () => {
    const files = unzipSync((await render('ora')).bytes);
    const stack = new TextDecoder().decode(files['stack.xml']);
    const tags = stack.match(/<stack( [^>]*)?>|<\/stack>|src="[^"]*" x="\d+" y="\d+"/g)!;
    expect(tags).toEqual([
      '<stack>',
      'src="data/region-21.png" x="118" y="8"',
      'src="data/region-20.png" x="74" y="26"',
      '<stack name="Plate &amp; &lt;bowl&gt; &quot;blue&quot; · 20 %">',
      'src="data/region-4.png" x="42" y="52"',
      '<stack name="Ring with a hole">',
      'src="data/region-7.png" x="69" y="57"',
      'src="data/region-12.png" x="23" y="33"',
      '</stack>',
      'src="data/region-3.png" x="10" y="20"',
      '</stack>',
      'src="data/image.png" x="0" y="0"',
      '</stack>',
    ]);
  });

  it('keeps the thumbnail of a large image within 256 pixels', async () => {
    const image = { width: 700, height: 300 };
    const bytes = await drawSceneImage(image);
    const { bytes: ora } = await renderTree({ format: 'ora', image, masks: [], bytes }, localImages);
    const thumbnail = await sharp(unzipSync(ora)['Thumbnails/thumbnail.png']).metadata();
    expect([thumbnail.width, thumbnail.height]).toEqual([256, 110]);
  });
});

describe('renderTree', () => {
  it('asks for the image where pixels are wanted without it, or comes with another', async () => {
    for (const format of ['layers', 'ora'] as const) {
      const unknown = { code: 'IMAGE_UNKNOWN' };
      await expect(renderTree({ format, image: SCENE, masks }, localImages)).rejects.toMatchObject(unknown);
      const other = await drawSceneImage({ width: 120, height: 160 });
      await expect(
        renderTree({ format, image: SCENE, masks, bytes: other }, localImages),
      ).rejects.toMatchObject(unknown);
    }
  });

  it('refuses masks of another image', async () => {
    const request = { format: 'coco', image: { width: 120, height: 160 }, masks } as const;
    await expect(renderTree(request, localImages)).rejects.toMatchObject({ code: 'RLE_INVALID' });
  });

  it('stops between layers once it is cancelled', async () => {
    const abort = new AbortController();
    const files = layerFiles(
      { format: 'layers', image: SCENE, masks, bytes: photo, signal: abort.signal },
      localImages,
    );
    expect((await files.next()).value).toMatchObject({ name: '001-region-3.png' });
    abort.abort();
    await expect(files.next()).rejects.toMatchObject({ code: 'CANCELLED' });
  });

  it('does not begin what was cancelled before', async () => {
    const signal = AbortSignal.abort();
    const request = { format: 'svg', image: SCENE, masks, signal } as const;
    await expect(renderTree(request, localImages)).rejects.toMatchObject({ code: 'CANCELLED' });
  });
});

/** Positive for outer rings, negative for holes. */
function shoelace(ring: number[][]): number {
  return ring.slice(1).reduce((sum, [x, y], k) => sum + (ring[k]![0]! * y! - x! * ring[k]![1]!) / 2, 0);
}

function perimeter(ring: number[][]): number {
  return ring.slice(1).reduce((sum, [x, y], k) => sum + Math.hypot(x! - ring[k]![0]!, y! - ring[k]![1]!), 0);
}
