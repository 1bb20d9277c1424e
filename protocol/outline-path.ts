/** Outline paths: the strict subset of SVG that the protocol sends and Figma's `vectorPaths` accepts. */
import { CodedError } from './errors.js';

export type PathCommand = 'M' | 'L' | 'C' | 'Z';

/** Numbers that follow each command. */
const ARITY: ReadonlyMap<string, number> = new Map<PathCommand, number>([
  ['M', 2],
  ['L', 2],
  ['C', 6],
  ['Z', 0],
]);

/** Short enough that nothing computed from them needs an exponent. */
const NUMBER = /^-?\d{1,9}(\.\d+)?$/;

/**
 * Reads a path command by command.
 *
 * @param path Absolute `M L C Z`, tokens separated by single spaces, every subpath closed.
 * @param hint What to do about a path that is not one.
 * @param visit Gets every command with the coordinates that follow it: x, y each.
 * @throws CodedError PARAMS_INVALID when the path is empty or leaves that grammar.
 */
export function readPath(
  path: string,
  hint: string,
  visit: (command: PathCommand, values: number[]) => void,
): void {
  const tokens = path.split(' ');
  let isOpen = false;
  for (let i = 0; i < tokens.length;) {
    const command = tokens[i]!;
    const arity = ARITY.get(command);
    // M starts a subpath and nothing else does; Z ends it.
    if (arity === undefined || isOpen === (command === 'M')) throw unreadable(tokens, i, hint);
    isOpen = command !== 'Z';
    const values: number[] = [];
    for (const end = ++i + arity; i < end; i++) {
      if (i === tokens.length || !NUMBER.test(tokens[i]!)) throw unreadable(tokens, i, hint);
      values.push(Number(tokens[i]));
    }
    visit(command as PathCommand, values);
  }
  if (isOpen) throw unreadable(tokens, tokens.length, hint);
}

function unreadable(tokens: readonly string[], at: number, hint: string): CodedError {
  const token = at < tokens.length ? tokens[at]!.slice(0, 20) || 'nothing' : 'its end';
  return new CodedError(
    'PARAMS_INVALID',
    `The outline's path cannot be read at token ${at}: ${token}.`,
    hint,
  );
}
