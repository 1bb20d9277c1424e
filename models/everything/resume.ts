/** Where a run goes on: what a client sends back is checked as strictly as anything else it sends. */
import { z, ZodError } from 'zod';
import { CodedError } from '../../protocol/errors.js';
import type { EverythingMode, EverythingParameters, FoundMask, Resume } from '../../protocol/everything.js';
import type { Size } from '../../protocol/geometry.js';
import { decodeRuns } from '../mask/rle.js';
import type { Finding } from './finding.js';

/** Ids are counted on from the highest, and stay whole numbers that way. */
const HIGHEST_ID = 1e9;

const cursorSchema = z.object({ of: z.string(), at: z.unknown() });

/** Names a search by everything that its cursor depends on. */
export function searchName(mode: EverythingMode, image: Size, parameters: EverythingParameters): string {
  // How many clicks are asked at once changes nothing.
  const decisive = Object.entries(parameters).filter(([name]) => name !== 'pointsPerBatch');
  return `${mode} ${image.width}×${image.height} ${decisive.map(([, value]) => value).join(' ')}`;
}

/** @param at A search's own cursor. */
export function packCursor(name: string, at: unknown): string {
  return JSON.stringify({ of: name, at } satisfies z.infer<typeof cursorSchema>);
}

/**
 * @returns The search's own cursor.
 * @throws CodedError RESUME_INVALID when the cursor is of another search, or the masks are not of this image or not
 *   told apart by their ids; RLE_INVALID when one cannot be read.
 */
export function unpackResume({ cursor, masks }: Resume, name: string, image: Size): unknown {
  const { of, at } = understood(() => cursorSchema.parse(JSON.parse(cursor)));
  if (of !== name) throw invalid('The cursor is of a run with other parameters or of another image.');
  const ids = new Set(masks.map(({ id }) => id));
  if (ids.size < masks.length) throw invalid('Two masks have the same id.');
  for (const { id, rle } of masks) {
    if (id > HIGHEST_ID) throw invalid(`There cannot be a mask ${id}.`);
    if (rle.size[0] !== image.height || rle.size[1] !== image.width) {
      throw invalid(`Mask ${id} is not of an image of ${image.width}×${image.height} px.`);
    }
  }
  return at;
}

/** A mask as the search held it. */
export function resumedFinding(mask: FoundMask): Finding {
  const { box, area, predictedIou, stabilityScore, point, cropBox } = mask;
  return { shape: decodeRuns(mask.rle), box, area, predictedIou, stabilityScore, point, cropBox };
}

/** Does work that reads a cursor. */
export function understood<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    return misunderstood(error);
  }
}

/** @throws CodedError RESUME_INVALID instead of what parsers throw at a cursor that is none. */
export function misunderstood(error: unknown): never {
  if (!(error instanceof ZodError) && !(error instanceof SyntaxError)) throw error;
  throw invalid('The cursor cannot be read.', error);
}

/** @param message What is wrong, in a sentence. */
export function invalid(message: string, cause?: unknown): CodedError {
  return new CodedError('RESUME_INVALID', message, 'Start anew, without resume.', { cause });
}
