/** An image that a sidecar is ready to be asked about. */
import { CodedError } from '../../protocol/errors.js';
import type { Sidecar } from './connection.js';
import type { SourceImage } from './situation.js';

/** An image that one sidecar has encoded. */
export interface Prepared {
  readonly image: SourceImage;
  readonly sidecar: Sidecar;
  /** The image's id on that side. */
  readonly id: string;
}

/**
 * @param prepared What can be asked about now, if anything.
 * @throws CodedError IMAGE_UNKNOWN when that is not the image that something is wanted of.
 */
export function requirePrepared(prepared: Prepared | undefined, image: SourceImage | undefined): Prepared {
  if (prepared && prepared.image === image) return prepared;
  throw new CodedError('IMAGE_UNKNOWN', 'The image isn’t ready yet.', 'Try again in a moment.');
}
