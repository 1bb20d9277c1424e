/** An engine whose answers are known beforehand: what is slow then is the interface. */
import { maskAll } from '../../protocol/everything-methods.js';
import type { FoundMask } from '../../protocol/everything.js';
import type { Size } from '../../protocol/geometry.js';
import type { Candidate } from '../../protocol/outline.js';
import { FakeEngine } from '../../test/support/fake-engine.js';
import { foundScene } from '../../test/support/found-scene.js';

/** Nodes of the outline that a click is answered with. */
const OUTLINE_NODES = 300;
/** Finding everything finds three objects a cell. */
const CELLS = { columns: 10, rows: 5 };

export class ScriptedEngine extends FakeEngine {
  private readonly candidate: Candidate;
  private readonly masks: readonly FoundMask[];

  /** @param image Size of the only image that it is going to be asked about. */
  constructor(image: Size) {
    super();
    this.candidate = wavyCandidate(image);
    this.masks = foundScene(image, CELLS);
  }

  override openImage = () => Promise.resolve({ known: true });
  override predict = () =>
    Promise.resolve({
      candidates: [this.candidate],
      chosen: 1,
      state: 'state',
      cache: 'hit' as const,
      timings: { encodeMs: 0, decodeMs: 0, traceMs: 0 },
    });
  override findEverything = () =>
    Promise.resolve({ ...maskAll.result.parse(maskAll.example.result), masks: [...this.masks] });
}

/** Something round with many bends that fills the middle of the image. */
function wavyCandidate({ width, height }: Size): Candidate {
  const radius = 0.35 * Math.min(width, height);
  const [x, y] = [width / 2, height / 2];
  const at = (step: number) => {
    const angle = (2 * Math.PI * step) / (3 * OUTLINE_NODES);
    const r = radius * (1 + 0.08 * Math.cos(9 * angle) + 0.02 * Math.cos(61 * angle));
    return `${(x + r * Math.cos(angle)).toFixed(2)} ${(y + r * Math.sin(angle)).toFixed(2)}`;
  };
  const curves = Array.from(
    { length: OUTLINE_NODES },
    (_, i) => `C ${at(3 * i + 1)} ${at(3 * i + 2)} ${at(3 * i + 3)}`,
  );
  return {
    rank: 1,
    predictedIou: 0.9,
    stabilityScore: 0.95,
    area: Math.round(Math.PI * radius * radius),
    box: [x - radius, y - radius, x + radius, y + radius],
    outline: {
      path: `M ${at(0)} ${curves.join(' ')} Z`,
      nodes: OUTLINE_NODES,
      rings: 1,
      tolerancePx: 1,
      maxDeviationPx: 0.9,
    },
  };
}
