/** A document with many images in it, as working through several of them needs it. */
import type { ExistingLayer, ImageSource, LayerRef, LayerStyle, OpenedLayer } from '../bridge.js';
import type { OutlineLayer, TreeLayer } from '../bridge.js';
import type { QuickAction, SelectedImage } from '../selection.js';

/** How one piece of work is followed and called off. */
interface PieceOfWork {
  readonly signal: AbortSignal;
  onProgress?(done: number, total: number): void;
}

/** Everything here rejects with CodedErrors; what was cancelled leaves nothing behind. */
export interface DocumentHost {
  /** The action that the plugin was run for without a window, if it was. */
  quickAction(): Promise<QuickAction | undefined>;
  readImage(image: SelectedImage, work: PieceOfWork): Promise<{ source: ImageSource; bytes: Uint8Array }>;
  /** Inserts one outline; nothing is selected by it, as little as by the others. */
  insertOutline(
    source: ImageSource,
    style: LayerStyle,
    outline: OutlineLayer,
    work: PieceOfWork,
  ): Promise<readonly LayerRef[]>;
  insertTree(
    source: ImageSource,
    style: LayerStyle,
    layers: readonly TreeLayer[],
    work: PieceOfWork,
  ): Promise<readonly LayerRef[]>;
  listLayers(source: ImageSource, work: PieceOfWork): Promise<readonly ExistingLayer[]>;
  openLayer(source: ImageSource, nodeId: string, work: PieceOfWork): Promise<OpenedLayer>;
  updateOutline(
    source: ImageSource,
    nodeId: string,
    outline: OutlineLayer,
    work: PieceOfWork,
  ): Promise<readonly LayerRef[]>;
  /** Shows layers to the person. */
  select(layers: readonly LayerRef[]): Promise<void>;
  /** Says something where there is no window to say it in. */
  notify(message: string, options?: { readonly error?: boolean; readonly stays?: boolean }): void;
  /** Shows the window, if it is hidden. */
  show(): void;
}
