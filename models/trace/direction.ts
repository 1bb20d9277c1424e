/** Which way something goes. */

/** Unit direction of travel. */
export interface Direction {
  readonly x: number;
  readonly y: number;
}

/** The direction of a vector; zero where it has none. */
export function unit(x: number, y: number): Direction {
  const length = Math.hypot(x, y) || 1;
  return { x: x / length, y: y / length };
}
