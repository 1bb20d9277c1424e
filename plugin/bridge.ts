/**
 * What the two halves of the plugin say to each other: `main` in Figma's sandbox, `ui` in its iframe.
 *
 * Every message from the UI is a request with an id, and every request gets exactly one `result` or `failure`
 * with that id. Messages hold plain data and Uint8Array only. In the iframe they travel as
 * `parent.postMessage({ pluginMessage: message }, '*')` and come back as `event.data.pluginMessage`.
 */
import { CodedError } from '../protocol/errors.js';
import type { ErrorName } from '../protocol/errors.js';
import type { FoundMask } from '../protocol/everything.js';
import type { Box, Size } from '../protocol/geometry.js';
import type { Prompt } from '../protocol/prompt.js';
import type { QuickAction, SelectedLayer, SeveralSelection } from './selection.js';

/**
 * What is selected on the canvas. Pushed whenever it changes, and answered by `ui-ready`. Selected outlines of
 * ours stand for the image that they were made from, so inserting does not lose the image.
 */
export type SelectionState =
  { readonly kind: 'none' } | SeveralSelection | NotImageSelection | ImageSelection;

/** One node that holds no readable image. */
interface NotImageSelection {
  readonly kind: 'not-image';
  readonly name: string;
  /** What it is instead, in words for a sentence: "text", "group", "vector". */
  readonly what: string;
  /** no-image-fill: no visible image fill. image-missing: there is one, but the file has lost its image. */
  readonly reason: 'no-image-fill' | 'image-missing';
}

/** One node that shows an image. */
export interface ImageSelection {
  readonly kind: 'image';
  readonly nodeId: string;
  readonly name: string;
  /** Figma's hash of the topmost visible image; tells whether the image behind a node was swapped. */
  readonly imageHash: string;
  /** Changes with the node's size, image and crop: pixels that were read under another one are out of date. */
  readonly revision: string;
  /** The node's own size in Figma units. */
  readonly node: { readonly width: number; readonly height: number };
  /** Size of the pixels that `read-image` is going to return. */
  readonly pixels: Size;
  /** What is selected itself, where it is a layer of ours that `open-layer` can open. */
  readonly layer?: LayerRef;
  /** The selected layers, where they are several of this image that `open-layer` can open. */
  readonly layers?: readonly SelectedLayer[];
}

/** Where the pixels of `read-image` came from; hand it back unchanged when inserting. */
export interface ImageSource {
  readonly nodeId: string;
  readonly imageHash: string;
  /** Exported pixels a Figma unit: node-local position = pixel position ÷ pixelsPerUnit. */
  readonly pixelsPerUnit: number;
  /** As in the selection; an insertion is refused once it differs. */
  readonly revision: string;
}

/** The pixels that the person sees inside the node's box: not rotated, not flipped, crop and filters applied. */
export interface ImagePixels {
  readonly source: ImageSource;
  /** An encoded PNG, or a JPEG where a PNG would exceed `maxBytes`. */
  readonly bytes: Uint8Array;
  /** As asked of Figma, which may add a blank row or column; nothing but a preview depends on it. */
  readonly pixels: Size;
}

/** Red, green and blue, each in [0, 1]. */
export interface Rgb {
  readonly r: number;
  readonly g: number;
  readonly b: number;
}

/** What is known of an outline that is to become a layer. */
export interface OutlineLayer {
  /** `Outline.path` of the protocol: one compound even-odd path in image pixels. */
  readonly path: string;
  /** Fills the layer with this colour; without it an outline gets a thin stroke and no fill. Cut-outs ignore it. */
  readonly fill?: Rgb;
  /** Remembered on the layer, so that it can be opened and changed again. */
  readonly prompts: readonly Prompt[];
  readonly model: string;
  readonly tolerancePx: number;
  /** Whether the outline follows the image's own edges. */
  readonly refine?: boolean;
}

