/** What Figma refuses: paints, transforms, paths and messages that are not exactly as documented. */
import { singlePrecision } from './matrix.js';
import type { Transform } from './types.js';

/** @returns A frozen copy, as every array and object that Figma hands out. */
export function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  const copy: unknown = Array.isArray(value)
    ? value.map(deepFreeze)
    : Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, deepFreeze(inner)]));
  return Object.freeze(copy) as T;
}

const PAINT_KEYS: Readonly<Record<string, readonly string[]>> = {
  SOLID: ['color', 'boundVariables'],
  IMAGE: ['scaleMode', 'imageHash', 'imageTransform', 'scalingFactor', 'rotation', 'filters'],
  PATTERN: ['sourceNodeId', 'tileType', 'scalingFactor', 'spacing', 'horizontalAlignment'],
  GRADIENT_LINEAR: ['gradientTransform', 'gradientStops'],
};
const COMMON_PAINT_KEYS = ['type', 'visible', 'opacity', 'blendMode'];

export function checkPaints(paints: readonly Record<string, unknown>[]): readonly Record<string, unknown>[] {
  if (!Array.isArray(paints)) throw new TypeError('Expected an array of paints');
  for (const paint of paints) {
    const known = PAINT_KEYS[String(paint['type'])];
    if (!known) throw new Error(`Invalid discriminator value for a paint: ${String(paint['type'])}`);
    const unknown = Object.keys(paint).find(
      (key) => !known.includes(key) && !COMMON_PAINT_KEYS.includes(key),
    );
    if (unknown !== undefined) throw new Error(`Unrecognized key in object: ${unknown}`);
    if (paint['type'] === 'SOLID') checkColour(paint['color'] as Record<string, unknown>);
    if (paint['type'] === 'IMAGE') checkImagePaint(paint);
  }
  return deepFreeze(paints.map(roundImageTransform));
}

const FILTERS = ['exposure', 'contrast', 'saturation', 'temperature', 'tint', 'highlights', 'shadows'];

function checkImagePaint({
  scaleMode,
  imageHash,
  imageTransform,
  rotation,
  filters,
}: Record<string, unknown>): void {
  if (!['FILL', 'FIT', 'CROP', 'TILE'].includes(String(scaleMode)))
    throw new Error('Invalid enum value: scaleMode');
  if (typeof imageHash !== 'string' && imageHash !== null) throw new Error('Expected string: imageHash');
  if (imageTransform !== undefined) checkRows(imageTransform as Transform);
  if (rotation !== undefined && (rotation as number) % 90 !== 0) throw new Error('Expected a multiple of 90');
  for (const [name, value] of Object.entries((filters ?? {}) as Record<string, number>)) {
    if (!FILTERS.includes(name)) throw new Error(`Unrecognized key in object: ${name}`);
    if (!(value >= -1 && value <= 1)) throw new Error(`Expected a number in [-1, 1]: ${name}`);
  }
}

/** Figma keeps single-precision numbers. */
function roundImageTransform(paint: Record<string, unknown>): Record<string, unknown> {
  const transform = paint['imageTransform'] as Transform | undefined;
  return transform ? { ...paint, imageTransform: singlePrecision(transform) } : paint;
}

function checkColour(colour: Record<string, unknown>): void {
  const channels = Object.entries(colour);
  const valid = ([name, value]: [string, unknown]): boolean =>
    ['r', 'g', 'b'].includes(name) && typeof value === 'number' && value >= 0 && value <= 1;
  if (channels.length !== 3 || !channels.every(valid))
    throw new Error('Expected a colour of r, g, b in 0..1');
}

function checkRows(value: Transform): void {
  const rows = Array.isArray(value) && value.length === 2 && value.every((row) => row.length === 3);
  if (!rows || !value.flat().every(Number.isFinite)) throw new TypeError('Expected a 2×3 array of numbers');
}

export function checkTransform(value: Transform): Transform {
  checkRows(value);
  const [[a, c], [b, d]] = value;
  if (Math.abs(Math.hypot(a, b) - 1) > 1e-4 || Math.abs(Math.hypot(c, d) - 1) > 1e-4) {
    throw new Error('in set_relativeTransform: Expected axes of unit length');
  }
  return value;
}

export function checkVectorPaths(
  paths: readonly { windingRule: string; data: string }[],
): readonly { windingRule: string; data: string }[] {
  if (!Array.isArray(paths) || paths.length === 0) throw new TypeError('Expected an array of paths');
  for (const { windingRule, data } of paths) {
    if (!['NONZERO', 'EVENODD', 'NONE'].includes(windingRule))
      throw new Error(`Invalid winding rule ${windingRule}`);
    if (typeof data !== 'string') throw new TypeError('Expected path data');
  }
  return paths;
}

/**
 * Splits a message into JSON and the byte arrays in it. Nothing else than plain data and Uint8Array gets
 * through.
 */
export function packMessage(value: unknown): { json: string; bytes: Uint8Array[] } {
  const bytes: Uint8Array[] = [];
  const pack = (inner: unknown): unknown => {
    if (inner instanceof Uint8Array) return { $bytes: bytes.push(inner) - 1 };
    if (Array.isArray(inner)) return inner.map(pack);
    if (typeof inner === 'number') return Number.isFinite(inner) ? inner : { $number: String(inner) };
    if (typeof inner !== 'object' || inner === null) {
      if (['function', 'symbol', 'bigint'].includes(typeof inner))
        throw new Error('Cannot unwrap a message with functions or symbols');
      return inner;
    }
    if (Object.getPrototypeOf(inner) !== Object.prototype)
      throw new Error('Cannot unwrap a message with objects of a class');
    return Object.fromEntries(Object.entries(inner).map(([key, field]) => [key, pack(field)]));
  };
  return { json: JSON.stringify(pack(value)) ?? 'null', bytes };
}

/** The other way round. */
export function unpackMessage(json: string, bytes: readonly Uint8Array[]): unknown {
  return JSON.parse(json, (_, value: unknown) => {
    const packed = value as { $bytes?: number; $number?: string } | null;
    if (typeof packed?.$bytes === 'number') return bytes[packed.$bytes];
    return typeof packed?.$number === 'string' ? Number(packed.$number) : value;
  });
}
