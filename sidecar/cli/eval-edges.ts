/** `cutline eval edges`: how exact edges are on large photographs. */
import { Command } from 'commander';
import { CodedError } from '../../protocol/errors.js';
import type { Size } from '../../protocol/geometry.js';
import { findImages } from '../eval/image-files.js';
import { makeComposite } from '../eval/edges/composites.js';
import { EdgePage } from '../eval/edges/edge-page.js';
import { evaluateEdges } from '../eval/edges/evaluate-edges.js';
import type { EdgeComparison, EdgeEvaluation, EdgeScores } from '../eval/edges/evaluate-edges.js';
import { seededRandom } from '../eval/seeded-random.js';
import { countOption, loadForEval, numberOption, REPORT_FLAG, SEED_RANGE, publish } from './eval-common.js';
import { listenForInterruption } from './interruption.js';
import { checkFolder, showProgress } from './io.js';
import { MODEL_FLAG } from './model-flag.js';
import { DEVICE_FLAG } from './with-engine.js';
import type { EngineFlags } from './with-engine.js';

interface EdgesFlags extends EngineFlags {
  readonly images: string;
  readonly count: number;
  readonly seed: number;
  readonly megapixels: number;
  readonly report?: string;
  readonly json?: boolean;
}

const EDGES_HELP = `
Objects made of one photograph are laid over another, in shapes of which the coverage of every pixel is known: of one
material, a piece of the photograph as it is, or with fur. Each is asked for with a box and a click, then its edges are
compared with the truth, without and with --refine and --soft-edge of cut.

Example:
  cutline eval edges --images photos --count 12 --report edges.html`;

export function edgesCommand(): Command {
  return new Command('edges')
    .description('how exact edges are on large photographs, before and after refining')
    .requiredOption('--images <folder>', 'photographs to make composites of')
    .addOption(countOption('--count <number>', 'composites to make').default(8))
    .addOption(numberOption('--seed <number>', 'for shapes and places', ...SEED_RANGE).default(1))
    .addOption(numberOption('--megapixels <number>', 'size of the composites', 0.5, 40).default(12))
    .option(...REPORT_FLAG)
    .option('--json', 'print everything as JSON')
    .option(...DEVICE_FLAG)
    .option(...MODEL_FLAG)
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
  const { report } = flags;
  if (report !== undefined) await checkFolder(report);
  const page = new EdgePage();
  const { signal } = listenForInterruption();
  const model = await loadForEval(flags, signal);
  const random = seededRandom(flags.seed);
  const size = sizeOf(flags.megapixels);
  const draw = () => Math.floor(paths.length * random());
  const composites = Array.from({ length: flags.count }, (_, index) => () => {
    const background = draw();
    const apart = 1 + Math.floor((paths.length - 1) * random());
    const foreground = (background + apart) % paths.length;
    return makeComposite(paths[background]!, paths[foreground]!, index, size, random);
  });
  try {
    const evaluation = await evaluateEdges(model, composites, {
      signal,
      onProgress: (fraction, name) => showProgress('Refining', fraction, name),
      ...(report !== undefined && { onComposite: (refined) => page.add(refined) }),
    });
    showProgress('Refining', 1);
    await publish(flags, evaluation, page, edgesText);
  } finally {
    await model.dispose();
  }
}

/** Four by three. */
function sizeOf(megapixels: number): Size {
  const height = Math.round(Math.sqrt(megapixels * 1e6 * 0.75));
  return { width: Math.round((height * 4) / 3), height };
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
