/** Found objects without an image: a grid of wobbly shapes, each with parts, any number of them. */
import type { FoundMask } from '../../protocol/everything.js';
import type { Size } from '../../protocol/geometry.js';
import { rleFromRings } from '../../models/mask/rle.js';

const COLORS = ['blue', 'green', 'red', 'grey', 'yellow'];
const CORNERS = 48;
/** Objects of a cell: a shape, a part of it, and a part of that. */
const PER_CELL = 3;

/**
 * @param cells Columns and rows of the grid; each cell holds a shape with a part that has a part itself.
 * @returns Masks in painting order, parents first, with ids from 1.
 */
export function foundScene(
  size: Size,
  cells: { readonly columns: number; readonly rows: number },
): FoundMask[] {
  const masks: FoundMask[] = [];
  const radius = Math.min(size.width / cells.columns, size.height / cells.rows) * 0.42;
  for (let row = 0; row < cells.rows; row++) {
    for (let column = 0; column < cells.columns; column++) {
      const center: [number, number] = [
        ((column + 0.5) * size.width) / cells.columns,
        ((row + 0.5) * size.height) / cells.rows,
      ];
      let parent: number | null = null;
      for (let level = 0; level < PER_CELL; level++) {
        const id = masks.length + 1;
        masks.push(foundBlob(id, parent, center, radius * 0.55 ** level, size));
        parent = id;
      }
    }
  }
  return masks;
}

function foundBlob(
  id: number,
  parent: number | null,
  [cx, cy]: readonly [number, number],
  radius: number,
  size: Size,
): FoundMask {
  const ring = new Float64Array(2 * CORNERS);
  for (let k = 0; k < CORNERS; k++) {
    const angle = (2 * Math.PI * k) / CORNERS;
    const r = radius * (1 + 0.06 * Math.cos(3 * angle + id) + 0.04 * Math.cos(5 * angle + 2 * id));
    ring[2 * k] = Math.round(cx + r * Math.cos(angle));
    ring[2 * k + 1] = Math.round(cy + r * Math.sin(angle));
  }
  const { rle, area, box } = rleFromRings([ring], size);
  const path = `M ${Array.from(ring, (v, i) => (i > 0 && i % 2 === 0 ? `L ${v}` : v)).join(' ')} Z`;
  const share = Number(((100 * area) / (size.width * size.height)).toPrecision(2));
  return {
    id,
    parent,
    name: `Region ${id} · ${COLORS[id % COLORS.length]} · ${share} %`,
    area,
    box,
    predictedIou: 1 - (id % 10) / 100,
    stabilityScore: 0.96,
    point: [cx, cy],
    cropBox: [0, 0, size.width, size.height],
    rle,
    outline: { path, nodes: CORNERS, rings: 1, tolerancePx: 0.5, maxDeviationPx: 0.4 },
  };
}
