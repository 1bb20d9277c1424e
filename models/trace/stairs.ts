/** Takes the stairs out of a mask's contour. */
import type { Size } from '../../protocol/geometry.js';
import type { Joints } from './joints.js';
import type { Ring } from './ring.js';
import type { Track } from './track.js';

/** Farthest a vertex may slide from the middle between two pixel centres; at 0.5 it would meet one of them. */
const LONGEST_SLIDE_PX = 0.48;

/**
 * Moves the vertices of a mask's contour onto a smooth guide.
 *
 * A mask says no more than between which two neighbouring pixel centres its edge passes. So each vertex may
 * slide along the line between its two centres, and filling the result still gives the mask exactly. The guide
 * runs through the joints; its corners become vertices where they fit in their grid cell.
 *
 * @param ring As contourField traces it from fieldFromMask; or an arc, whose ends stay where they are.
 */
export function smoothStairs(ring: Ring, joints: Joints, image: Size): Track {
  const smooth = new Float64Array(ring.length + 2 * joints.count);
  const vertex = new Int32Array(joints.count);
  let length = 0;
  for (let a = 0; a < joints.count; a++) {
    vertex[a] = length / 2;
    length += 2;
    if (joints.isOpen && a + 1 === joints.count) break;
    length = slideStretch(ring, joints, a, image, smooth, length);
  }
  const points = smooth.slice(0, length);
  if (joints.isOpen) {
    points.set(ring.subarray(0, 2));
    points.set(ring.subarray(-2), length - 2);
  }
  const pinned = joints.isOpen ? 1 : 0;
  for (let a = pinned; a < joints.count - pinned; a++) placeJoint(joints, a, points, vertex);
  return { ring: points, vertex };
}

/** Puts the vertex of a joint: a corner where it fits into its cell, others on the line between neighbours. */
function placeJoint(joints: Joints, a: number, points: Ring, vertices: Int32Array): void {
  const vertex = vertices[a]!;
  const n = points.length / 2;
  // Neighbours that are joints too and have no place yet do not count.
  let before = vertex === 0 ? n - 1 : vertex - 1;
  if (a === 0) for (let b = joints.count - 1; b > 0 && before === vertices[b]; b--) before--;
  let after = (vertex + 1) % n;
  const placed = joints.isOpen ? joints.count - 1 : joints.count;
  for (let b = a + 1; b < placed && after === vertices[b]; b++) after = (after + 1) % n;
  const [x0, y0, x1, y1] = [
    points[2 * before]!,
    points[2 * before + 1]!,
    points[2 * after]!,
    points[2 * after + 1]!,
  ];
  let [x, y] = [joints.x[a]!, joints.y[a]!];
  if (joints.isCorner[a]) {
    // The cell between pixel centres that this edge crosses.
    const left = Math.floor((x0 + x1) / 2 - 0.5) + 0.5;
    const top = Math.floor((y0 + y1) / 2 - 0.5) + 0.5;
    x = Math.min(left + 0.95, Math.max(left + 0.05, x));
    y = Math.min(top + 0.95, Math.max(top + 0.05, y));
  } else {
    const [dx, dy] = [x1 - x0, y1 - y0];
    const t = Math.min(1, Math.max(0, ((x - x0) * dx + (y - y0) * dy) / (dx * dx + dy * dy || 1)));
    x = x0 + t * dx;
    y = y0 + t * dy;
  }
  points[2 * vertex] = x;
  points[2 * vertex + 1] = y;
}

/** Slides the vertices after joint a up to joint b onto the curve between the two. */
function slideStretch(
  ring: Ring,
  joints: Joints,
  a: number,
  image: Size,
  smooth: Float64Array,
  start: number,
): number {
  const n = ring.length / 2;
  const b = a + 1 < joints.count ? a + 1 : 0;
  const first = joints.vertex[a]! + 1;
  let count = (joints.vertex[b]! - joints.vertex[a]! + n) % n;
  if (joints.count === 1) count = n;
  if (joints.isOpen) count = Math.min(joints.vertex[b]!, n - 2) - joints.vertex[a]!;
  const [ax, ay, bx, by] = [joints.x[a]!, joints.y[a]!, joints.x[b]!, joints.y[b]!];
  const handle = Math.hypot(bx - ax, by - ay);
  const [ux, uy] = [joints.outX[a]! * handle, joints.outY[a]! * handle];
  const [vx, vy] = [joints.inX[b]! * handle, joints.inY[b]! * handle];
  let length = start;
  for (let k = 0; k < count; k++) {
    const vertex = (first + k) % n;
    const x = ring[2 * vertex]!;
    const y = ring[2 * vertex + 1]!;
    const onBorder = x === 0 || y === 0 || x === image.width || y === image.height;
    const slidesAlongY = Number.isInteger(y);
    let t = (k + 1) / (count + 1);
    let [gx, gy] = [x, y];
    for (let step = 0; step < 3; step++) {
      // Cubic Hermite curve and its derivative.
      const s = 1 - t;
      const h0 = s * s * (1 + 2 * t);
      const h1 = t * s * s;
      const h2 = t * t * (3 - 2 * t);
      const h3 = -t * t * s;
      const d0 = -6 * t * s;
      const d1 = s * (1 - 3 * t);
      const d3 = t * (3 * t - 2);
      gx = h0 * ax + h1 * ux + h2 * bx + h3 * vx;
      gy = h0 * ay + h1 * uy + h2 * by + h3 * vy;
      const dx = d0 * (ax - bx) + d1 * ux + d3 * vx;
      const dy = d0 * (ay - by) + d1 * uy + d3 * vy;
      const change = slidesAlongY ? (x - gx) / dx : (y - gy) / dy;
      t = Math.min(1, Math.max(0, t + (Number.isFinite(change) ? change : 0)));
    }
    smooth[length++] = slidesAlongY || onBorder ? x : slide(x, gx);
    smooth[length++] = slidesAlongY && !onBorder ? slide(y, gy) : y;
  }
  return length;
}

function slide(from: number, to: number): number {
  return Math.min(from + LONGEST_SLIDE_PX, Math.max(from - LONGEST_SLIDE_PX, to));
}
