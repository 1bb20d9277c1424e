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
   * @throws InferenceFailure
   */
  run(feeds: Readonly<Record<string, TensorLike>>, wanted: readonly string[]): Promise<TensorLike[]>;
  dispose(): Promise<void>;
}

/** What the runtime says when a loaded graph does not run: mostly that its device has gone, or its memory. */
export class InferenceFailure extends Error {
  constructor(cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.name = 'InferenceFailure';
  }
}

/** What the two runtimes' sessions have in common, `T` being the runtime's own tensors. */
interface RuntimeSession<T> {
  run(
    feeds: Readonly<Record<string, T>>,
    wanted: readonly string[],
  ): Promise<Readonly<Record<string, { readonly data: unknown; readonly dims: readonly number[] }>>>;
  release(): Promise<void>;
}

/**
 * A runtime's session → ours.
 *
 * @param toTensor Makes the runtime's tensor of 32-bit floats.
 */
export function wrapSession<T>(
  device: string,
  session: RuntimeSession<T>,
  toTensor: (tensor: TensorLike) => T,
): Session {
  return {
    device,
    async run(feeds, wanted) {
      const tensors = Object.fromEntries(
        Object.entries(feeds).map(([name, tensor]) => [name, toTensor(tensor)]),
      );
      const outputs = await session.run(tensors, wanted).catch((error: unknown) => {
        throw new InferenceFailure(error);
      });
      return wanted.map((name) => {
        const { data, dims } = outputs[name]!;
        return { data: data as Float32Array, dims };
      });
    },
    dispose: () => session.release(),
  };
}
