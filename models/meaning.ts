/** Which prompts say what is meant. */
import type { Prompt } from '../protocol/prompt.js';

/** Prompts that say which object is meant. */
export type Meaning = Exclude<Prompt, { type: 'pick' | 'grow' | 'invert' }>;

/**
 * The same prompts, as they would be had the person never turned the object inside out: what was marked while all but the
 * object was shown is meant the other way round. The inversions stay, for what is made of the object in the end.
 */
export function unfoldInversions(prompts: readonly Prompt[]): readonly Prompt[] {
  let isInverted = false;
  return prompts.map((prompt) => {
    if (prompt.type === 'invert') isInverted = !isInverted;
    if (prompt.type === 'mask') isInverted = false;
    return isInverted ? turned(prompt) : prompt;
  });
}

function turned(prompt: Prompt): Prompt {
  if (prompt.type === 'grow') return { ...prompt, px: -prompt.px };
  if (prompt.type !== 'point' && prompt.type !== 'stroke' && prompt.type !== 'lasso') return prompt;
  return { ...prompt, label: prompt.label === 'inside' ? 'outside' : 'inside' };
}

/** Whether a prompt says which object is meant, rather than which answer, or what is to become of it. */
export function meansSomething(prompt: Prompt): prompt is Meaning {
  return prompt.type !== 'pick' && prompt.type !== 'grow' && prompt.type !== 'invert';
}
