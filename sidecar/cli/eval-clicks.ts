/** `cutline eval clicks`: overlap with the truth after every click. */
import { Command, Option } from 'commander';
import { ClickPage, SHOWN_CLICKS } from '../eval/clicks/click-page.js';
import { evaluateClicks } from '../eval/clicks/evaluate-clicks.js';
import type { ClickEvaluation } from '../eval/clicks/evaluate-clicks.js';
import { findTruths } from '../eval/clicks/truths.js';
import { countOption, loadForEval, numberOption, REPORT_FLAG, SEED_RANGE, publish } from './eval-common.js';
import { listenForInterruption } from './interruption.js';
import { checkFolder, showProgress } from './io.js';
import { MODEL_FLAG } from './model-flag.js';
import { DEVICE_FLAG } from './with-engine.js';
import type { EngineFlags } from './with-engine.js';

interface ClicksFlags extends EngineFlags {
  readonly images: string;
  readonly masks: string;
  readonly labels?: boolean;
  readonly minShare: number;
  readonly clicks: number;
  readonly cap: number;
  readonly placing: 'centre' | 'random';
  readonly seed: number;
  readonly baseline?: boolean;
  readonly report?: string;
  readonly json?: boolean;
}

const CLICKS_HELP = `
Each object is clicked in its middle, then in the middle of the largest error, and so on; the overlap with the truth is
measured after every click. A mask has the name of its image: 255 inside, 0 outside, 128 ignored.

Examples:
  cutline eval clicks --images photos --masks masks --clicks 9 --baseline
  cutline eval clicks --images photos --masks labels --labels --report clicks.html
  cutline eval clicks --images photos --masks masks --placing random --json > clicks.json`;

export function clicksCommand(): Command {
  return new Command('clicks')
    .description('overlap after every click, and clicks to 80, 85 and 90 %')
    .requiredOption('--images <folder>', 'images')
    .requiredOption('--masks <folder>', 'their masks, under the same names')
    .option('--labels', 'masks are label maps: every label is an object')
    .addOption(
      numberOption('--min-share <share>', 'leave out labels of a smaller share of the image', 0, 1).default(
        0.01,
      ),
    )
    .addOption(countOption('--clicks <number>', 'clicks to make on every object').default(9))
    .addOption(countOption('--cap <number>', 'most clicks on the way to 90 %').default(20))
    .addOption(
      new Option('--placing <how>', 'where in an error to click')
        .choices(['centre', 'random'])
        .default('centre'),
    )
    .addOption(numberOption('--seed <number>', 'for random clicks', ...SEED_RANGE).default(1))
    .option('--baseline', 'also the reference policy, in the same run')
    .option(...REPORT_FLAG)
    .option('--json', 'print everything as JSON')
    .option(...DEVICE_FLAG)
    .option(...MODEL_FLAG)
    .addHelpText('after', CLICKS_HELP)
    .action(evalClicks);
}

async function evalClicks(flags: ClicksFlags): Promise<void> {
  const { images, masks, labels = false, minShare, clicks, baseline = false, report } = flags;
  const found = await findTruths({ images, masks, labels, minShare });
  if (report !== undefined) await checkFolder(report);
  const { signal } = listenForInterruption();
  const model = await loadForEval(flags, signal);
  const page = new ClickPage();
  try {
    const evaluation = await evaluateClicks(model, found, {
      clicks,
      cap: Math.max(clicks, flags.cap),
      seed: flags.placing === 'random' ? flags.seed : undefined,
      baseline,
      signal,
      onProgress: (fraction, object) => showProgress('Clicking', fraction, object),
      ...(report !== undefined && { keep: SHOWN_CLICKS, onObject: (object) => page.add(object) }),
    });
    showProgress('Clicking', 1);
    await publish(flags, evaluation, page, toText);
  } finally {
    await model.dispose();
  }
}

function toText({
  objects,
  images,
  oracleAtOne,
  cutline,
  baseline,
  gapClosedAtOne,
}: ClickEvaluation): string {
  const rows = [
    [
      'clicks',
      ...cutline.meanIou.map((_, k) => String(k + 1)),
      ...goalsOf(cutline).map((goal) => `to ${goal} %`),
    ],
    ['cutline', ...cellsOf(cutline)],
    ...(baseline ? [['reference', ...cellsOf(baseline)]] : []),
  ];
  const table = rows.map((row) => row.map((cell, k) => (k ? cell.padStart(8) : cell.padEnd(10))).join(''));
  const gap = gapClosedAtOne === undefined ? '' : `; ${Math.round(100 * gapClosedAtOne)} % of the way there`;
  return `${[
    `Mean IoU on ${objects} objects in ${images} images`,
    ...table,
    `Best of the decoder’s masks after one click: ${oracleAtOne.toFixed(3)}${gap}`,
    `${cutline.secondsPerClick.toFixed(3)} s a click`,
  ].join('\n')}\n`;
}

type Summary = ClickEvaluation['cutline'];

function goalsOf({ clicksTo }: Summary): string[] {
  return Object.keys(clicksTo);
}

function cellsOf(summary: Summary): string[] {
  const { meanIou, clicksTo } = summary;
  return [
    ...meanIou.map((iou) => iou.toFixed(3)),
    ...goalsOf(summary).map((goal) => clicksTo[goal]!.toFixed(2)),
  ];
}
