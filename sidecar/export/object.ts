/** One outlined object on its way into a vector file. */
import type { TracedCandidate } from '../../models/candidates.js';
import type { Ring } from '../../models/trace/ring.js';
import type { Outline } from '../../protocol/outline.js';

export interface OutlinedObject {
  /** Unique in the file; an identifier that SVG and CSS accept. */
  readonly id: string;
  readonly outline: Outline;
  /** What the file should say about it besides, by camelCase name. */
  readonly properties: Readonly<Record<string, number | string>>;
}

export interface ExportedObject extends OutlinedObject {
  /** Dense contour that the outline was fitted to. */
  readonly contour: readonly Ring[];
}

export function exportedObject(id: string, candidate: TracedCandidate): ExportedObject {
  const { outline, contour, area, predictedIou, stabilityScore } = candidate;
  return { id, outline, contour, properties: { predictedIou, stabilityScore, area } };
}
