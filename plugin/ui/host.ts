/** What the interface needs from where it runs: Figma's plugin window, or a web page of its own. */
import type { Disposable } from 'vscode-jsonrpc';
import type { ExportFormat } from '../../protocol/methods.js';
import type { Candidate } from '../../protocol/outline.js';
import type { Size } from '../../protocol/geometry.js';
import type { DeliveryKind, Question, Source, SourceImage } from './state.js';

/** Something to work on turned up, or went away. */
export type Offer =
  | Extract<Source, { kind: 'empty' | 'notImage' | 'several' }>
  | {
      readonly kind: 'image';
      readonly key: string;
      readonly name: string;
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
  /** Has the sidecar render the outline as a file. */
  exportAs(format: ExportFormat): Promise<ExportedFile>;
}

interface ExportedFile {
  readonly bytes: Uint8Array;
  readonly mimeType: string;
  readonly extension: string;
}

/** What is remembered between two uses. */
export interface Settings {
  readonly token?: string | undefined;
  /** How far outlines may stray, against what suits the image: 2 is twice as smooth. */
  readonly toleranceFactor?: number | undefined;
  readonly delivery?: DeliveryKind | undefined;
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
