/** What the evaluations have in common on the command line. */
import { InvalidArgumentError, Option } from 'commander';
import type { SegmentationModel } from '../../models/adapter.js';
import { loadModel } from '../engine/load-model.js';
import { modelCacheDir } from '../engine/own-model.js';
import { readSettings } from '../settings.js';
import { print, writeOutput } from './io.js';
import { ownModelOf } from './model-flag.js';
import { tellOfLoad } from './with-engine.js';
import type { EngineFlags } from './with-engine.js';

export const REPORT_FLAG = ['--report <file>', 'write a page with pictures'] as const;
export const SEED_RANGE = [0, 2 ** 32 - 1] as const;

/** What is measured depends on where the model runs, so that is said. */
export async function loadForEval(flags: EngineFlags, signal: AbortSignal): Promise<SegmentationModel> {
  const settings = readSettings(process.env, flags);
  const { home, device } = settings;
  const ownModel = await ownModelOf(settings);
  const loaded = await loadModel({ cacheDir: modelCacheDir(home, ownModel), device, ownModel, signal });
  tellOfLoad(settings, loaded);
  return loaded.model;
}

export function countOption(flags: string, help: string): Option {
  return new Option(flags, help).argParser((text) => {
    const value = Number(text);
    if (Number.isInteger(value) && value >= 1 && value <= 100) return value;
    throw new InvalidArgumentError('Give a whole number from 1 to 100.');
  });
}

export function numberOption(flags: string, help: string, least: number, most: number): Option {
  return new Option(flags, help).argParser((text) => {
    const value = Number(text);
    if (text.trim() !== '' && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`Give a number from ${least} to ${most}.`);
  });
}

export interface ReportFlags {
  readonly report?: string;
  readonly json?: boolean;
}

/** Writes the page, if one is wanted, and prints the figures. */
export async function publish<Evaluation>(
  { report, json }: ReportFlags,
  evaluation: Evaluation,
  page: { render(evaluation: Evaluation): string },
  toText: (evaluation: Evaluation) => string,
): Promise<void> {
  if (report !== undefined) await writeOutput(report, new TextEncoder().encode(page.render(evaluation)));
  await print(json ? `${JSON.stringify(evaluation)}\n` : toText(evaluation));
}
