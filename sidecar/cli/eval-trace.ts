/** `cutline eval trace`: how good outlines of masks are, beside other tracers. */
import { Command } from 'commander';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { DEFAULT_TOLERANCE_PX } from '../../protocol/method-parts.js';
import { findImages } from '../eval/image-files.js';
import { evaluateTrace } from '../eval/trace/evaluate-trace.js';
import type { TraceEvaluation } from '../eval/trace/evaluate-trace.js';
import { generateMasks } from '../eval/trace/masks.js';
import { findRivals } from '../eval/trace/rivals.js';
import type { NamedMask } from '../eval/trace/shapes.js';
import { TracePage } from '../eval/trace/trace-page.js';
import { REPORT_FLAG, publish } from './eval-common.js';
import { listenForInterruption } from './interruption.js';
import { checkFolder, showProgress } from './io.js';
import { readMaskFile } from './mask-file.js';
import { toleranceOption } from './tolerance-option.js';

interface TraceFlags {
  readonly masks?: string;
  readonly tolerance: number;
  readonly baseline?: boolean;
  readonly report?: string;
  readonly json?: boolean;
}

const HELP = `
Without --masks, 48 masks of every kind are drawn: thin, with holes, islands, letters, straight, round, organic, noisy.
Overlap is measured at sixteen samples a pixel, deviation along the outline to the nearest edge of a pixel.

Examples:
  cutline eval trace --baseline --report trace.html
  cutline eval trace --masks masks --tolerance 1 --json`;

export function traceCommand(): Command {
  return new Command('trace')
    .description('segments, overlap and deviation of outlines, by tolerance')
    .option('--masks <folder>', 'black and white images: white is inside')
    .addOption(toleranceOption().default(DEFAULT_TOLERANCE_PX))
    .option('--baseline', 'also potrace and vtracer, where they are installed, in the same run')
    .option(...REPORT_FLAG)
    .option('--json', 'print everything as JSON')
    .addHelpText('after', HELP)
    .action(evalTrace);
}

async function evalTrace(flags: TraceFlags): Promise<void> {
  const { masks: folder, tolerance: tolerancePx, report } = flags;
  if (report !== undefined) await checkFolder(report);
  const masks = folder === undefined ? generateMasks() : await readMasks(folder);
  const { signal } = listenForInterruption();
  const page = new TracePage();
  const scratch = await mkdtemp(join(tmpdir(), 'cutline-'));
  try {
    const evaluation = await evaluateTrace(masks, {
      tolerancePx,
      rivals: flags.baseline ? findRivals(scratch) : [],
      signal,
      onProgress: (fraction, name) => showProgress('Tracing', fraction, name),
      ...(report !== undefined && { onMask: (traced) => page.add(traced) }),
    });
    showProgress('Tracing', 1);
    await publish(flags, evaluation, page, toText);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function readMasks(folder: string): Promise<NamedMask[]> {
  const masks: NamedMask[] = [];
  for (const path of await findImages(folder))
    masks.push({ name: basename(path), ...(await readMaskFile(path)) });
  return masks;
}

function toText({ masks, tolerancePx, cutline, rivals, byTolerance, rises }: TraceEvaluation): string {
  const row = (name: string, { segments, iou, meanDeviationPx, ms }: TraceEvaluation['cutline']) =>
    name.padEnd(18) +
    String(segments).padStart(10) +
    iou.toFixed(4).padStart(10) +
    meanDeviationPx.toFixed(3).padStart(10) +
    ms.toFixed(1).padStart(8);
  return `${[
    `Outlines of ${masks} masks within ${tolerancePx} px`,
    ''.padEnd(18) +
      ['segments', 'overlap', 'mean off'].map((name) => name.padStart(10)).join('') +
      '      ms',
    row('cutline', cutline),
    ...rivals.map((rival) => row(rival.name, rival)),
    '',
    'tolerance'.padEnd(18) + ['segments', 'most off'].map((name) => name.padStart(10)).join(''),
    ...byTolerance.map(
      ({ tolerancePx: px, segments, maxDeviationPx }) =>
        `${px} px`.padEnd(18) + String(segments).padStart(10) + maxDeviationPx.toFixed(2).padStart(10),
    ),
    `Steps to more tolerance that took more segments: ${rises}`,
  ].join('\n')}\n`;
}
