/** What a test says to the pretended Figma and reads back from it: plain data on both sides. */

/** [[a, c, tx], [b, d, ty]], as Figma writes it. */
export type Transform = [[number, number, number], [number, number, number]];

/** Where Figma puts the bounds of a curve: round the curve itself, or round its control points. */
export type BoundsMode = 'curve' | 'hull';

/** The editors that the plugin runs in. */
export type EditorType = 'figma' | 'figjam' | 'slides';

/** A node to be built, with its children from bottom to top. */
export interface NodeSpec {
  readonly type: string;
  /** Also the key under which the test finds the node again. */
  readonly name: string;
  readonly width?: number;
  readonly height?: number;
  /** Relative to the nearest container, skipping groups, as Figma has it. */
  readonly transform?: Transform;
  /** 'mixed' stands for figma.mixed. */
  readonly fills?: readonly object[] | 'mixed';
  readonly locked?: boolean;
  readonly visible?: boolean;
  readonly opacity?: number;
  readonly blendMode?: string;
  /** Of all corners. */
  readonly cornerRadius?: number;
  readonly layoutMode?: 'NONE' | 'HORIZONTAL' | 'VERTICAL';
  readonly layoutPositioning?: 'AUTO' | 'ABSOLUTE';
  readonly padding?: number;
  readonly itemSpacing?: number;
  readonly pluginData?: Readonly<Record<string, string>>;
  readonly children?: readonly NodeSpec[];
}

/** A node as it is. */
export interface NodeDump {
  readonly id: string;
  readonly type: string;
  readonly name: string;
  readonly width: number;
  readonly height: number;
  readonly relativeTransform: Transform;
  readonly absoluteTransform: Transform;
  readonly fills: readonly Record<string, unknown>[] | 'mixed';
  readonly strokes: readonly Record<string, unknown>[];
  readonly strokeWeight: number;
  readonly visible: boolean;
  readonly locked: boolean;
  readonly opacity: number;
  readonly blendMode: string;
  /** Masks the siblings above it. */
  readonly isMask: boolean;
  readonly layoutPositioning: string;
  readonly vectorPaths: readonly { readonly windingRule: string; readonly data: string }[];
  readonly pluginData: Readonly<Record<string, string>>;
  readonly relaunchData: Readonly<Record<string, string>>;
  readonly children: readonly NodeDump[];
}

/** Everything in a file that can be compared with what was there before. */
export interface DocumentDump {
  readonly pages: readonly NodeDump[];
  readonly selection: readonly string[];
  readonly fileData: Readonly<Record<string, string>>;
}

/** A node and its surroundings. */
export interface FoundNode {
  readonly node: NodeDump;
  readonly parent: string | undefined;
  readonly siblings: readonly string[];
}

/** What `exportAsync` was asked for. */
export interface ExportJob {
  readonly node: NodeDump;
  readonly settings: {
    readonly format: string;
    readonly colorProfile?: string;
    readonly useAbsoluteBounds?: boolean;
    readonly constraint?: { readonly type: string; readonly value: number };
  };
  /** Exported pixels a unit, and the size that Figma would make of it: fractions get a pixel of their own. */
  readonly scale: number;
  readonly width: number;
  readonly height: number;
}

/** An image that the file holds. */
export interface StoredImage {
  readonly width: number;
  readonly height: number;
  readonly bytes?: Uint8Array;
}

/** What the plugin is run for. */
export interface Launch {
  /** Of the menu's entry or the button; empty where the plugin has neither. */
  readonly command: string;
  readonly parameters?: Readonly<Record<string, unknown>> | undefined;
}

/** What the pretended Figma tells the test. */
export type HostEvent =
  | { readonly type: 'message'; readonly message: unknown }
  | {
      readonly type: 'notice';
      readonly id: number;
      readonly message: string;
      readonly error: boolean;
      readonly stays: boolean;
    }
  /** A notice that the plugin took away. */
  | { readonly type: 'notice-gone'; readonly id: number }
  | { readonly type: 'viewed'; readonly ids: readonly string[] }
  | { readonly type: 'window'; readonly options: Readonly<Record<string, unknown>> }
  | { readonly type: 'closed' }
  | { readonly type: 'console'; readonly level: string; readonly text: string };
