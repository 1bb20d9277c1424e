/** What can be done with outlines, and how it goes. */
import type { Failure } from './situation.js';

/** What can be done with an outline. */
export type DeliveryKind =
  | 'insert'
  /** The outline, filled with the object's mean colour. */
  | 'insertFilled'
  /** The outline of the layer that was opened. */
  | 'update'
  /** The image itself, masked by the outline. */
  | 'insertCutout'
  /** The object and all the rest of the image, as two layers. */
  | 'separate'
  /** A picture of the object alone, its edge as soft as it is in the image. */
  | 'insertImage'
  /** The same, with hairs. */
  | 'insertFurryImage'
  | 'svg'
  | 'cutout'
  | 'softCutout'
  | 'furryCutout'
  | 'copySvg'
  | 'geojson';

/** What happened to the last thing that was inserted, saved, copied or brought. */
export type Delivery =
  | { readonly kind: 'idle' }
  /** For the answer to what is marked now. */
  | { readonly kind: 'waiting'; readonly as: DeliveryKind }
  | { readonly kind: 'busy' }
  | { readonly kind: 'done'; readonly message: string }
  /** `offer` is what can be done instead. */
  | { readonly kind: 'failed'; readonly failure: Failure; readonly offer?: DeliveryKind };

/** What concerns one object, however many are marked: its layer, the image that it is taken out of, the clipboard. */
export function isForOne(kind: DeliveryKind): boolean {
  return kind === 'update' || kind === 'separate' || kind === 'copySvg';
}