/** How a layer of ours came about. */
export type OpenedLayer = Required<Omit<OutlineLayer, 'path' | 'fill'>> & LayerRef;

/** What finding everything knew of an object; remembered on its layer. Image pixels and scores as in the protocol. */
export type FoundData = Pick<
  FoundMask,
  'point' | 'cropBox' | 'box' | 'area' | 'predictedIou' | 'stabilityScore'
>;

/** One object of a tree on its way to becoming a layer. */
export interface TreeLayer extends OutlineLayer {
  /** Unique in its request. */
  readonly id: number;
  /** Id of the object that it is a part of, which comes before it; null at the top. */
  readonly parent: number | null;
  readonly name: string;
  readonly found: FoundData;
}

/** What becomes of each object: a vector, or the image masked by one. */
export type LayerStyle = 'outlines' | 'cutouts';

/** A layer of ours that was made from an image. */
export interface ExistingLayer extends LayerRef {
  /** Its outline in the pixels of the image as it was asked about; missing when it was too long to keep. */
  readonly path?: string;
  /** Present on layers that finding everything made. */
  readonly found?: FoundData;
}

/** A layer of ours. */
export interface LayerRef {
  readonly nodeId: string;
  /** "Outline 1 of photo.jpg" or "Cut-out 1 of photo.jpg" until the person renames it. */
  readonly name: string;
}

/** What takes no layer inside of it, or would change if it did. */
export type ClosedKind = 'instance' | 'booleanOperation' | 'transformGroup' | 'layoutGroup' | 'componentSet';

/** What new layers are beside, where they cannot be right above their image. */
export interface Beside {
  readonly name: string;
  readonly closed: ClosedKind;
}

/** What becomes of an image whose object was separated from its background. */
export type OriginalAfter = 'keep' | 'hide' | 'lock';

/** What an insertion made. */
export interface Inserted {
  readonly layers: readonly LayerRef[];
  /** Present where the layers are not right above the image, and worth a word. */
  readonly beside?: Beside;
}

/** What is kept for the person across files, in `figma.clientStorage`. */
export interface Settings {
  /** The sidecar's token, once paired. */
  readonly token?: string;
  /** The UI's own last choices. */
  readonly preferences?: Readonly<Record<string, string | number | boolean>>;
}

/** What changes in the settings: a field left out stays, null forgets it, anything else replaces it. */
export type SettingsPatch = { readonly [K in keyof Settings]?: Settings[K] | null };

/** How the layers of a file are made: what was last inserted says it, and the file itself keeps it, for all who edit it. */
export interface FileChoices {
  /** What the UI calls that way of inserting. */
  readonly delivery?: string;
  readonly originalAfter?: OriginalAfter;
  readonly treeStyle?: LayerStyle;
}

/**
 * Every request of the UI, with what it brings and what comes back. Any may fail with FIGMA_FAILED; after LEFT_BEHIND
 * alone, something is still there, which the message names.
 */
