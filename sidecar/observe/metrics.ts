/** What the sidecar counts and times, for `/metrics`. Labels have few values: methods, stages and codes, never names. */
import { Counter, Gauge, Histogram, Registry } from 'prom-client';

/** What an answer's time goes into. `search` is one turn of looking for everything. */
export type Stage = 'queue' | 'read' | 'encode' | 'decode' | 'refine' | 'trace' | 'search' | 'export';

/** Where an image's embedding came from; `miss` means that it had to be encoded. */
export type EmbeddingSource = 'memory' | 'disk' | 'miss';

/** Seconds: from a decode's part to an encode on a slow machine and the longest wait. */
const BUCKETS_S = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

/** Values of one gauge: a number, or numbers by the value of its only label. */
export type Reading = number | Readonly<Record<string, number>>;

export class Metrics {
  readonly #registry = new Registry();
  readonly #stages = this.#histogram('cutline_stage_seconds', 'Time by stage of an answer.', 'stage');
  readonly #requests = this.#histogram('cutline_request_seconds', 'Time of whole requests.', 'method');
  readonly #outcomes = this.#counter('cutline_requests_total', 'Requests by outcome.', ['method', 'outcome']);
  readonly #refusals = this.#counter('cutline_refusals_total', 'Error answers by name, however early.', [
    'code',
  ]);
  readonly #lookups = this.#counter('cutline_embedding_lookups_total', 'Where embeddings came from.', [
    'source',
  ]);
  readonly #crashes = this.#counter(
    'cutline_compute_crashes_total',
    'Times that the compute thread died.',
    [],
  );

  /** What Prometheus wants the text to be called. */
  get contentType(): string {
    return this.#registry.contentType;
  }

  addStage(stage: Stage, ms: number): void {
    this.#stages.observe({ stage }, ms / 1000);
  }

  /** @param outcome `ok` or the name of the error. */
  addRequest(method: string, outcome: string, ms: number): void {
    this.#requests.observe({ method }, ms / 1000);
    this.#outcomes.inc({ method, outcome });
  }

  addRefusal(code: string): void {
    this.#refusals.inc({ code });
  }

  addLookup(source: EmbeddingSource): void {
    this.#lookups.inc({ source });
  }

  addCrash(): void {
    this.#crashes.inc();
  }

  /**
   * A number that is asked for whenever somebody reads the metrics.
   *
   * @param label Name of its label, when `read` answers by label.
   */
  watch(name: string, help: string, read: () => Reading | Promise<Reading>, label?: string): void {
    new Gauge({
      name,
      help,
      labelNames: label === undefined ? [] : [label],
      registers: [this.#registry],
      async collect() {
        const reading = await read();
        this.reset();
        if (typeof reading === 'number') return this.set(reading);
        for (const [value, number] of Object.entries(reading)) this.set({ [label!]: value }, number);
      },
    });
  }

  /** Something that is so rather than a number: a gauge of 1 whose labels say what. */
  watchFacts(name: string, help: string, read: () => Readonly<Record<string, string>>): void {
    new Gauge({
      name,
      help,
      labelNames: Object.keys(read()),
      registers: [this.#registry],
      collect() {
        this.reset();
        this.set(read(), 1);
      },
    });
  }

  /** Prometheus' text format. */
  toText(): Promise<string> {
    return this.#registry.metrics();
  }

  toJson(): Promise<object> {
    return this.#registry.getMetricsAsJSON();
  }

  #histogram<L extends string>(name: string, help: string, label: L): Histogram<L> {
    return new Histogram({
      name,
      help,
      labelNames: [label],
      buckets: BUCKETS_S,
      registers: [this.#registry],
    });
  }

  #counter<L extends string>(name: string, help: string, labelNames: readonly L[]): Counter<L> {
    return new Counter({ name, help, labelNames, registers: [this.#registry] });
  }
}
