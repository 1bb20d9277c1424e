/** Which prompts say what is meant. */
import type { Prompt } from '../protocol/prompt.js';

/** Prompts that say which object is meant. */
export type Meaning = Exclude<Prompt, { type: 'pick' | 'grow' | 'invert' }>;

/** Whether a prompt says which object is meant, rather than which answer, or what is to become of it. */
export function meansSomething(prompt: Prompt): prompt is Meaning {
  return prompt.type !== 'pick' && prompt.type !== 'grow' && prompt.type !== 'invert';
}
