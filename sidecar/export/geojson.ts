/**
 * Outlines → GeoJSON, in image pixels with y down, since a photograph has no place on Earth. Geometry is straight
 * lines.
 */
import { flattenPath } from '../../models/trace/flatten-path.js';
import { nestRings, type Polygon } from '../../models/trace/nest.js';
import { ringArea, type Ring } from '../../models/trace/ring.js';
import { simplifyRing } from '../../models/trace/simplify.js';
import type { Size } from '../../protocol/geometry.js';
import { parentId, type MaskNode, type MaskTree } from './mask-tree.js';
import type { ExportedObject } from './object.js';

type Position = [number, number];

/** Share of an outline's tolerance by which lines may stray from its curves. */
const FLATTENING_SHARE = 0.25;

interface Shape {
  readonly id: string | number;
  readonly properties: Readonly<Record<string, number | string | null>>;
  readonly polygons: readonly Polygon[];
}

/**
 * Geometry comes from the contour, thinned out, and not from the curves that were fitted to it.
 *
 * @returns A FeatureCollection as text, one MultiPolygon an object.
 */
export function toGeoJson(image: Size, objects: readonly ExportedObject[]): string {
  const shapes = objects.map(({ id, outline, contour, properties }) => {
    const simplify = (ring: Ring): Ring => simplifyRing(ring, outline.tolerancePx);
    const polygons = nestRings(contour).map(({ outer, holes }) => ({
      outer: simplify(outer),
      holes: holes.map(simplify),
    }));
    return { id, properties, polygons };
  });
  return featureCollection(image, shapes);
}

/**
 * Geometry comes from the outlines' curves, so neighbours that share an edge share its points.
 *
 * @returns A FeatureCollection as text, one MultiPolygon a mask, in the order of the tree's list.
 * @throws CodedError PARAMS_INVALID when an outline's path cannot be read.
 */
export function treeToGeoJson(image: Size, tree: MaskTree): string {
  return featureCollection(image, tree.nodes.map(nodeShape));
}

function nodeShape(node: MaskNode): Shape {
  const { id, name, predictedIou, stabilityScore, area, outline } = node.mask;
  const rings = flattenPath(outline.path, FLATTENING_SHARE * outline.tolerancePx);
  return {
    id,
    properties: { name, parent: parentId(node), predictedIou, stabilityScore, area },
    // What has no area is no ring in GeoJSON.
    polygons: nestRings(rings.filter((ring) => ringArea(ring) !== 0)),
  };
}

function featureCollection(image: Size, shapes: readonly Shape[]): string {
  const features = shapes.map(({ id, properties, polygons }) => ({
    type: 'Feature',
    id,
    properties: { ...properties, imageWidth: image.width, imageHeight: image.height },
    geometry: {
      type: 'MultiPolygon',
      coordinates: polygons.map(({ outer, holes }) => [outer, ...holes].map(toPositions)),
    },
  }));
  return `${JSON.stringify({ type: 'FeatureCollection', features })}\n`;
}

/** GeoJSON repeats the first position at the end. */
function toPositions(ring: Ring): Position[] {
  const positions: Position[] = [];
  for (let i = 0; i < ring.length; i += 2) positions.push([round(ring[i]!), round(ring[i + 1]!)]);
  if (positions.length > 0) positions.push(positions[0]!);
  return positions;
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
