/** `cutline all`: every object in an image, nested. */
import { Command, Option } from 'commander';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { CodedError } from '../../protocol/errors.js';
import type { EverythingProgress, FoundMask, TreeFormat } from '../../protocol/everything.js';
import type { Size } from '../../protocol/geometry.js';
import { treeFormatSchema } from '../../protocol/everything.js';
import { mergeProgress } from '../../protocol/merge-progress.js';
import { layerFiles, renderTree } from '../export/render-tree.js';
import { localImages } from '../read-here.js';
import type { TreeExportRequest } from '../export/render-tree.js';
import { INDEX_NAME, listedFiles } from '../export/tree-layers.js';
import { addEverythingFlags } from './everything-flags.js';
import { checkFolder, print, readInput, showProgress, writeOutput } from './io.js';
import { outputFormat } from './output-format.js';
import { MODEL_FLAG } from './model-flag.js';
import { DEVICE_FLAG, withEngine } from './with-engine.js';
import type { EngineFlags, EngineSession } from './with-engine.js';

interface AllFlags extends EngineFlags {
  readonly format?: TreeFormat;
  readonly out?: string;
  readonly json?: boolean;
}

const FORMATS: Readonly<Record<string, TreeFormat>> = {
  '.svg': 'svg',
  '.geojson': 'geojson',
  '.json': 'coco',
  '.ora': 'ora',
};

const EXAMPLES = `
Interrupted (Ctrl-C), it writes what it has found so far, except with --json alone. A name ending in .json means
COCO, .svg, .geojson and .ora what they say.

Examples:
  cutline all photo.jpg --out photo.svg
  cutline all photo.jpg --format layers --out photo-layers
  cutline all photo.jpg --shared-edges --tolerance 2 --out poster.svg
  cutline all photo.jpg --mode exact --json > photo.json
  cutline all photo.jpg --preset sa-1b --format sa-1b --out photo.json`;

export function allCommand(): Command {
  const command = new Command('all')
    .description('find everything in an image: a tree of objects and their parts')
    .argument('<image>', 'PNG, JPEG, WebP, GIF, AVIF or TIFF');
  const options = addEverythingFlags(command);
  return command
    .addOption(
      new Option('--format <format>', 'what to write (default: by the name of --out, else svg)').choices(
        treeFormatSchema.options,
      ),
    )
    .option('--out <path>', 'file to write, or folder for the format layers (default: standard output)')
    .option('--json', 'print scores, outlines and masks as JSON')
    .option(...DEVICE_FLAG)
    .option(...MODEL_FLAG)
    .addHelpText('after', EXAMPLES)
    .action(async (path: string, flags: AllFlags) => {
      const format = outputFormat(flags, FORMATS);
      if (format === 'layers' && flags.out === undefined && !flags.json) {
        throw new CodedError('USAGE', 'The format layers is a folder.', 'Say where with --out FOLDER.');
      }
      const bytes = await readInput(path);
      // Rather than when all has been found.
      if (flags.out !== undefined) await checkFolder(flags.out);
      await withEngine(flags, (session) =>
        findAll(session, { path, bytes, format, flags, options: options() }),
      );
    });
}

interface AllJob {
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly format: TreeFormat;
  readonly flags: AllFlags;
  readonly options: ReturnType<ReturnType<typeof addEverythingFlags>>;
}

async function findAll({ engine, call, load, heed }: EngineSession, job: AllJob): Promise<void> {
  // performance.now() counts from the start of the process.
  const startMs = performance.now();
  const { image } = await engine.uploadImage({ bytes: job.bytes }, call);
  await load();
  let arrived: readonly FoundMask[] = [];
  const onProgress = (progress: EverythingProgress) => {
    arrived = mergeProgress(arrived, progress);
    showProgress('Looking', progress.fraction, describe(arrived.length, progress));
  };
  try {
    const found = await engine.findEverything(
      { image: image.id, options: job.options },
      { ...call, onProgress },
    );
    showProgress('Looking', 1);
    await writeResult(job, image, found.masks);
    if (!job.flags.json) return;
    const { width, height, id: sha256 } = found.image;
    const timings = { startMs, ...found.timings, totalMs: performance.now() };
    await print(`${JSON.stringify({ ...found, image: { width, height, sha256 }, timings })}\n`);
  } catch (error) {
    showProgress('Looking', 1);
    const isCancelled = error instanceof CodedError && error.code === 'CANCELLED';
    if (isCancelled && arrived.length > 0) {
      heed();
      console.error('Interrupted. What has been found so far:');
      await writeResult(job, image, arrived);
    }
    throw error;
  }
}

function describe(found: number, { remainingMs }: EverythingProgress): string {
  const left = remainingMs === undefined ? '' : ` · about ${Math.ceil(remainingMs / 1000)} s left`;
  return `${found} found${left}`;
}

async function writeResult(job: AllJob, image: Size, masks: readonly FoundMask[]): Promise<void> {
  const { format, flags, bytes, path } = job;
  if (flags.json && flags.out === undefined) return;
  const request: TreeExportRequest = { format, image, masks, bytes, fileName: basename(path) };
  if (format === 'layers') await writeFolder(flags.out!, request);
  else {
    const file = await renderTree(request, localImages);
    if (flags.out === undefined) await print(file.bytes);
    else await writeOutput(flags.out, file.bytes);
  }
  if (flags.out !== undefined) console.error(`Wrote ${flags.out}: ${count(masks)}.`);
}

async function writeFolder(folder: string, request: TreeExportRequest): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (cause) {
    const message = `${folder} cannot be made a folder.`;
    throw new CodedError('FILE_WRITE', message, 'Choose another place.', { cause });
  }
  await clearFolder(folder);
  for await (const { name, bytes } of layerFiles(request, localImages))
    await writeOutput(join(folder, name), bytes);
}

/** Takes away what an earlier run wrote, its index first: a folder with an index is whole. */
async function clearFolder(folder: string): Promise<void> {
  const index = join(folder, INDEX_NAME);
  const text = await readFile(index, 'utf8').catch(() => undefined);
  if (text === undefined) return;
  await rm(index, { force: true });
  for (const name of listedFiles(text)) await rm(join(folder, name), { force: true });
}

function count(masks: readonly FoundMask[]): string {
  const parts = masks.filter(({ parent }) => parent !== null).length;
  const objects = masks.length - parts;
  return `${objects} ${objects === 1 ? 'object' : 'objects'} and ${parts} ${parts === 1 ? 'part' : 'parts'}`;
}
