/** Figma's path grammar: a strict reader, and the bounds of what was read. */
import type { BoundsMode } from './types.js';

export type PathCommand = readonly [command: 'M' | 'L' | 'C' | 'Z', ...numbers: number[]];

const ARITY: Readonly<Record<string, number>> = { M: 2, L: 2, Q: 4, C: 6, Z: 0 };

/** @throws Error as `vectorPaths =` does for whatever Figma's own reader refuses. */
export function readPath(data: string): PathCommand[] {
  const tokens = data.split(' ');
  const commands: PathCommand[] = [];
  let current: [number, number] = [0, 0];
  for (let i = 0; i < tokens.length;) {
    const command = tokens[i++]!;
    const arity = ARITY[command];
    if (arity === undefined) throw new Error(`Invalid command at ${command}`);
    if (commands.length === 0 && command !== 'M') throw new Error(`Path must begin with M, not ${command}`);
    const numbers = tokens.slice(i, i + arity).map(readNumber);
    if (numbers.length < arity) throw new Error(`Expected ${arity} numbers after ${command}`);
    i += arity;
    commands.push(command === 'Q' ? toCubic(current, numbers) : ([command, ...numbers] as PathCommand));
    if (arity > 0) current = [numbers[arity - 2]!, numbers[arity - 1]!];
  }
  return commands;
}

function readNumber(token: string): number {
  if (!/^-?\d+(\.\d+)?$/.test(token))
    throw new Error(`Expected a number instead of ${JSON.stringify(token)}`);
  return Math.fround(Number(token));
}

function toCubic([x0, y0]: [number, number], [cx, cy, x, y]: number[]): PathCommand {
  const third = (from: number, to: number): number => from + (2 / 3) * (to - from);
  return ['C', third(x0, cx!), third(y0, cy!), third(x!, cx!), third(y!, cy!), x!, y!];
}

export function writePath(commands: readonly PathCommand[]): string {
  return commands.map(([command, ...numbers]) => [command, ...numbers.map(String)].join(' ')).join(' ');
}

/** The same path moved by (dx, dy). */
export function shiftPath(commands: readonly PathCommand[], dx: number, dy: number): PathCommand[] {
  return commands.map(
    ([command, ...numbers]) =>
      [command, ...numbers.map((value, i) => Math.fround(value + (i % 2 === 0 ? dx : dy)))] as PathCommand,
  );
}

/** [x0, y0, x1, y1]. */
export function boundsOfPaths(
  paths: readonly (readonly PathCommand[])[],
  mode: BoundsMode,
): [number, number, number, number] {
  const xs: number[] = [];
  const ys: number[] = [];
  for (const commands of paths) {
    let current: number[] = [];
    for (const [command, ...numbers] of commands) {
      const curved = command === 'C' && mode === 'curve';
      xs.push(
        ...(curved
          ? curveExtremes([current[0]!, ...numbers.filter((_, i) => i % 2 === 0)])
          : numbers.filter((_, i) => i % 2 === 0)),
      );
      ys.push(
        ...(curved
          ? curveExtremes([current[1]!, ...numbers.filter((_, i) => i % 2 === 1)])
          : numbers.filter((_, i) => i % 2 === 1)),
      );
      if (numbers.length > 0) current = numbers.slice(-2);
    }
  }
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
}

/** Values of a cubic at its end and wherever its derivative vanishes. */
function curveExtremes(controls: number[]): number[] {
  const [p0, p1, p2, p3] = controls as [number, number, number, number];
  const a = 3 * (-p0 + 3 * p1 - 3 * p2 + p3);
  const b = 6 * (p0 - 2 * p1 + p2);
  const c = 3 * (p1 - p0);
  const root = Math.sqrt(Math.max(0, b * b - 4 * a * c));
  const stops = Math.abs(a) < 1e-9 ? [-c / b] : [(-b + root) / (2 * a), (-b - root) / (2 * a)];
  const at = (t: number): number =>
    (1 - t) ** 3 * p0 + 3 * (1 - t) ** 2 * t * p1 + 3 * (1 - t) * t * t * p2 + t ** 3 * p3;
  return [p3, ...stops.filter((t) => t > 0 && t < 1).map(at)];
}
