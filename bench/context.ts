/** What every benchmark is given. */
export interface BenchContext {
  /** An empty CUTLINE_HOME. */
  readonly home: string;
  /** What follows the benchmark's name. */
  readonly args: readonly string[];
}
