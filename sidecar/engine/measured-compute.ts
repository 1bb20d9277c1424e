/** Compute that says how long each stage took. */
import type { Stage } from '../observe/metrics.js';
import type { Compute } from './compute.js';

/** @param onStage Hears of every stage that ended well, in milliseconds. */
export function measureCompute(compute: Compute, onStage: (stage: Stage, ms: number) => void): Compute {
  const timed = async <T>(stage: Stage, work: Promise<T>): Promise<T> => {
    const started = performance.now();
    const result = await work;
    onStage(stage, performance.now() - started);
    return result;
  };
  return {
    load: () => compute.load(),
    inspect: (bytes, options) => compute.inspect(bytes, options),
    holds: (key) => compute.holds(key),
    hold: (key, embedding) => compute.hold(key, embedding),
    async encode(key, bytes, options) {
      const encoded = await compute.encode(key, bytes, options);
      onStage('read', encoded.readMs);
      onStage('encode', encoded.encodeMs);
      return encoded;
    },
    async predict(job, options) {
      const prediction = await compute.predict(job, options);
      onStage('decode', prediction.decodeMs);
      if (job.refine) onStage('refine', prediction.refineMs);
      onStage('trace', prediction.traceMs);
      return prediction;
    },
    async trace(rle, tolerancePx, options) {
      const traced = await compute.trace(rle, tolerancePx, options);
      onStage('trace', traced.traceMs);
      return traced;
    },
    render: (job, options) => timed('export', compute.render(job, options)),
    renderTree: (request, options) => timed('export', compute.renderTree(request, options)),
    startEverything: (job) => compute.startEverything(job),
    advanceEverything: (run, options) => timed('search', compute.advanceEverything(run, options)),
    summariseEverything: (run) => compute.summariseEverything(run),
    endEverything: (run) => compute.endEverything(run),
    dispose: () => compute.dispose(),
  };
}
