/** An engine that knows what is in an image of 640×480 pixels without looking: three outlines, twelve objects. */
import { maskAll } from '../../../../protocol/everything-methods.js';
import { maskPredict } from '../../../../protocol/methods.js';
import type { Candidate } from '../../../../protocol/outline.js';
import { FakeEngine } from '../../../support/fake-engine.js';
import { foundScene } from '../../../support/found-scene.js';

export const IMAGE = { width: 640, height: 480 };

export class KnowingEngine extends FakeEngine {
  override predict: FakeEngine['predict'] = async (params, call) => {
    this.calls.push({ method: maskPredict.method, params, call });
    const candidates = [60, 100, 160].map((radius, i) => square(i + 1, radius));
    const picked = params.prompts.findLast(({ type }) => type === 'pick') as { rank: number } | undefined;
    return { ...maskPredict.example.result, candidates, chosen: picked?.rank ?? 2 };
  };

  override findEverything: FakeEngine['findEverything'] = async (params, call) => {
    this.calls.push({ method: maskAll.method, params, call });
    const masks = foundScene(IMAGE, { columns: 2, rows: 2 });
    return { ...maskAll.example.result, masks };
  };
}

function square(rank: number, radius: number): Candidate {
  const [x0, y0, x1, y1] = [320 - radius, 240 - radius, 320 + radius, 240 + radius];
  return {
    rank,
    predictedIou: 0.9,
    stabilityScore: 0.9,
    area: 4 * radius * radius,
    box: [x0, y0, x1, y1],
    outline: {
      path: `M ${x0} ${y0} L ${x1} ${y0} L ${x1} ${y1} L ${x0} ${y1} Z`,
      nodes: 4,
      rings: 1,
      tolerancePx: 0.5,
      maxDeviationPx: 0.1,
    },
  };
}
