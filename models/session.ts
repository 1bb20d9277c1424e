/** A loaded ONNX graph, as both runtimes offer it. Which runtime, only the `session-*` files know. */

export interface TensorLike {
  /** Row-major. */
  readonly data: Float32Array;
  readonly dims: readonly number[];
}

export interface Session {
  readonly device: string;
  /**
   * @param feeds One tensor an input.
   * @param wanted Names of the outputs to return.
   * @returns The wanted outputs, in that order.
   */
  run(feeds: Readonly<Record<string, TensorLike>>, wanted: readonly string[]): Promise<TensorLike[]>;
  dispose(): Promise<void>;
}
