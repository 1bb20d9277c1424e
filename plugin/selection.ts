/**
 * What the two halves of the plugin say about several selected nodes, and about actions that go without a window.
 * Messages are in bridge.ts.
 */
import type { Size } from '../protocol/geometry.js';

/** A node that shows an image, as far as working through a list of them needs it. */
export interface SelectedImage {
  readonly nodeId: string;
  readonly name: string;
  /** As in the selection of one image. */
  readonly revision: string;
  /** Size of the pixels that `read-image` is going to return. */
  readonly pixels: Size;
}

/** A layer of ours that `open-layer` can open, and the image that it was made from. */
export interface SelectedLayer {
  readonly nodeId: string;
  readonly name: string;
  readonly image: SelectedImage;
}

/** Something else that is selected, and why nothing can be found in it. */
export interface SelectedOther {
  readonly nodeId: string;
  readonly name: string;
  /** What it is, in words for a sentence: "text", "group", "vector". */
  readonly what: string;
  readonly reason: 'no-image-fill' | 'image-missing';
}

/** What several selected nodes are. A layer of ours that cannot be opened stands for the image it was made from. */
export interface SeveralSelection {
  readonly kind: 'several';
  /** All that is selected; at most `MAX_LISTED` of it is told of below. */
  readonly count: number;
  readonly images: readonly SelectedImage[];
  readonly layers: readonly SelectedLayer[];
  readonly others: readonly SelectedOther[];
}

/** Most selected nodes that are looked at: one way or another, a batch is not that long. */
export const MAX_LISTED = 200;

/** What is done with every image of a batch, one after another. */
export type BatchTask =
  /** The largest object that is not the background. */
  | 'largest'
  /** What is in a box that lies in each image alike. */
  | 'box'
  /** All objects, as a tree. */
  | 'everything'
  /** Layers of ours are found again with the marks that they were made with. */
  | 'again';

/** An entry of the plugin's menu that goes without a window. */
export interface QuickAction {
  /** Its command in the manifest. */
  readonly name: 'cut-out' | 'outline' | 'everything';
  readonly task: Exclude<BatchTask, 'again'>;
  /** Missing where it is as the person did it last. */
  readonly style?: 'outlines' | 'cutouts';
}
