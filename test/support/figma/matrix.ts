/** Affine arithmetic of the pretended Figma; written apart from the plugin's own, so that neither hides the other's faults. */
import type { Transform } from './types.js';

export function multiply(outer: Transform, inner: Transform): Transform {
  const at = (row: 0 | 1, column: 0 | 1 | 2): number =>
    outer[row][0] * inner[0][column] + outer[row][1] * inner[1][column] + (column === 2 ? outer[row][2] : 0);
  return [
    [at(0, 0), at(0, 1), at(0, 2)],
    [at(1, 0), at(1, 1), at(1, 2)],
  ];
}

export function apply(matrix: Transform, [x, y]: readonly [number, number]): [number, number] {
  return [
    matrix[0][0] * x + matrix[0][1] * y + matrix[0][2],
    matrix[1][0] * x + matrix[1][1] * y + matrix[1][2],
  ];
}

/** Figma keeps single-precision numbers. */
export function singlePrecision(matrix: Transform): Transform {
  const round = (row: Transform[0]): Transform[0] => [
    Math.fround(row[0]),
    Math.fround(row[1]),
    Math.fround(row[2]),
  ];
  return [round(matrix[0]), round(matrix[1])];
}

/** Axis-aligned bounds of a transformed box that starts at the origin: [x0, y0, x1, y1]. */
export function boundsOfBox(
  matrix: Transform,
  width: number,
  height: number,
): [number, number, number, number] {
  const corners = [apply(matrix, [0, 0]), apply(matrix, [width, 0]), apply(matrix, [0, height])];
  corners.push(apply(matrix, [width, height]));
  const xs = corners.map(([x]) => x);
  const ys = corners.map(([, y]) => y);
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
}

export function invert([[a, c, tx], [b, d, ty]]: Transform): Transform {
  const area = a * d - b * c;
  return [
    [d / area, -c / area, (c * ty - d * tx) / area],
    [-b / area, a / area, (b * tx - a * ty) / area],
  ];
}
