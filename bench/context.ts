/** What every benchmark is given. */
export interface BenchContext {
  /** An empty CUTLINE_HOME. */
  readonly home: string;
}
