/** In which order a survey visits the clicks of a grid, so that it has been everywhere early. */

/** Clicks in a round, about. */
const ROUND = 64;

/**
 * Every fourth click of every fourth row first, then every second, then the rest, each level cut into rounds that
 * are spread over the image.
 *
 * @param pointsPerSide 1 or more.
 * @returns Indices of a grid that is stored row by row; every one once.
 */
export function surveyRounds(pointsPerSide: number): number[][] {
  const levels: number[][] = [[], [], []];
  for (let y = 0; y < pointsPerSide; y++) {
    for (let x = 0; x < pointsPerSide; x++) levels[levelOf(x, y)]!.push(y * pointsPerSide + x);
  }
  return levels
    .flatMap((level) => spread(level, Math.max(1, Math.round(level.length / ROUND)), pointsPerSide))
    .filter((round) => round.length > 0);
}

function levelOf(x: number, y: number): 0 | 1 | 2 {
  if (x % 4 === 2 && y % 4 === 2) return 0;
  return x % 2 === 0 && y % 2 === 0 ? 1 : 2;
}

/** Deals indices to rounds so that neighbours come to different ones. */
function spread(indices: readonly number[], rounds: number, pointsPerSide: number): number[][] {
  const dealt: number[][] = Array.from({ length: rounds }, () => []);
  for (const index of indices) {
    const x = index % pointsPerSide;
    const y = (index - x) / pointsPerSide;
    dealt[(x * 7 + y * 13 + (((x >> 1) * 3) ^ ((y >> 1) * 5))) % rounds]!.push(index);
  }
  return dealt;
}
