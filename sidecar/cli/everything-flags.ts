/** The flags of `cutline all` that say how to search: → options of the protocol. */
import { InvalidArgumentError, Option } from 'commander';
import type { Command } from 'commander';
import { everythingOptionsSchema, everythingParametersSchema } from '../../protocol/everything.js';
import type { EverythingOptions, EverythingParameters } from '../../protocol/everything.js';
import { toleranceOption } from './tolerance-option.js';

/** Flags for parameters: what each is called, for whom it is, and what it says. */
const PARAMETER_FLAGS: readonly {
  readonly flag: string;
  readonly parameter: keyof EverythingParameters;
  readonly help: string;
}[] = [
  { flag: '--points-per-side <n>', parameter: 'pointsPerSide', help: 'clicks along each side (default: 32)' },
  { flag: '--points-per-batch <n>', parameter: 'pointsPerBatch', help: 'clicks asked at once (default: 2)' },
  { flag: '--crop-layers <n>', parameter: 'cropLayers', help: 'layers of crops to search too (default: 0)' },
  { flag: '--min-area <px>', parameter: 'minRegionPx', help: 'drop specks and fill holes below this' },
  {
    flag: '--min-score <share>',
    parameter: 'predictedIouThreshold',
    help: 'what the model must think of a mask (default: 0.88)',
  },
  {
    flag: '--min-stability <share>',
    parameter: 'stabilityThreshold',
    help: 'how firm its edge must be (default: 0.95)',
  },
  {
    flag: '--stability-offset <logits>',
    parameter: 'stabilityOffset',
    help: 'how hard that is tested (default: 1)',
  },
  {
    flag: '--max-overlap <share>',
    parameter: 'boxNmsThreshold',
    help: 'of boxes, before the worse mask goes (default: 0.7)',
  },
  {
    flag: '--max-crop-overlap <share>',
    parameter: 'cropNmsThreshold',
    help: 'the same between crops (default: 0.7)',
  },
  {
    flag: '--crop-overlap <share>',
    parameter: 'cropOverlap',
    help: 'of neighbouring crops, in short sides (default: 0.341)',
  },
  {
    flag: '--crop-point-scale <n>',
    parameter: 'cropPointScale',
    help: 'how much sparser clicks get by layer (default: 1)',
  },
  {
    flag: '--max-area-share <share>',
    parameter: 'maxAreaShare',
    help: 'drop masks that cover so much of the image',
  },
];

/**
 * Adds the flags to a command.
 *
 * @returns Reads what was given, once the command line has been parsed.
 */
export function addEverythingFlags(command: Command): () => EverythingOptions {
  let options: EverythingOptions = {};
  const set = (change: EverythingOptions) => (options = { ...options, ...change });
  command
    .addOption(
      new Option(
        '--mode <mode>',
        'fast, or exact: the reference’s algorithm, click by click (default: fast; exact with --preset sa-1b)',
      ).choices(['fast', 'exact']),
    )
    .addOption(
      new Option('--preset <name>', 'parameters to start from')
        .choices(['reference', 'sa-1b'])
        .default('reference'),
    )
    .addOption(toleranceOption().default(undefined, 'by the size of the image'))
    .option('--shared-edges', 'neighbours meet in one edge, without gaps or overlaps');
  for (const { flag, parameter, help } of PARAMETER_FLAGS) {
    command.addOption(
      new Option(flag, help).argParser((text) => {
        const value = parseParameter(parameter, text);
        set({ [parameter]: value });
        return value;
      }),
    );
  }
  return () => {
    const { mode, preset, tolerance, sharedEdges } = command.opts<{
      mode?: 'fast' | 'exact';
      preset: 'reference' | 'sa-1b';
      tolerance?: number;
      sharedEdges?: boolean;
    }>();
    return everythingOptionsSchema.parse({ ...options, mode, preset, tolerancePx: tolerance, sharedEdges });
  };
}

/** @throws InvalidArgumentError saying what the parameter may be. */
function parseParameter(parameter: keyof EverythingParameters, text: string): number {
  const parsed = everythingParametersSchema.shape[parameter].safeParse(
    text.trim() === '' ? NaN : Number(text),
  );
  if (parsed.success) return parsed.data;
  throw new InvalidArgumentError(`${parsed.error.issues[0]?.message ?? 'It is out of range'}.`);
}
