/** What the interface needs from where it runs: Figma's plugin window, or a web page of its own. */
import type { Disposable } from 'vscode-jsonrpc';
import type { ExistingLayer, LayerRef, LayerStyle, OpenedLayer, OriginalAfter } from '../bridge.js';
import type { SelectedImage, SelectedLayer } from '../selection.js';
import type { FoundMask, TreeFormat } from '../../protocol/everything.js';
import type { ExportFormat } from '../../protocol/methods.js';
import type { Candidate } from '../../protocol/outline.js';
import type { Box, Size } from '../../protocol/geometry.js';
import type { LanguageChoice } from './language-choice.js';
import type { DocumentHost } from './document-host.js';
import type { Source, SourceImage } from './situation.js';
import type { Question } from './question.js';
import type { DeliveryKind } from './delivery.js';

/** Something to work on turned up, or went away. */
export type Offer =
  | Extract<Source, { kind: 'empty' | 'notImage' | 'several' }>
  | {
      readonly kind: 'image';
      readonly key: string;
      readonly name: string;
      /** What is selected itself, where that is a layer that can be opened. */
      readonly layer?: LayerRef | undefined;
      /** The image in its document, where it is in one. */
      readonly selected?: SelectedImage;
      /** What is selected itself, where that is several layers that can be opened. */
      readonly layers?: readonly SelectedLayer[] | undefined;
      /** Whether its marks are wanted as soon as the image is open. */
      readonly opensLayer?: boolean;
      /** Bytes of the image file, where that is known beforehand: too large a file is then never read. */
      readonly size?: number;
      /**
       * Fetches the image file.
       *
       * @throws CodedError when it cannot be read.
       */
      read(signal: AbortSignal): Promise<Uint8Array>;
    };

/** An outline on its way to where it is wanted. */
export interface OutlineResult {
  readonly image: SourceImage;
  readonly candidate: Candidate;
  /** The whole log, picks included, so that the layer can be opened again as it was. */
  readonly question: Question;
  readonly model: string;
  /** What is to become of the image, where its object is separated from it. */
  readonly originalAfter: OriginalAfter;
  /** Which of several it is, where they are delivered one after another; from 1. */
  readonly number?: number;
  /** The layer that it is of, if it was opened before. */
  readonly layer: LayerRef | undefined;
  /** Has the sidecar render the outline as a file. */
  exportAs(format: ExportFormat, options?: ExportOptions): Promise<ExportedFile>;
}

/** Found objects on their way to where they are wanted. */
export interface TreeResult {
  readonly image: SourceImage;
  /** In painting order; each one's parent is among them or null. */
  readonly masks: readonly FoundMask[];
  readonly model: string;
  /** Has the sidecar render the tree as a file. */
  exportAs(format: TreeFormat): Promise<ExportedFile>;
}

/** How the work on a tree is followed and called off. */
export interface TreeWork {
  readonly signal: AbortSignal;
  onProgress(done: number, total: number): void;
}

export interface ExportOptions {
  /** Of a cut-out: how far out hairs may reach; left out, every pixel is either the object's or not. */
  readonly softEdgePx?: number;
}

interface ExportedFile {
  readonly bytes: Uint8Array;
  readonly mimeType: string;
  readonly extension: string;
  /** The part of the image that a cut-out shows. */
  readonly box?: Box | undefined;
}

/** What is remembered between two uses. */
export interface Settings {
  readonly token?: string | undefined;
  /** How far outlines may stray, against what suits the image: 2 is twice as smooth. */
  readonly toleranceFactor?: number | undefined;
  readonly delivery?: DeliveryKind | undefined;
  readonly refine?: boolean | undefined;
  readonly originalAfter?: OriginalAfter | undefined;
  readonly treeStyle?: LayerStyle | undefined;
  readonly treeFormat?: TreeFormat | undefined;
  readonly sharedEdges?: boolean | undefined;
  readonly language?: LanguageChoice | undefined;
  /** What was last done with several images. */
  readonly batchTask?: string | undefined;
  /** The box drawn last, in shares of its image. */
  readonly batchBox?: string | undefined;
}

export interface Host {
  readonly kind: 'figma' | 'workbench';
  /** Who asks, as the sidecar shows it while pairing. */
  readonly clientName: string;
  /** What can be done with an outline; the first is the primary action. */
  readonly deliveries: readonly DeliveryKind[];
  readonly settings: SettingsStore;
  /** Where to look for the sidecar before anywhere else, when the page itself comes from one. */
  readonly ownOrigin?: string;
  /** One-time ticket that pairs without a code. */
  readonly launchTicket?: string;

  /** Starts offering images; the first offer comes soon. */
  onOffer(listener: (offer: Offer) => void): Disposable;
  /**
   * Puts the outline where it belongs.
   *
   * @returns What was done, in one sentence.
   */
  deliver(kind: DeliveryKind, result: OutlineResult): Promise<string>;
  /**
   * Present where several outlines of one image can be delivered as one change; the kinds in which they can.
   *
   * @returns What was done, in one sentence.
   */
  readonly together?: {
    readonly kinds: readonly DeliveryKind[];
    deliver(kind: DeliveryKind, results: readonly OutlineResult[]): Promise<string>;
  };
  /**
   * Present where objects become layers.
   *
   * @returns What was done, in one sentence.
   */
  insertTree?(style: LayerStyle, tree: TreeResult, work: TreeWork): Promise<string>;
  /**
   * Present where layers can be opened again and updated.
   *
   * @throws CodedError when it is gone, or its image is not what it was.
   */
  openLayer?(image: SourceImage, layer: LayerRef): Promise<OpenedLayer>;
  /** Present where layers are kept: those that were made from the image before. */
  listLayers?(image: SourceImage, signal: AbortSignal): Promise<readonly ExistingLayer[]>;
  /**
   * Present where objects become a file.
   *
   * @returns What was done, in one sentence.
   */
  saveTree?(format: TreeFormat, tree: TreeResult): Promise<string>;
  /** Present where several images can be worked through. */
  readonly document?: DocumentHost;
  /** Present where there is something to leave: closes the plugin's window. */
  close?(): void;
  /** Present where the window is ours to size. */
  resize?(size: Size): void;
  /** Present where people bring files: picked, dropped or pasted ones. */
  openFile?(file: File): void;
  /** Present where a sample image is at hand: its address. */
  readonly sampleUrl?: string;
  openSample?(): void;
}

/** Settings as they are now; changes are kept in the background. */
export interface SettingsStore {
  load(): Promise<Settings>;
  save(change: Settings): void;
}
