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

/** What is wrong when something needs the sidecar before it is ready. */
export function notPreparedError(): CodedError {
  return new CodedError('IMAGE_UNKNOWN', 'The image isn’t ready yet.', 'Try again in a moment.');
}
