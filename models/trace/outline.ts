/** A logit field → an editable outline. */
import { throwIfCancelled } from '../../protocol/errors.js';
import type { Outline } from '../../protocol/outline.js';
import type { LogitField } from '../logit-field.js';
import { contourField } from './contour.js';
import { fitRing, type FittedRing, type RingTraits } from './curves.js';
import { dropSmallRings, nestRings } from './nest.js';
import { ringArea } from './ring.js';
import type { Ring } from './ring.js';

export interface TraceOptions {
  /** Largest deviation of the outline from the contour, image pixels. */
  readonly tolerancePx: number;
  /** Islands and holes that enclose fewer pixels are dropped. */
  readonly minRegionPx: number;
  readonly signal?: AbortSignal | undefined;
}

/** An outline and the dense contour it was fitted to, both with outer rings before their holes. */
export interface Traced {
  readonly outline: Outline;
  readonly rings: Ring[];
  /** Islands and holes that were too small to keep. */
  readonly dropped: number;
}

/** A mask's stairs stray this far from the edge they stand for; the bilinear kinks of logits, that far. */
const STAIRS_NOISE_PX = 0.3;
const LOGIT_NOISE_PX = 0.08;

/** What is small beside a large tolerance is noise too; from an octave on. */
const COARSE_NOISE_SHARE = 0.3;
const FINEST_COARSE_PX = 0.75;

/** A tolerance near a ring's own size would leave nothing of it. */
export const SIZE_SHARE = 0.5;

/** Points that each cell of a logit grid is looked at with, since its contour bends inside cells. */
const SAMPLES_PER_CELL = 3;

/**
 * Traces a field: contour, small regions out, holes to their owners, curves.
 *
 * @throws CodedError CANCELLED once the signal is aborted.
 */
export function traceField(field: LogitField, { tolerancePx, minRegionPx, signal }: TraceOptions): Traced {
  throwIfCancelled(signal);
  const all = contourField(field);
  const contour = dropSmallRings(all, minRegionPx);
  const binary = isMask(field);
  const fitted: FittedRing[] = [];
  for (const { outer, holes } of nestRings(contour)) {
    for (const ring of [outer, ...holes]) {
      throwIfCancelled(signal);
      const ringTolerancePx = Math.min(tolerancePx, SIZE_SHARE * Math.sqrt(Math.abs(ringArea(ring))));
      fitted.push(fitRing(ring, ringTolerancePx, (octavePx) => traitsOf(binary, field, octavePx)));
    }
  }
  const rings = fitted.map(({ ring }) => ring);
  return { outline: toOutline(fitted, tolerancePx), rings, dropped: all.length - contour.length };
}

/**
 * How far the contour of a mask strays from the shape it stands for, as far as outlines of an octave go.
 *
 * @returns Root mean square, image pixels.
 */
export function maskNoisePx(octavePx: number): number {
  return Math.max(STAIRS_NOISE_PX, coarseNoisePx(octavePx));
}

function coarseNoisePx(octavePx: number): number {
  return octavePx >= FINEST_COARSE_PX ? COARSE_NOISE_SHARE * octavePx : 0;
}

function traitsOf(binary: boolean, field: LogitField, octavePx: number): RingTraits {
  if (binary) return { noisePx: maskNoisePx(octavePx), spacingPx: 1, stairs: field.image };
  const cellPx = Math.min(field.stepX, field.stepY);
  return {
    noisePx: Math.max(LOGIT_NOISE_PX, coarseNoisePx(octavePx)),
    spacingPx: Math.max(0.5, cellPx / SAMPLES_PER_CELL),
  };
}

/** Whether the field knows no more than which pixels are inside, as one from a mask. */
function isMask({ logits, stepX, stepY, originX, originY }: LogitField): boolean {
  if (stepX !== 1 || stepY !== 1 || originX % 1 !== 0.5 || originY % 1 !== 0.5) return false;
  for (let k = 0; k < logits.length; k++) {
    if (logits[k] !== 0.5 && logits[k] !== -0.5) return false;
  }
  return true;
}

/** Writes rings as an outline. */
export function toOutline(fitted: readonly Omit<FittedRing, 'ring'>[], tolerancePx: number): Outline {
  let nodes = 0;
  let maxDeviationPx = 0;
  const subpaths: string[] = [];
  for (const ring of fitted) {
    nodes += ring.segments.length;
    maxDeviationPx = Math.max(maxDeviationPx, ring.maxDeviationPx);
    subpaths.push(toSubpath(ring));
  }
  return { path: subpaths.join(' '), nodes, rings: fitted.length, tolerancePx, maxDeviationPx };
}

/** Figma's grammar: absolute commands, single spaces, at most three decimals. A last line is left to Z. */
function toSubpath({ segments }: Pick<FittedRing, 'segments'>): string {
  const last = segments.at(-1)!;
  let path = `M ${formatAll(last.slice(-2))}`;
  for (const segment of segments) {
    if (segment.length > 2) path += ` C ${formatAll(segment)}`;
    else if (segment !== last) path += ` L ${formatAll(segment)}`;
  }
  return `${path} Z`;
}

function formatAll(values: readonly number[]): string {
  return values.map((value) => String(value || 0)).join(' ');
}
