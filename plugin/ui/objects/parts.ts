/** Objects taken apart and put together, by their outlines. */
import { runsFromPath } from '../../../models/mask/path-runs.js';
import { encodeRuns } from '../../../models/mask/rle.js';
import { uniteRuns } from '../../../models/mask/run-sets.js';
import { measureRuns, runsFromRings } from '../../../models/mask/runs.js';
import { flattenPath } from '../../../models/trace/flatten-path.js';
import { nestRings } from '../../../models/trace/nest.js';
import type { Size } from '../../../protocol/geometry.js';
import type { Rle } from '../../../protocol/outline.js';

/** How closely curves are followed. */
const FLATTENING_PX = 0.05;
const COUNTING_PX = 1;

/** Nobody sorts through more; what is smaller than these is dust. */
const MOST_PARTS = 20;

/**
 * The parts of an object that do not hang together, each with its holes.
 *
 * @param path As in `Outline.path`.
 * @returns The largest first.
 */
export function splitPath(path: string, image: Size): Rle[] {
  return nestRings(flattenPath(path, FLATTENING_PX))
    .map(({ outer, holes }) => runsFromRings([outer, ...holes], image))
    .map((runs) => ({ runs, area: measureRuns(runs).area }))
    .filter(({ area }) => area > 0)
    .sort((a, b) => b.area - a.area)
    .slice(0, MOST_PARTS)
    .map(({ runs }) => encodeRuns(runs));
}

/** How many parts there are: for the eye, so curves need not be followed closely. */
export function countParts(path: string): number {
  return nestRings(flattenPath(path, COUNTING_PX)).length;
}

/** All that is inside any of some outlines; at least one. */
export function unitePaths(paths: readonly string[], image: Size): Rle {
  return encodeRuns(paths.map((path) => runsFromPath(path, image)).reduce(uniteRuns));
}
