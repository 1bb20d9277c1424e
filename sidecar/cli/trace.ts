/** `cutline trace`: the outline of a mask that exists already. */
import { Command, Option } from 'commander';
import { fieldFromMask } from '../../models/logit-field.js';
import { measureDeviation } from '../../models/trace/deviation.js';
import { traceField } from '../../models/trace/outline.js';
import { CodedError } from '../../protocol/errors.js';
import { DEFAULT_TOLERANCE_PX } from '../../protocol/method-parts.js';
import { toGeoJson } from '../export/geojson.js';
import { toSvg } from '../export/svg.js';
import { print, writeOutput } from './io.js';
import { readMaskFile } from './mask-file.js';
import { toleranceOption } from './tolerance-option.js';

interface TraceFlags {
  readonly tolerance: number;
  readonly format: 'svg' | 'geojson';
  readonly out?: string;
  readonly json?: boolean;
}

const EXAMPLES = `
Examples:
  cutline trace mask.png --out outline.svg
  cutline trace mask.png --tolerance 2 --json`;

export function traceCommand(): Command {
  return new Command('trace')
    .description('outline a mask that exists: white is inside')
    .argument('<mask>', 'a black and white image')
    .addOption(toleranceOption().default(DEFAULT_TOLERANCE_PX))
    .addOption(new Option('--format <format>', 'what to write').choices(['svg', 'geojson']).default('svg'))
    .option('--out <file>', 'where to write it (default: standard output)')
    .option('--json', 'print the outline’s size and deviation as JSON')
    .addHelpText('after', EXAMPLES)
    .action(trace);
}

async function trace(path: string, flags: TraceFlags): Promise<void> {
  const image = await readMaskFile(path);
  const started = performance.now();
  const traced = traceField(fieldFromMask(image.mask, image), {
    tolerancePx: flags.tolerance,
    minRegionPx: 0,
  });
  const traceMs = performance.now() - started;
  const { outline, rings } = traced;
  if (outline.rings === 0) {
    throw new CodedError('MASK_EMPTY', `${path} has no white pixel.`, 'White is inside: invert the mask?');
  }
  if (flags.out !== undefined || !flags.json) {
    const objects = [{ id: 'object-1', outline, contour: rings, properties: {} }];
    const text = flags.format === 'svg' ? toSvg(image, objects) : toGeoJson(image, objects);
    if (flags.out === undefined) await print(text);
    else await writeOutput(flags.out, new TextEncoder().encode(text));
  }
  if (flags.json) {
    const { width, height } = image;
    const report = {
      size: [height, width],
      outline: { ...outline, meanDeviationPx: measureDeviation(outline.path, rings).meanPx },
      timings: { traceMs },
    };
    await print(`${JSON.stringify(report)}\n`);
  }
}
