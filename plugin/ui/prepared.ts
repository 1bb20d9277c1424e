/** An image that a sidecar is ready to be asked about. */
import { CodedError } from '../../protocol/errors.js';
import type { Sidecar } from './connection.js';
import type { SourceImage } from './situation.js';

/** An image that a sidecar has, and its bytes, should it forget them. */
export interface SentImage {
  readonly image: Pick<SourceImage, 'bytes'>;
  readonly sidecar: Sidecar;
  /** The image's id on that side. */
  readonly id: string;
}

/** The open image, encoded. */
export interface Prepared extends SentImage {
  readonly image: SourceImage;
}

/**
 * @param prepared What can be asked about now, if anything.
 * @throws CodedError IMAGE_UNKNOWN when that is not the image that something is wanted of.
 */
export function requirePrepared(prepared: Prepared | undefined, image: SourceImage | undefined): Prepared {
  if (prepared && prepared.image === image) return prepared;
  throw new CodedError('IMAGE_UNKNOWN', 'The image isn’t ready yet.', 'Try again in a moment.');
}
