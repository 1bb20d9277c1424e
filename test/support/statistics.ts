/** The numbers that `make_model_reference.py` records of an array. */
export interface Summary {
  readonly mean: number;
  readonly deviation: number;
  readonly samples: readonly number[];
}

export function summarise(values: Float32Array): Summary {
  let sum = 0;
  let squares = 0;
  for (const value of values) {
    sum += value;
    squares += value * value;
  }
  const mean = sum / values.length;
  return {
    mean,
    deviation: Math.sqrt(squares / values.length - mean * mean),
    samples: Array.from({ length: 64 }, (_, i) => values[(i * 7919 * 97) % values.length]!),
  };
}

export function largestDifference(a: readonly number[], b: readonly number[]): number {
  return Math.max(...a.map((value, i) => Math.abs(value - b[i]!)));
}
