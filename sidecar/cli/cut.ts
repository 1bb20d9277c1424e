/** `cutline cut`: one object out of one image. */
import { Command, InvalidArgumentError, Option } from 'commander';
import { validatePrompts } from '../../models/validate-prompts.js';
import { CodedError } from '../../protocol/errors.js';
import { exportFormatSchema } from '../../protocol/methods.js';
import type { ExportFormat } from '../../protocol/methods.js';
import type { Prompt } from '../../protocol/prompt.js';
import { LEAST_SOFT_EDGE_PX, MOST_SOFT_EDGE_PX, THIN_EDGE_PX } from '../../protocol/soft-edge.js';
import type { ModelState } from '../engine/compute.js';
import type { EngineCall } from '../engine/engine.js';
import type { Segmenter } from '../engine/segmenter.js';
import { print, readInput, showProgress, writeOutput } from './io.js';
import { outputFormat } from './output-format.js';
import { addPromptFlags } from './prompt-flags.js';
import { toleranceOption } from './tolerance-option.js';
import { MODEL_FLAG } from './model-flag.js';
import { DEVICE_FLAG, withEngine } from './with-engine.js';
import type { EngineFlags } from './with-engine.js';

interface CutFlags extends EngineFlags {
  readonly tolerance?: number;
  readonly format?: ExportFormat;
  readonly out?: string;
  readonly json?: boolean;
  readonly refine?: boolean;
  readonly softEdge?: number | true;
}

const FORMATS: Readonly<Record<string, ExportFormat>> = {
  '.svg': 'svg',
  '.geojson': 'geojson',
  '.json': 'coco',
  '.png': 'cutout',
};

const EXAMPLES = `
Prompts act in the order given, as if clicked one after another.

Examples:
  cutline cut photo.jpg --point 640,410 --out cup.svg
  cutline cut photo.jpg --box 75,275,1725,850 --not 900,300 --out truck.png
  cutline cut photo.jpg --point 640,410 --refine --out cup.svg
  cutline cut photo.jpg --point 640,410 --refine --soft-edge 16 --out dog.png
  cutline cut photo.jpg --point 640,410 --grow -2 --out cup.png
  cutline cut photo.jpg --point 640,410 --candidate 3 --json`;

export function cutCommand(): Command {
  const command = new Command('cut')
    .description('cut one object out of an image: click on it, or draw a box around it')
    .argument('<image>', 'PNG, JPEG, WebP, GIF, AVIF or TIFF');
  const prompts = addPromptFlags(command);
  return command
    .addOption(toleranceOption().default(undefined, 'by the size of the image'))
    .addOption(
      new Option('--format <format>', 'what to write (default: by the name of --out, else svg)').choices(
        exportFormatSchema.options,
      ),
    )
    .option('--out <file>', 'where to write it (default: standard output)')
    .option('--refine', 'find the edges in the image itself: slower, and closer on large photographs')
    .addOption(softEdgeOption())
    .option('--json', 'print scores, outlines and masks of every candidate as JSON')
    .option(...DEVICE_FLAG)
    .option(...MODEL_FLAG)
    .addHelpText('after', EXAMPLES)
    .action((path: string, flags: CutFlags) => cut(path, prompts, flags));
}

async function cut(path: string, prompts: readonly Prompt[], flags: CutFlags): Promise<void> {
  requireInside(prompts);
  const format = outputFormat(flags, FORMATS);
  const softEdge = softEdgeOf(flags, format);
  const bytes = await readInput(path);
  await withEngine(flags, async ({ engine, call, load }) => {
    const { image } = await engine.uploadImage({ bytes }, call);
    // Said before the image is read in full, which takes a second.
    validatePrompts(prompts, image);
    const loaded = await load();
    const report = await predict(engine, loaded, image.id, prompts, flags, call);
    if (flags.out !== undefined || !flags.json) {
      const request = { image: image.id, prompts: [...prompts], ...drawing(flags), ...softEdge, format };
      const file = await engine.exportObject(request, call);
      if (flags.out === undefined) await print(file.bytes);
      else {
        await writeOutput(flags.out, file.bytes);
        console.error(`Wrote ${flags.out}: ${report.summary}.`);
      }
    }
    if (flags.json) await print(`${JSON.stringify(report.json())}\n`);
  });
}

interface Report {
  /** What was found, in a few words. */
  readonly summary: string;
  /** To be made when everything else is done, since it tells the total time. */
  json(): object;
}

async function predict(
  engine: Segmenter,
  loaded: ModelState,
  image: string,
  prompts: readonly Prompt[],
  flags: CutFlags,
  call: EngineCall,
): Promise<Report> {
  // performance.now() counts from the start of the process.
  const startMs = performance.now();
  const prepared = await engine.prepare(
    { image },
    { ...call, onProgress: ({ fraction }) => showProgress('Reading the image', fraction) },
  );
  showProgress('Reading the image', 1);
  const answer = await engine.predict({ image, prompts: [...prompts], ...drawing(flags), rle: true }, call);
  const { width, height } = prepared.image;
  const { outline } = answer.candidates[answer.chosen - 1]!;
  const summary = `${outline.nodes} nodes, candidate ${answer.chosen} of ${answer.candidates.length}`;
  const json = () => ({
    image: { width, height, sha256: image },
    model: prepared.model,
    device: loaded.device,
    candidates: answer.candidates,
    chosen: answer.chosen,
    timings: {
      startMs,
      readMs: prepared.timings.readMs,
      encodeMs: prepared.timings.encodeMs,
      decodeMs: answer.timings.decodeMs,
      refineMs: answer.timings.refineMs,
      traceMs: answer.timings.traceMs,
      totalMs: performance.now(),
    },
    cache: prepared.cache,
  });
  return { summary, json };
}

/** @throws CodedError PROMPTS_EMPTY where only places outside are given: that could be anything else. */
function requireInside(prompts: readonly Prompt[]): void {
  const isOutside = (prompt: Prompt) => prompt.type === 'point' && prompt.label === 'outside';
  if (prompts.length === 0 || !prompts.every(isOutside)) return;
  const message = 'Every place given is outside the object.';
  throw new CodedError('PROMPTS_EMPTY', message, 'Give one inside too, with --point, or a --box.');
}

function softEdgeOption(): Option {
  const about = `make a cut-out’s edge as soft as it is in the image; hairs reach so far (default: ${THIN_EDGE_PX})`;
  return new Option('--soft-edge [px]', about).argParser((text) => {
    const value = Number(text);
    if (text.trim() !== '' && value >= LEAST_SOFT_EDGE_PX && value <= MOST_SOFT_EDGE_PX) return value;
    throw new InvalidArgumentError(
      `Give a number of pixels from ${LEAST_SOFT_EDGE_PX} to ${MOST_SOFT_EDGE_PX}; without one, put the flag last.`,
    );
  });
}

function softEdgeOf({ softEdge }: CutFlags, format: ExportFormat): { softEdgePx?: number } {
  if (softEdge === undefined) return {};
  if (format !== 'cutout') {
    throw new CodedError(
      'USAGE',
      'Only a cut-out has a soft edge.',
      'Add --format cutout, or --out with a .png name.',
    );
  }
  return { softEdgePx: softEdge === true ? THIN_EDGE_PX : softEdge };
}

/** What flags say of how the outline is drawn. */
function drawing({ tolerance: tolerancePx, refine = false }: CutFlags) {
  return { refine, ...(tolerancePx !== undefined && { tolerancePx }) };
}
