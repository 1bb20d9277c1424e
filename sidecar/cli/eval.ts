/** `cutline eval`: how good the product is, measured on images of which the truth is known. */
import { Command, InvalidArgumentError, Option } from 'commander';
import { join } from 'node:path';
import type { SegmentationModel } from '../../models/adapter.js';
import { CodedError } from '../../protocol/errors.js';
import { ClickPage, SHOWN_CLICKS } from '../eval/click-page.js';
import { makeComposite } from '../eval/composites.js';
import { evaluateClicks } from '../eval/evaluate-clicks.js';
import type { ClickEvaluation } from '../eval/evaluate-clicks.js';
import { evaluateEdges } from '../eval/evaluate-edges.js';
import type { EdgeComparison, EdgeEvaluation, EdgeScores } from '../eval/evaluate-edges.js';
import { seededRandom } from '../eval/seeded-random.js';
import { findImages, findTruths } from '../eval/truths.js';
import { loadModel } from '../engine/load-model.js';
import { readSettings } from '../settings.js';
import { listenForInterruption } from './interruption.js';
import { checkFolder, print, showProgress, writeOutput } from './io.js';
import { DEVICE_FLAG, tellOfLoad } from './with-engine.js';
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

export function evalCommand(): Command {
  return new Command('eval')
    .description('measure how good the answers are, on images of which the truth is known')
    .addCommand(clicksCommand())
    .addCommand(edgesCommand());
}

function clicksCommand(): Command {
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
    .addOption(numberOption('--seed <number>', 'for random clicks', 0, 2 ** 32 - 1).default(1))
    .option('--baseline', 'also the reference policy, in the same run')
    .option('--report <file>', 'write a page with pictures')
    .option('--json', 'print everything as JSON')
    .option(...DEVICE_FLAG)
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
    if (report !== undefined) await writeOutput(report, new TextEncoder().encode(page.render(evaluation)));
    await print(flags.json ? `${JSON.stringify(evaluation)}\n` : toText(evaluation));
  } finally {
    await model.dispose();
  }
}

interface EdgesFlags extends EngineFlags {
  readonly images: string;
  readonly count: number;
  readonly seed: number;
  readonly json?: boolean;
}

/** A photograph of twelve megapixels. */
const EDGES_SIZE = { width: 4000, height: 3000 };

const EDGES_HELP = `
Objects made of one photograph are laid over another, in shapes of which the coverage of every pixel is known, at 12
megapixels: of one material, a piece of the photograph as it is, or with fur. Each is asked for with a box and a click, then
its edges are compared with the truth, without and with --refine and --soft-edge of cut.

Example:
  cutline eval edges --images photos --count 12`;

function edgesCommand(): Command {
  return new Command('edges')
    .description('how exact edges are on large photographs, before and after refining')
    .requiredOption('--images <folder>', 'photographs to make composites of')
    .addOption(countOption('--count <number>', 'composites to make').default(8))
    .addOption(numberOption('--seed <number>', 'for shapes and places', 0, 2 ** 32 - 1).default(1))
    .option('--json', 'print everything as JSON')
    .option(...DEVICE_FLAG)
    .addHelpText('after', EDGES_HELP)
    .action(evalEdges);
}

async function evalEdges(flags: EdgesFlags): Promise<void> {
  const paths = await findImages(flags.images);
  if (paths.length < 2) {
    throw new CodedError(
      'USAGE',
      `There is one image in ${flags.images}.`,
      'Give two or more: one lies on another.',
    );
  }
  const { signal } = listenForInterruption();
  const model = await loadForEval(flags, signal);
  const random = seededRandom(flags.seed);
  const path = (index: number) => paths[index % paths.length]!;
  // Every photograph lies on its next neighbour, then on the one after.
  const apart = (index: number) => 1 + (Math.floor(index / paths.length) % (paths.length - 1));
  const composites = Array.from(
    { length: flags.count },
    (_, index) => () => makeComposite(path(index), path(index + apart(index)), index, EDGES_SIZE, random),
  );
  try {
    const evaluation = await evaluateEdges(model, composites, {
      signal,
      onProgress: (fraction, name) => showProgress('Refining', fraction, name),
    });
    showProgress('Refining', 1);
    await print(flags.json ? `${JSON.stringify(evaluation)}\n` : edgesText(evaluation));
  } finally {
    await model.dispose();
  }
}

function edgesText(evaluation: EdgeEvaluation): string {
  const { composites, size, worse, byKind, found } = evaluation;
  const [height, width] = size;
  const row = (name: string, { iou, boundaryF1px, boundaryF2px, alphaError, nodes, ms }: EdgeScores) =>
    name.padEnd(18) +
    [iou, boundaryF1px, boundaryF2px, alphaError].map((value) => value.toFixed(3).padStart(10)).join('') +
    nodes.toFixed(0).padStart(8) +
    ms.toFixed(0).padStart(8);
  const rows = (name: string, { before, after, softAlphaError }: EdgeComparison) => [
    name,
    row('  as found', before),
    row('  refined', after),
    ...Object.entries(softAlphaError).map(
      ([bandPx, error]) => `  soft edge ${bandPx} px`.padEnd(48) + error.toFixed(3).padStart(10),
    ),
  ];
  return `${[
    `${composites} composites of ${width}×${height} px`,
    ''.padEnd(18) +
      ['IoU', 'F at 1 px', 'F at 2 px', 'alpha off'].map((name) => name.padStart(10)).join('') +
      '   nodes      ms',
    ...rows('all', evaluation),
    ...Object.entries(byKind).flatMap(([kind, group]) => rows(`${kind} (${group.composites})`, group)),
    ...(found ? rows(`found, without fur (${found.composites})`, found) : []),
    `Worse after refining: ${worse}`,
  ].join('\n')}\n`;
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

/** What is measured depends on where the model runs, so that is said. */
async function loadForEval(flags: EngineFlags, signal: AbortSignal): Promise<SegmentationModel> {
  const settings = readSettings(process.env, flags);
  const { home, device } = settings;
  const loaded = await loadModel({ cacheDir: join(home, 'models'), device, signal });
  tellOfLoad(settings, loaded);
  return loaded.model;
}

function countOption(flags: string, help: string): Option {
  return new Option(flags, help).argParser((text) => {
    const value = Number(text);
    if (Number.isInteger(value) && value >= 1 && value <= 100) return value;
    throw new InvalidArgumentError('Give a whole number from 1 to 100.');
  });
}

function numberOption(flags: string, help: string, least: number, most: number): Option {
  return new Option(flags, help).argParser((text) => {
    const value = Number(text);
    if (text.trim() !== '' && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`Give a number from ${least} to ${most}.`);
  });
}
