/** Cases of which the quick suites try a sample: all of them run where CUTLINE_EVERY_CASE says so, as the hard suite does. */
const runsAll = Boolean(process.env['CUTLINE_EVERY_CASE']);

/** The first of the cases, or all of them. */
export function sampleOf<T>(cases: readonly T[]): readonly T[] {
  return runsAll ? cases : cases.slice(0, 1);
}

/** For the name of a test that has a sample, so that it says so: what of, and of how many. */
export function sampleNote(of: string): string {
  return runsAll ? '' : ` (a sample of ${of})`;
}
