/** Series of which it is known how they rise. */

/** Numbers as chance deals them, around 0 with a deviation of 1. */
function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** A straight line with noise on it, of which each value is a share of the one before plus chance. */
export function noisyLine(
  random: () => number,
  { samples, slope, share }: { samples: number; slope: number; share: number },
): { xs: number[]; ys: number[] } {
  let noise = normal(random) / Math.sqrt(1 - share ** 2);
  const xs = Array.from({ length: samples }, (_, i) => i);
  const ys = xs.map((x) => {
    noise = share * noise + normal(random);
    return 5 + slope * x + noise;
  });
  return { xs, ys };
}
