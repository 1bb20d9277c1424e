/**
 * The outline of the sample's apple, in its pixels, as the engine found it:
 * `node dist/sidecar/main.js cut plugin/workbench/sample.png --point 940,195 --refine --out apple.svg`.
 */
export const APPLE_OUTLINE =
  'M 931.984 117.45 C 955.435 102.607 981.116 109.747 982.121 109.752 C 990.328 109.793 1031.963 122.417 1040.165 164.82 C 1041.378 171.091 1043.206 178.299 1042.644 181.503 C 1041.503 188.008 1043.232 190.706 1042.84 193.727 C 1036.012 246.348 1009.564 278.701 971.122 281.973 C 963.638 282.61 950.691 278.475 936.827 277.922 C 932.364 277.744 887.983 285.75 858.499 239.814 C 841.119 212.736 834.754 164.693 861.082 134.565 C 877.052 116.29 891.713 114.299 907.704 112.192 C 909.867 111.907 926.244 115.388 931.984 117.45 Z';

interface Anchor {
  readonly at: readonly [number, number];
  /** Ends of its handles, before and after it. */
  readonly handles: readonly [readonly [number, number], readonly [number, number]];
}

/** The nodes of a closed path of curves. */
export function anchorsOf(path: string): Anchor[] {
  const numbers = path.match(/-?[\d.]+/g)!.map(Number);
  const points = Array.from({ length: numbers.length / 2 }, (_, i): [number, number] => [
    numbers[2 * i]!,
    numbers[2 * i + 1]!,
  ]);
  // M, then three points a curve; the last curve ends where the first began.
  return Array.from({ length: (points.length - 1) / 3 }, (_, i) => ({
    at: points[3 * i]!,
    handles: [points[i === 0 ? points.length - 2 : 3 * i - 1]!, points[3 * i + 1]!],
  }));
}
