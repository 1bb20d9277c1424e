/** One object, clicked until it is right: the overlap after every click. */
import type { Embedding, RunOptions } from '../../../models/adapter.js';
import type { ClickPolicy } from './click-policies.js';
import { iouWithTruth, nextClick, type Click, type Truth } from './next-click.js';

export interface ClickRun {
  /** IoU with the truth after each click; once nothing is left to click on, the last one goes on. */
  readonly ious: readonly number[];
  readonly clicks: readonly Click[];
  /** Time that answers took, milliseconds in all. */
  readonly answerMs: number;
  /** Uint8, height × width: the first answers, as many as were asked to be kept. */
  readonly answers: readonly Uint8Array[];
}

export interface ClickRunOptions extends RunOptions {
  /** Clicks to make at least. */
  readonly clicks: number;
  /** Answers to keep. */
  readonly keep: number;
  /** Goes on to this many until the IoU below is reached. */
  readonly cap: number;
  readonly goal: number;
  /** In [0, 1), for random clicks; middles without it. */
  readonly random?: (() => number) | undefined;
}

/** @throws CodedError CANCELLED */
export async function runClicks(
  policy: ClickPolicy,
  embedding: Embedding,
  truth: Truth,
  { clicks: least, keep, cap, goal, random, ...options }: ClickRunOptions,
): Promise<ClickRun> {
  const session = policy.begin(embedding);
  const clicks: Click[] = [];
  const ious: number[] = [];
  const answers: Uint8Array[] = [];
  let answer: Uint8Array = new Uint8Array(truth.pixels.length);
  let answerMs = 0;
  while (ious.length < least || (ious.length < cap && Math.max(...ious) < goal)) {
    const click = nextClick(truth, answer, clicks, random);
    if (!click) {
      ious.push(ious.at(-1) ?? 0);
      continue;
    }
    clicks.push(click);
    const started = performance.now();
    answer = await session.answer(clicks, options);
    answerMs += performance.now() - started;
    ious.push(iouWithTruth(truth, answer));
    if (answers.length < keep) answers.push(answer);
  }
  return { ious, clicks, answerMs, answers };
}
