/** What the interface finds itself in: what there is to work on, who answers, what is being done. */
import type { ErrorName } from '../../protocol/errors.js';
import type { Size } from '../../protocol/geometry.js';
import type { SeveralSelection } from '../selection.js';
import { DEFAULT_LIMITS } from './image-file.js';
import type { ImageLimits } from './image-file.js';
import type { Pixels } from './pixels.js';

/** Something went wrong, in words for the person who sees it. */
export interface Failure {
  readonly code: ErrorName;
  readonly message: string;
  readonly hint: string;
  /** By which the sidecar's log knows what failed; absent when it was not the sidecar that failed. */
  readonly requestId?: string | undefined;
}

/** The image being worked on. */
export interface SourceImage extends Size {
  /** Tells this image from every other one. */
  readonly key: string;
  readonly name: string;
  /** The image file. */
  readonly bytes: Uint8Array;
  readonly pixels: Pixels;
}

/** What there is to work on. */
export type Source =
  | { readonly kind: 'empty' }
  | { readonly kind: 'notImage'; readonly name: string; readonly reason: 'noImage' | 'imageMissing' }
  | SeveralSelection
  | { readonly kind: 'opening'; readonly name: string }
  | { readonly kind: 'unreadable'; readonly name: string; readonly failure: Failure }
  | { readonly kind: 'image'; readonly image: SourceImage };

/** Why no sidecar answers. */
export type OfflineCause = 'notRunning' | 'blocked' | 'safari';

/** How things stand with the sidecar. */
export type Link =
  | { readonly kind: 'searching' }
  | { readonly kind: 'offline'; readonly cause: OfflineCause }
  | { readonly kind: 'pairing'; readonly stage: 'code' | 'checking' | 'ended'; readonly failure?: Failure }
  /** It is there and does not want us: another protocol version, say. */
  | { readonly kind: 'refused'; readonly failure: Failure }
  | { readonly kind: 'online'; readonly server: ServerInfo };

interface ServerInfo {
  readonly origin: string;
  readonly version: string;
  readonly modelId: string;
  readonly model: string;
  /** All that there are, the one that answers by itself first. */
  readonly models: readonly { readonly id: string; readonly name: string }[];
  readonly licence: string;
  readonly device?: string;
  readonly limits: ImageLimits;
}

/** What the sidecar is doing for this image. */
export type Work =
  | { readonly kind: 'waiting' }
  | {
      readonly kind: 'preparing';
      readonly fraction: number;
      /** As far as it is known and worth saying. */
      readonly remainingMs?: number | undefined;
    }
  | { readonly kind: 'ready' }
  | { readonly kind: 'predicting' }
  /** Goes on until the next attempt, also when the person does not want to see it any more. */
  | { readonly kind: 'failed'; readonly failure: Failure; readonly isDismissed?: boolean };

/** The open image, if there is one. */
export function imageOf({ source }: { readonly source: Source }): SourceImage | undefined {
  return source.kind === 'image' ? source.image : undefined;
}

/** What the sidecar takes, as far as it has said so. */
export function limitsOf({ link }: { readonly link: Link }): ImageLimits {
  return link.kind === 'online' ? link.server.limits : DEFAULT_LIMITS;
}

/** Id of the model that answers; none while nobody does. */
export function modelOf({ link }: { readonly link: Link }): string {
  return link.kind === 'online' ? link.server.modelId : '';
}
