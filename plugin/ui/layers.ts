/** What the sidecar found, as what the document keeps of it. */
import type { OutlineLayer, TreeLayer } from '../bridge.js';
import type { FoundMask } from '../../protocol/everything.js';
import type { Candidate } from '../../protocol/outline.js';
import type { Question } from './question.js';

/** An outline that answers a question. */
export function outlineLayer(candidate: Candidate, question: Question, model: string): OutlineLayer {
  return {
    path: candidate.outline.path,
    prompts: question.prompts,
    model,
    tolerancePx: question.tolerancePx,
    ...(question.refine && { refine: true }),
  };
}

/** @param masks In painting order; each one's parent is among them or null. */
export function treeLayers(masks: readonly FoundMask[], model: string): TreeLayer[] {
  return masks.map(({ id, parent, name, outline, ...found }) => {
    const { point, cropBox, box, area, predictedIou, stabilityScore } = found;
    return {
      id,
      parent,
      name,
      path: outline.path,
      prompts: [{ type: 'point', x: point[0], y: point[1], label: 'inside' }],
      model,
      tolerancePx: outline.tolerancePx,
      found: { point, cropBox, box, area, predictedIou, stabilityScore },
    };
  });
}
