/** What a hard test tried and what came of it: a line of the table in docs/reliability.md. */
import type { TestContext } from 'vitest';

/** Parts of the table, in its order. */
export const AREAS = [
  'Access',
  'Wire',
  'Images',
  'Models',
  'Faults',
  'Load',
  'Soak',
  'Stop and cancel',
  'Supply chain',
  'Plugin',
] as const;

export interface Trial {
  readonly area: (typeof AREAS)[number];
  /** What was done to it, in a few words; a later run takes the place of an earlier one of the same words. */
  readonly tried: string;
  readonly times: number;
  /** What happened, with its figures. */
  readonly happened: string;
  /** What has to happen. */
  readonly wanted: string;
}

declare module 'vitest' {
  interface TaskMeta {
    trials?: Trial[];
  }
}

/** Has the run write a trial into the table. What was wanted is for the test itself to expect. */
export function recordTrial({ task }: Pick<TestContext, 'task'>, trial: Trial): void {
  (task.meta.trials ??= []).push(trial);
}
