/** The numbers that automatic mask generation runs with. */
import type { EverythingMode, EverythingOptions, EverythingParameters } from '../../protocol/everything.js';
import { everythingParametersSchema } from '../../protocol/everything.js';

/** Above any share: no mask is too large. */
const ANY_SHARE = 2;

/** @source segment-anything, SamAutomaticMaskGenerator: its defaults. */
export const REFERENCE_PARAMETERS: EverythingParameters = {
  pointsPerSide: 32,
  pointsPerBatch: 2,
  predictedIouThreshold: 0.88,
  stabilityThreshold: 0.95,
  stabilityOffset: 1,
  boxNmsThreshold: 0.7,
  cropLayers: 0,
  cropNmsThreshold: 0.7,
  cropOverlap: 512 / 1500,
  cropPointScale: 1,
  minRegionPx: 0,
  maxAreaShare: ANY_SHARE,
};

/** @source Segment Anything (arXiv 2304.02643), supplement C: how SA-1B's masks were made. */
export const SA_1B_PARAMETERS: EverythingParameters = {
  ...REFERENCE_PARAMETERS,
  cropLayers: 2,
  cropPointScale: 2,
  minRegionPx: 100,
  maxAreaShare: 0.95,
};

/** Fast, unless the preset stands for what the paper did. */
export function modeOf({ mode, preset }: EverythingOptions): EverythingMode {
  return mode ?? (preset === 'sa-1b' ? 'exact' : 'fast');
}

/** The preset's parameters, with what was asked for instead. */
export function parametersOf(options: EverythingOptions): EverythingParameters {
  const preset = options.preset === 'sa-1b' ? SA_1B_PARAMETERS : REFERENCE_PARAMETERS;
  const asked = Object.entries(options).filter(([, value]) => value !== undefined);
  return everythingParametersSchema.parse({ ...preset, ...Object.fromEntries(asked) });
}
