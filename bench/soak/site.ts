/** What everybody who works with the sidecar of a soak shares. */
import { CodedError } from '../../protocol/errors.js';
import type { Pace } from './pace.js';
import { drawScene } from './scenes.js';
import type { Scene } from './scenes.js';

export interface Site {
  readonly origin: string;
  readonly token: string;
  /** Numbers in [0, 1). */
  readonly random: () => number;
  readonly pace: Pace;
  readonly album: Album;
  readonly tally: Tally;
  /** Aborted when everybody is to leave. */
  readonly signal: AbortSignal;
}

/** Pictures that some come back to. */
const KEPT_SCENES = 60;
const OLD_SHARE = 0.3;

export class Album {
  readonly #scenes: Scene[] = [];

  constructor(private readonly random: () => number) {}

  /** A picture that nobody has seen yet. */
  async draw(): Promise<Scene> {
    const scene = await drawScene(this.random);
    this.#scenes.push(scene);
    if (this.#scenes.length > KEPT_SCENES) this.#scenes.shift();
    return scene;
  }

  /** Now and then one of the latest. */
  async open(): Promise<Scene> {
    const isOld = this.#scenes.length > 0 && this.random() < OLD_SHARE;
    return isOld ? this.#scenes[Math.floor(this.random() * this.#scenes.length)]! : this.draw();
  }
}

/** What was asked, and how it ended. */
export class Tally {
  readonly #counts = new Map<string, Record<string, number>>();
  readonly #surprises = new Set<string>();

  /** @param signal From its abort on nothing surprises: whatever was under way is broken off. */
  constructor(private readonly signal: AbortSignal) {}

  /** How often each thing ended how. */
  get counts(): Readonly<Record<string, Readonly<Record<string, number>>>> {
    return Object.fromEntries(this.#counts);
  }

  /** Endings that nobody foresaw. */
  get surprises(): readonly string[] {
    return [...this.#surprises];
  }

  /** How many things were asked in all. */
  get total(): number {
    const endings = [...this.#counts.values()].flatMap((counts) => Object.values(counts));
    return endings.reduce((sum, count) => sum + count, 0);
  }

  add(what: string, ending: string): void {
    const counts = this.#counts.get(what) ?? {};
    counts[ending] = (counts[ending] ?? 0) + 1;
    this.#counts.set(what, counts);
  }

  /**
   * Does something and counts how it ended.
   *
   * @param foreseen Errors that it may end with.
   * @returns undefined where it ended with an error.
   */
  async count<T>(
    what: string,
    work: () => Promise<T>,
    foreseen: readonly string[] = [],
  ): Promise<T | undefined> {
    try {
      const result = await work();
      this.add(what, 'ok');
      return result;
    } catch (error) {
      const ending = error instanceof CodedError ? error.code : String(error);
      this.add(what, ending);
      if (!foreseen.includes(ending) && !this.signal.aborted) this.#surprises.add(`${what}: ${ending}`);
      return undefined;
    }
  }
}
