/** `--point`, `--not`, `--box`, `--candidate`, `--grow` and `--invert`, kept in the order in which they were given. */
import { InvalidArgumentError } from 'commander';
import type { Command } from 'commander';
import { boxSchema } from '../../protocol/geometry.js';
import { MAX_GROW_PX } from '../../protocol/hand-limits.js';
import type { Prompt } from '../../protocol/prompt.js';

/**
 * Adds the flags to a command.
 *
 * @returns The prompts, complete once the command line has been parsed.
 */
export function addPromptFlags(command: Command): readonly Prompt[] {
  const prompts: Prompt[] = [];
  const add = (prompt: Prompt) => {
    prompts.push(prompt);
  };
  command
    .option('--point <x,y>', 'a place inside the object; may be repeated', (text) =>
      add(point(text, 'inside')),
    )
    .option('--not <x,y>', 'a place outside the object; may be repeated', (text) =>
      add(point(text, 'outside')),
    )
    .option('--box <x0,y0,x1,y1>', 'a box around the object', (text) => add(box(text)))
    .option('--candidate <auto|1|2|3>', 'which answer to go on with: 1 is the smallest', (text) => {
      if (text !== 'auto') add({ type: 'pick', rank: rank(text) });
    })
    .option('--grow <px>', 'move the edge outwards, or inwards for less than 0', (text) =>
      add({ type: 'grow', px: growth(text) }),
    )
    .option('--invert', 'all but the object', () => add({ type: 'invert' }));
  return prompts;
}

function point(text: string, label: 'inside' | 'outside'): Prompt {
  const [x, y] = numbers(text, 2);
  return { type: 'point', x: x!, y: y!, label };
}

function box(text: string): Prompt {
  const parsed = boxSchema.safeParse(numbers(text, 4));
  if (parsed.success) return { type: 'box', box: parsed.data };
  throw new InvalidArgumentError('The left top corner comes first, then the right bottom one.');
}

function numbers(text: string, count: number): number[] {
  const values = text.split(',').map((part) => (part.trim() === '' ? NaN : Number(part)));
  if (values.length === count && values.every(Number.isFinite)) return values;
  throw new InvalidArgumentError(
    `Give ${count === 1 ? 'a number' : `${count} numbers with commas between them`}, in image pixels.`,
  );
}

function growth(text: string): number {
  const [px] = numbers(text, 1);
  if (Math.abs(px!) <= MAX_GROW_PX) return px!;
  throw new InvalidArgumentError(`Give pixels from -${MAX_GROW_PX} to ${MAX_GROW_PX}.`);
}

function rank(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= 3) return value;
  throw new InvalidArgumentError('Give auto, 1, 2 or 3.');
}
