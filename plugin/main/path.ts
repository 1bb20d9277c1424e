/** Outline paths: the strict subset of SVG that the protocol sends and Figma's `vectorPaths` accepts. */
import { CodedError } from '../../protocol/errors.js';
import type { Matrix } from './placement.js';

/** Numbers that follow each command. */
const ARITY: ReadonlyMap<string, number> = new Map([
  ['M', 2],
  ['L', 2],
  ['C', 6],
  ['Z', 0],
]);

/** Short enough that no result needs an exponent. */
const NUMBER = /^-?\d{1,9}(\.\d+)?$/;

/** 10⁻⁴ Figma units is a hundredth of what the eye can tell at the highest zoom. */
const DECIMALS = 1e4;

/**
 * Maps every point of a path.
 *
 * @param path Absolute `M L C Z`, tokens separated by single spaces, every subpath closed.
 * @returns The same commands with mapped points: no exponents, at most four decimals.
 * @throws CodedError PARAMS_INVALID when the path is empty or leaves the grammar.
 */
export function transformPath(path: string, matrix: Matrix): string {
  const tokens = path.split(' ');
  const mapped: string[] = [];
  let open = false;
  for (let i = 0; i < tokens.length;) {
    const command = tokens[i++]!;
    const arity = ARITY.get(command);
    // M starts a subpath and nothing else does; Z ends it.
    if (arity === undefined || open === (command === 'M')) throw refuse(command, i - 1);
    open = command !== 'Z';
    mapped.push(command);
    for (const end = i + arity; i < end; i += 2) mapPoint(tokens, i, matrix, mapped);
  }
  if (open) throw refuse('its end', tokens.length);
  return mapped.join(' ');
}

function mapPoint(tokens: readonly string[], at: number, [[a, c, tx], [b, d, ty]]: Matrix, into: string[]) {
  const x = parseNumber(tokens, at);
  const y = parseNumber(tokens, at + 1);
  into.push(formatNumber(a * x + c * y + tx), formatNumber(b * x + d * y + ty));
}

function parseNumber(tokens: readonly string[], at: number): number {
  const token = tokens[at];
  if (token === undefined || !NUMBER.test(token)) throw refuse(token ?? 'its end', at);
  return Number(token);
}

/** Multiples of 10⁻⁴ print without an exponent, and negative zero prints as 0. */
function formatNumber(value: number): string {
  return String(Math.round(value * DECIMALS) / DECIMALS);
}

function refuse(token: string, at: number): CodedError {
  return new CodedError(
    'PARAMS_INVALID',
    `The outline's path cannot be read at token ${at}: ${token.slice(0, 20) || 'nothing'}.`,
    'Update the plugin and the sidecar to the same version.',
  );
}
