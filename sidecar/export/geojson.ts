/**
 * Outlines → GeoJSON, in image pixels with y down, since a photograph has no place on Earth. Geometry is straight
 * lines, so it comes from the contour and not from the curves that were fitted to it.
 */
import { nestRings } from '../../models/trace/nest.js';
import type { Ring } from '../../models/trace/ring.js';
import { simplifyRing } from '../../models/trace/simplify.js';
import type { Size } from '../../protocol/geometry.js';
import type { ExportedObject } from './object.js';

type Position = [number, number];

/** @returns A FeatureCollection as text, one MultiPolygon an object. */
export function toGeoJson(image: Size, objects: readonly ExportedObject[]): string {
  const features = objects.map(({ id, outline, contour, properties }) => ({
    type: 'Feature',
    id,
    properties: { ...properties, imageWidth: image.width, imageHeight: image.height },
    geometry: {
      type: 'MultiPolygon',
      coordinates: nestRings(contour).map(({ outer, holes }) =>
        [outer, ...holes].map((ring) => toPositions(ring, outline.tolerancePx)),
      ),
    },
  }));
  return `${JSON.stringify({ type: 'FeatureCollection', features })}\n`;
}

/** GeoJSON repeats the first position at the end. */
function toPositions(ring: Ring, tolerancePx: number): Position[] {
  const simple = simplifyRing(ring, tolerancePx);
  const positions: Position[] = [];
  for (let i = 0; i < simple.length; i += 2) positions.push([round(simple[i]!), round(simple[i + 1]!)]);
  if (positions.length > 0) positions.push(positions[0]!);
  return positions;
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