export interface BridgeMethods {
  /** The UI listens now. Selection changes are pushed from here on. */
  'ui-ready': {
    params: Record<string, never>;
    result: {
      readonly selection: SelectionState;
      readonly settings: Settings;
      readonly choices: FileChoices;
      /** Present when the plugin was run by the button on a layer: its marks are wanted. */
      readonly command?: 'change';
      /** Present when an action was asked for that needs no window: there is one, but it is hidden. */
      readonly quick?: QuickAction;
    };
  };
  /** @throws NODE_GONE, NODE_READ_ONLY, NOT_AN_IMAGE, IMAGE_MISSING, EXPORT_FAILED, LEFT_BEHIND, CANCELLED */
  'read-image': {
    params: { readonly nodeId: string; readonly maxBytes?: number };
    result: ImagePixels;
  };
  /**
   * Inserts layers above the image, vectors unless another style is asked for, selects them, and makes one undo
   * step of it. Reports progress. Nothing stays behind when it fails or is cancelled. Answers with the vectors:
   * that of a cut-out may be the mask in a group.
   *
   * @throws NODE_GONE, NODE_CHANGED, NODE_READ_ONLY, LEFT_BEHIND, PARAMS_INVALID, CANCELLED
   */
  'insert-outlines': {
    params: {
      readonly source: ImageSource;
      readonly style?: LayerStyle;
      readonly outlines: readonly OutlineLayer[];
      /** Selects nothing. */
      readonly keepsSelection?: boolean;
      /** For the file to keep, in the same undo step. */
      readonly choices?: FileChoices;
    };
    result: Inserted;
  };
  /**
   * Inserts a picture of one object above the image, exactly on the part of it that it shows, selects it, and
   * makes one undo step of it. Nothing stays behind when it fails.
   *
   * @throws IMAGE_TOO_LARGE over Figma's 4096 pixels a side, IMAGE_UNREADABLE, NODE_GONE, NODE_CHANGED,
   *   NODE_READ_ONLY, LEFT_BEHIND, PARAMS_INVALID, CANCELLED
   */
  'insert-image': {
    params: {
      readonly source: ImageSource;
      /** A PNG file. */
      readonly bytes: Uint8Array;
      /** What it shows, in pixels of the image. */
      readonly box: Box;
      readonly layer: OutlineLayer;
      readonly choices?: FileChoices;
    };
    result: Inserted;
  };
  /**
   * Inserts two layers above the image that together show what it shows, in one group: the object, and all the rest
   * of it; selects the group, and makes one undo step of it. The image itself is hidden or locked where that is
   * asked for. Nothing is left changed when it fails. Answers with the object's vector, then the background's.
   *
   * @throws NODE_GONE, NODE_CHANGED, NODE_READ_ONLY, LEFT_BEHIND, PARAMS_INVALID, CANCELLED
   */
  'separate-object': {
    params: {
      readonly source: ImageSource;
      readonly outline: OutlineLayer;
      readonly originalAfter: OriginalAfter;
      readonly choices?: FileChoices;
    };
    result: Inserted & {
      /** What became of the image: kept, whatever was asked for, where other layers are in it. */
      readonly originalAfter: OriginalAfter;
    };
  };
  /**
   * Inserts a tree of objects above the image in one group, an object with parts being a group of its own, and
   * makes one undo step of it. In painting order, parents before their parts. Reports progress; nothing stays
   * behind when it fails or is cancelled.
   *
   * @throws NODE_GONE, NODE_CHANGED, NODE_READ_ONLY, LEFT_BEHIND, PARAMS_INVALID, CANCELLED
   */
  'insert-tree': {
    params: {
      readonly source: ImageSource;
      readonly style: LayerStyle;
      readonly layers: readonly TreeLayer[];
      /** Selects nothing. */
      readonly keepsSelection?: boolean;
      /** For the file to keep, in the same undo step. */
      readonly choices?: FileChoices;
    };
    result: Inserted;
  };
  /**
   * The layers of ours on the image's page that were made from it.
   *
   * @throws NODE_GONE, CANCELLED
   */
  'list-layers': {
    params: { readonly source: ImageSource };
    result: { readonly layers: readonly ExistingLayer[] };
  };
  /**
   * How a layer of ours came about, in the pixels of `source`, which shows the same image as then.
   *
   * @throws NODE_GONE, NODE_CHANGED
   */
  'open-layer': {
    params: { readonly source: ImageSource; readonly nodeId: string };
    result: OpenedLayer;
  };
  /**
   * Gives a layer of ours another outline, and makes one undo step of it. Its name, styles and place stay, and so
   * does what the person moved, turned or scaled. Nothing changes when it fails.
   *
   * @throws NODE_GONE, NODE_CHANGED, NODE_READ_ONLY, LEFT_BEHIND, PARAMS_INVALID, CANCELLED
   */
  'update-outline': {
    params: { readonly source: ImageSource; readonly nodeId: string; readonly outline: OutlineLayer };
    result: { readonly layers: readonly LayerRef[] };
  };
  /** Resolves with all settings as they are afterwards. @throws SETTINGS_NOT_KEPT */
  'set-settings': { params: SettingsPatch; result: Settings };
  /** Resizes the window within its limits and remembers it. @throws SETTINGS_NOT_KEPT when it is resized alone. */
  'resize-window': { params: Size; result: Size };
  /** Selects those of the nodes that are still there, on their page, and brings them into view. */
  'select-nodes': { params: { readonly nodeIds: readonly string[] }; result: null };
  /** Shows a window that was opened hidden. */
  'show-window': { params: Record<string, never>; result: null };
  /** Shows Figma's own short notice at the bottom of the canvas, in place of one that stays. */
  notify: {
    params: {
      readonly message: string;
      readonly error?: boolean;
      /** Until the next notice, or the end. */
      readonly stays?: boolean;
    };
    result: null;
  };
  /** Closes the plugin; nothing is answered. */
  close: { params: Record<string, never>; result: null };
}

