import { expect, it } from 'vitest';
import {
  parametersOf,
  REFERENCE_PARAMETERS,
  SA_1B_PARAMETERS,
} from '../../../models/everything/parameters.js';
import { everythingOptionsSchema, everythingParametersSchema } from '../../../protocol/everything.js';

it('starts from the reference’s defaults, or from what SA-1B was made with', () => {
  expect(parametersOf({})).toEqual(REFERENCE_PARAMETERS);
  expect(parametersOf({ preset: 'reference' })).toEqual(REFERENCE_PARAMETERS);
  expect(parametersOf({ preset: 'sa-1b' })).toEqual(SA_1B_PARAMETERS);
  expect(REFERENCE_PARAMETERS).toMatchObject({
    pointsPerSide: 32,
    predictedIouThreshold: 0.88,
    cropLayers: 0,
  });
  expect(SA_1B_PARAMETERS).toMatchObject({ cropLayers: 2, cropPointScale: 2, minRegionPx: 100 });
});

it('lets what was asked for count, and what has nothing to do with parameters go', () => {
  const parameters = parametersOf({ preset: 'sa-1b', mode: 'fast', pointsPerSide: 8, tolerancePx: 2 });
  expect(parameters).toEqual({ ...SA_1B_PARAMETERS, pointsPerSide: 8 });
});

it('takes an option that is there but undefined for one that is not', () => {
  expect(parametersOf({ pointsPerSide: undefined, minRegionPx: undefined })).toEqual(REFERENCE_PARAMETERS);
});

it('offers presets that the protocol accepts', () => {
  for (const preset of [REFERENCE_PARAMETERS, SA_1B_PARAMETERS]) {
    expect(everythingParametersSchema.parse(preset)).toEqual(preset);
  }
});

it.each([
  { pointsPerSide: 0 },
  { pointsPerSide: 2.5 },
  { pointsPerBatch: 0 },
  { stabilityOffset: 0 },
  { cropLayers: 9 },
  { minRegionPx: -1 },
  { predictedIouThreshold: 1.01 },
  { maxAreaShare: 0 },
  { mode: 'slow' },
])('refuses %j', (options) => {
  expect(everythingOptionsSchema.safeParse(options).success).toBe(false);
});
