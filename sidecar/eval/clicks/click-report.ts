/** What a policy's clicks come to, over many objects. */
import { mean, round } from '../statistics.js';
import type { ClickRun } from './run-clicks.js';

/** Overlaps that people count clicks to. */
export const GOALS = [0.8, 0.85, 0.9] as const;

export interface ClickSummary {
  /** Mean IoU after 1, 2, 3 … clicks. */
  readonly meanIou: readonly number[];
  /** By goal in per cent: mean number of clicks to get there, the cap for what never does. */
  readonly clicksTo: Readonly<Record<string, number>>;
  /** By goal in per cent: objects that do not get there within the cap. */
  readonly notReached: Readonly<Record<string, number>>;
  readonly secondsPerClick: number;
}

/** @param clicks Most clicks that the means tell of. */
export function summariseRuns(
  runs: readonly Pick<ClickRun, 'ious' | 'clicks' | 'answerMs'>[],
  clicks: number,
  cap: number,
): ClickSummary {
  const meanIou = Array.from({ length: clicks }, (_, k) => round(mean(runs.map(({ ious }) => ious[k]!))));
  const clicksTo: Record<string, number> = {};
  const notReached: Record<string, number> = {};
  for (const goal of GOALS) {
    const needed = runs.map(({ ious }) => clicksToReach(ious, goal));
    const name = String(Math.round(100 * goal));
    clicksTo[name] = round(mean(needed.map((count) => count ?? cap)), 2);
    notReached[name] = needed.filter((count) => count === undefined).length;
  }
  const answered = runs.reduce((sum, { clicks: made }) => sum + made.length, 0);
  const answerMs = runs.reduce((sum, run) => sum + run.answerMs, 0);
  return { meanIou, clicksTo, notReached, secondsPerClick: round(answerMs / 1000 / Math.max(1, answered)) };
}

/** @returns Undefined when it is never reached. */
export function clicksToReach(ious: readonly number[], goal: number): number | undefined {
  const index = ious.findIndex((iou) => iou >= goal);
  return index < 0 ? undefined : index + 1;
}

/** Share of the way from the reference's first click to the best of its candidates that the product goes. */
export function gapClosed(ours: number, reference: number, oracle: number): number | undefined {
  return oracle > reference ? round((ours - reference) / (oracle - reference)) : undefined;
}