export type BridgeMethod = keyof BridgeMethods;
export type BridgeParams<M extends BridgeMethod> = BridgeMethods[M]['params'];
export type BridgeResult<M extends BridgeMethod> = BridgeMethods[M]['result'];

/** ui → main. */
export type UiMessage = UiRequest | { readonly type: 'cancel'; readonly id: number };
export type UiRequest = {
  [M in BridgeMethod]: {
    readonly type: 'request';
    readonly id: number;
    readonly method: M;
    readonly params: BridgeParams<M>;
  };
}[BridgeMethod];

/** main → ui. */
export type MainMessage =
  | { readonly type: 'result'; readonly id: number; readonly result: BridgeResult<BridgeMethod> }
  | { readonly type: 'failure'; readonly id: number; readonly error: BridgeFailure }
  | { readonly type: 'progress'; readonly id: number; readonly done: number; readonly total: number }
  | { readonly type: 'selection'; readonly selection: SelectionState };

/** A CodedError as it crosses between the halves. */
export interface BridgeFailure {
  readonly code: ErrorName;
  readonly message: string;
  readonly hint: string;
}

export interface RequestOptions {
  /** Aborting sends `cancel`; the request then fails with CANCELLED. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
}

interface Pending {
  readonly resolve: (result: never) => void;
  readonly reject: (error: CodedError) => void;
  readonly onProgress: RequestOptions['onProgress'];
}

/** The UI's end of the bridge: matches answers to requests by id. */
export class BridgeClient {
  private nextId = 1;
  private readonly pending = new Map<number, Pending>();

  /** @param post Sends one message to main. */
  constructor(private readonly post: (message: UiMessage) => void) {}

  /** @throws CodedError whatever main answered. */
  request<M extends BridgeMethod>(
    method: M,
    params: BridgeParams<M>,
    { signal, onProgress }: RequestOptions = {},
  ): Promise<BridgeResult<M>> {
    const id = this.nextId++;
    return new Promise((resolve, reject) => {
      this.pending.set(id, { resolve, reject, onProgress });
      this.post({ type: 'request', id, method, params } as UiRequest);
      const cancel = (): void => {
        if (this.pending.has(id)) this.post({ type: 'cancel', id });
      };
      if (signal?.aborted) cancel();
      else signal?.addEventListener('abort', cancel, { once: true });
    });
  }

  /**
   * Takes one message from main.
   *
   * @returns The new selection when that is what it was about.
   */
  receive(message: MainMessage): SelectionState | undefined {
    if (message.type === 'selection') return message.selection;
    const pending = this.pending.get(message.id);
    if (message.type === 'progress') {
      pending?.onProgress?.(message.done, message.total);
      return undefined;
    }
    this.pending.delete(message.id);
    if (message.type === 'result') pending?.resolve(message.result as never);
    else pending?.reject(new CodedError(message.error.code, message.error.message, message.error.hint));
    return undefined;
  }
}
