/** Made-up clicks, answered at start so that the first real one does not wait for code to be compiled. */
import type { Embedding } from '../../models/adapter.js';
import type { Prompt } from '../../protocol/prompt.js';

export const REHEARSAL_KEY = 'rehearsal';

/** An embedding of nothing. */
export function rehearsalEmbedding(): Embedding {
  return { data: new Float32Array(256 * 64 * 64), image: { width: 1024, height: 683 } };
}

/** Each a click, then a second one: both decoders, and outlines of different kinds. */
export function rehearsalPrompts(): Prompt[][] {
  return [300, 500, 700].flatMap((x) => {
    const clicks: Prompt[] = [300, 400].map((y) => ({ type: 'point', x, y, label: 'inside' }));
    return [clicks.slice(0, 1), clicks];
  });
}
