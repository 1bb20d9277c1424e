/** An outline's path → closed rings of straight lines. */
import { flattenCubic, MAX_PIECES } from '../../models/trace/polyline.js';
import type { Ring } from '../../models/trace/ring.js';
import { CodedError } from '../../protocol/errors.js';

/** Numbers that follow each command. */
const ARITY: ReadonlyMap<string, number> = new Map([
  ['M', 2],
  ['L', 2],
  ['C', 6],
  ['Z', 0],
]);

const NUMBER = /^-?\d{1,9}(\.\d+)?$/;

/** Finer than any file states its coordinates. */
const FINEST_PX = 0.001;

/**
 * Straightens the curves of a path. A curve comes to the same points whichever way round it is passed, so that
 * neighbours which share an edge still do.
 *
 * @param path Absolute `M L C Z`, tokens separated by single spaces, every subpath closed.
 * @param errorPx Farthest a line may lie from its curve.
 * @returns One ring a subpath.
 * @throws CodedError PARAMS_INVALID when the path leaves that grammar.
 */
export function flattenPath(path: string, errorPx: number): Ring[] {
  const tokens = path === '' ? [] : path.split(' ');
  const flattener = new Flattener(Math.max(FINEST_PX, errorPx));
  const rings: Ring[] = [];
  let points: number[] | undefined;
  for (let i = 0; i < tokens.length;) {
    const command = tokens[i]!;
    const arity = ARITY.get(command);
    // M starts a subpath and nothing else does; Z ends it.
    if (arity === undefined || (points !== undefined) === (command === 'M')) throw refuse(command, i);
    const values = tokens.slice(i + 1, i + 1 + arity).map((token, k) => parseNumber(token, i + 1 + k));
    if (values.length < arity) throw refuse('its end', tokens.length);
    if (command === 'M') points = values;
    else if (command === 'L') points!.push(...values);
    else if (command === 'C') flattener.pushCurve(points!, values);
    else {
      rings.push(toRing(points!));
      points = undefined;
    }
    i += 1 + arity;
  }
  if (points) throw refuse('its end', tokens.length);
  return rings;
}

class Flattener {
  private readonly curve = new Float64Array(8);
  private readonly flat = new Float64Array(2 * (MAX_PIECES + 1));

  constructor(private readonly errorPx: number) {}

  /** Appends a curve from the last of some points, without that point. */
  pushCurve(points: number[], values: readonly number[]): void {
    const { curve, flat } = this;
    curve[0] = points.at(-2)!;
    curve[1] = points.at(-1)!;
    curve.set(values, 2);
    // Sums of floating-point numbers depend on their order, so every curve is cut in one direction.
    const isTurned = runsBackwards(curve);
    if (isTurned) turn(curve);
    const count = flattenCubic(curve, this.errorPx, flat);
    for (let k = 1; k < count; k++) {
      const from = 2 * (isTurned ? count - 1 - k : k);
      points.push(flat[from]!, flat[from + 1]!);
    }
  }
}

/** Whether a curve comes after its own reverse, number by number. */
function runsBackwards(curve: Float64Array): boolean {
  for (let k = 0; k < 4; k++) {
    const mirrored = curve[k % 2 === 0 ? 6 - k : 8 - k]!;
    if (curve[k] !== mirrored) return curve[k]! > mirrored;
  }
  return false;
}

function turn(curve: Float64Array): void {
  curve.reverse();
  for (let k = 0; k < 8; k += 2) [curve[k], curve[k + 1]] = [curve[k + 1]!, curve[k]!];
}

/** A last point on the first one closes the ring once more than needed. */
function toRing(points: readonly number[]): Ring {
  const isClosed = points.length > 2 && points[0] === points.at(-2) && points[1] === points.at(-1);
  return Float64Array.from(isClosed ? points.slice(0, -2) : points);
}

function parseNumber(token: string, at: number): number {
  if (!NUMBER.test(token)) throw refuse(token, at);
  return Number(token);
}

function refuse(token: string, at: number): CodedError {
  return new CodedError(
    'PARAMS_INVALID',
    `The outline's path cannot be read at token ${at}: ${token.slice(0, 20) || 'nothing'}.`,
    'Send outlines as the sidecar answered them.',
  );
}
