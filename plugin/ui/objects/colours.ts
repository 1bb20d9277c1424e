/** Each object of a session has a colour of its own, seen on photographs of any kind beside a dark halo. */
const COLOURS = ['#0d99ff', '#ffa629', '#14ae5c', '#ff24bd', '#9747ff', '#00b8c4'] as const;

/** Of the area inside, in hexadecimal: faint enough to judge the edge. */
const TINT_ALPHA = '24';

/** @param id From 1. */
export function objectColour(id: number): string {
  return COLOURS[(id - 1) % COLOURS.length]!;
}

export function objectTint(id: number): string {
  return `${objectColour(id)}${TINT_ALPHA}`;
}
