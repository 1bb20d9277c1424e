/** An outline's path → the mask that it encloses. */
import { CodedError } from '../../protocol/errors.js';
import type { Size } from '../../protocol/geometry.js';
import { flattenPath } from '../trace/flatten-path.js';
import type { Ring } from '../trace/ring.js';
import { runsFromRings } from './runs.js';
import type { Runs } from './runs.js';

/** How closely curves are followed. */
const FLATTENING_PX = 0.05;

/**
 * Fills an outline at pixel centres by the even-odd rule.
 *
 * @param path As in `Outline.path`: absolute `M L C Z`, tokens separated by spaces, image space.
 * @returns Its runs; what is no such path encloses nothing.
 */
export function runsFromPath(path: string, size: Size): Runs {
  return runsFromRings(readRings(path), size);
}

function readRings(path: string): Ring[] {
  try {
    return flattenPath(path, FLATTENING_PX);
  } catch (error) {
    if (error instanceof CodedError) return [];
    throw error;
  }
}
