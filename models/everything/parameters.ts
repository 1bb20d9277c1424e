/** The numbers that automatic mask generation runs with. */

export interface EverythingParameters {
  /** Points along each side of the grid over the whole image; crops of layer i have this divided by scale^i. */
  readonly pointsPerSide: number;
  readonly pointsPerBatch: number;
  /** Masks at or below are dropped. */
  readonly predictedIouThreshold: number;
  /** Masks below are dropped. */
  readonly stabilityThreshold: number;
  /** Logits that the cut-off moves each way to measure stability. */
  readonly stabilityOffset: number;
  /** IoU of boxes above which the worse of two masks of one crop is dropped. */
  readonly boxNmsThreshold: number;
  /** Layers of crops besides the whole image; layer i has 2^i × 2^i. */
  readonly cropLayers: number;
  /** IoU of boxes above which the mask of the larger of two crops is dropped. */
  readonly cropNmsThreshold: number;
  /** Overlap of neighbouring crops as a share of the image's short side, for crops of half that side. */
  readonly cropOverlap: number;
  /** Divisor of the points a side from one crop layer to the next. */
  readonly cropPointScale: number;
  /** Islands and holes of fewer pixels are dropped and filled; 0 keeps everything. */
  readonly minRegionPx: number;
  /** Masks that cover this share of the image or more are dropped; 1 keeps all. */
  readonly maxAreaShare: number;
}

/** @source segment-anything, SamAutomaticMaskGenerator: its defaults. */
export const REFERENCE_PARAMETERS: EverythingParameters = {
  pointsPerSide: 32,
  pointsPerBatch: 64,
  predictedIouThreshold: 0.88,
  stabilityThreshold: 0.95,
  stabilityOffset: 1,
  boxNmsThreshold: 0.7,
  cropLayers: 0,
  cropNmsThreshold: 0.7,
  cropOverlap: 512 / 1500,
  cropPointScale: 1,
  minRegionPx: 0,
  maxAreaShare: 1,
};

/** @source Segment Anything (arXiv 2304.02643), supplement C: how SA-1B's masks were made. */
export const SA_1B_PARAMETERS: EverythingParameters = {
  ...REFERENCE_PARAMETERS,
  cropLayers: 2,
  cropPointScale: 2,
  minRegionPx: 100,
  maxAreaShare: 0.95,
};
