import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fieldFromMask, type LogitField } from '../../../models/logit-field.js';
import { contourField } from '../../../models/trace/contour.js';
import { ringArea, type Ring } from '../../../models/trace/ring.js';
import { noiseMask } from '../mask/arbitrary-mask.js';
import { parseMask, turnMask } from '../mask/text-mask.js';
import { disc, fieldOf } from './shapes.js';

function contourOf(text: string): Ring[] {
  const { mask, size } = parseMask(text);
  return contourField(fieldFromMask(mask, size));
}

/** A field of one cell that covers its image; samples at the image corners. */
function oneCell(
  topLeft: number,
  topRight: number,
  bottomLeft: number,
  bottomRight: number,
  side = 1,
): LogitField {
  return {
    logits: Float32Array.of(topLeft, topRight, bottomLeft, bottomRight),
    columns: 2,
    rows: 2,
    originX: 0,
    originY: 0,
    stepX: side,
    stepY: side,
    image: { width: side, height: side },
  };
}

describe('contourField on a mask', () => {
  it('runs midway between unlike pixels and cuts their corners', () => {
    const [ring] = contourOf(`
      ...
      .#.
      ...`);
    const points = Array.from({ length: ring!.length / 2 }, (_, k) => `${ring![2 * k]},${ring![2 * k + 1]}`);
    expect(points.sort()).toEqual(['1,1.5', '1.5,1', '1.5,2', '2,1.5']);
  });

  it('closes along the image border, exactly', () => {
    expect(contourOf('##').map(ringArea)).toEqual([2]);
  });

  it('gives no rings for an empty mask and one for a full one', () => {
    expect(contourOf('..')).toEqual([]);
    expect(contourOf('####\n####').map(ringArea)).toEqual([8]);
  });

  it('makes outer rings positive and holes negative', () => {
    const areas = contourOf(`
      #####
      #...#
      #.#.#
      #...#
      #####`).map(ringArea);
    expect(areas).toEqual([25, -8.5, 0.5]);
  });

  it('keeps foreground apart that touches at a corner', () => {
    expect(contourOf('#.\n.#')).toHaveLength(2);
  });

  it('joins background that touches at a corner', () => {
    const rings = contourOf(`
      #####
      #.###
      ##.##
      #####`);
    expect(rings).toHaveLength(2);
  });

  it('keeps a hole when its ring touches the border', () => {
    const areas = contourOf(`
      ###
      #.#
      ###`).map(ringArea);
    expect(areas).toEqual([9, -0.5]);
  });

  it('keeps area and ring count in quarter turns', () => {
    fc.assert(
      fc.property(noiseMask, (textMask) => {
        const turned = turnMask(textMask);
        const rings = contourField(fieldFromMask(textMask.mask, textMask.size));
        const turnedRings = contourField(fieldFromMask(turned.mask, turned.size));
        const areas = (some: Ring[]) => some.map(ringArea).sort((a, b) => a - b);
        expect(areas(turnedRings)).toEqual(areas(rings));
      }),
    );
  });
});

describe('contourField on logits', () => {
  it('joins or separates corners of a saddle cell as its saddle value says', () => {
    expect(contourField(oneCell(2, -1, -1, 2))).toHaveLength(1);
    expect(contourField(oneCell(1, -2, -2, 1))).toHaveLength(2);
    expect(contourField(oneCell(1, -1, -1, 1))).toHaveLength(2);
    expect(contourField(oneCell(-1, 2, 2, -1))).toHaveLength(1);
  });

  it('stays within 1/16 px of the bilinear zero set inside large cells', () => {
    const [a, b, c, d] = [3, -1, -1, -0.7];
    const side = 16;
    const [ring] = contourField(oneCell(a, b, c, d, side));
    const value = (x: number, y: number) => {
      const [u, v] = [x / side, y / side];
      return a * (1 - u) * (1 - v) + b * u * (1 - v) + c * (1 - u) * v + d * u * v;
    };
    let farthest = 0;
    for (let k = 2; k + 1 < ring!.length; k += 2) {
      const [x, y] = [(ring![k - 2]! + ring![k]!) / 2, (ring![k - 1]! + ring![k + 1]!) / 2];
      if (x < 0.01 || y < 0.01) continue;
      const slope = Math.hypot(value(x + 0.01, y) - value(x, y), value(x, y + 0.01) - value(x, y)) / 0.01;
      farthest = Math.max(farthest, Math.abs(value(x, y)) / slope);
    }
    expect(farthest).toBeGreaterThan(0);
    expect(farthest).toBeLessThan(1 / 16);
  });

  it('clamps past the outermost samples and interpolates at a border between samples', () => {
    const field: LogitField = {
      logits: Float32Array.of(1, 1, -3, 1, 1, -3),
      columns: 3,
      rows: 2,
      originX: 1,
      originY: 1,
      stepX: 2,
      stepY: 2,
      // The last column lies in the padding, right of the image.
      image: { width: 4, height: 4 },
    };
    const areas = contourField(field).map(ringArea);
    expect(areas).toHaveLength(1);
    expect(areas[0]).toBeCloseTo(3.5 * 4, 9);
  });

  it('leaves out what lies in the padding', () => {
    const field = {
      ...fieldOf(disc(20, 8, 5), { width: 32, height: 16 }, 1),
      image: { width: 12, height: 16 },
    };
    expect(contourField(field)).toEqual([]);
  });

  it('needs no image pixel between samples', () => {
    const rings = contourField(fieldOf(disc(8, 8, 5), { width: 16, height: 16 }, 0.25));
    expect(rings).toHaveLength(1);
    expect(Math.abs(ringArea(rings[0]!) - 25 * Math.PI)).toBeLessThan(0.2);
  });

  it('survives samples that are exactly 0', () => {
    const field = fieldFromMask(new Uint8Array(25), { width: 5, height: 5 });
    field.logits.fill(0);
    field.logits[12] = 0.5;
    expect(contourField(field).map(ringArea)).toEqual([2]);
  });
});
