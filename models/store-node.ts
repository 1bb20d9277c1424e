/** Finds a model's files on disk, verifies them, and keeps the decoders built from them beside the other caches. */
import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CodedError } from '../protocol/errors.js';
import type { ModelDescription, ModelEntry, ModelFile } from './catalog.js';
import { buildDecoders, DECODER_VERSION } from './decoder/build.js';
import type { DecoderGraphs } from './decoder/build.js';
import { PREPROCESSING_VERSION } from './preprocess.js';
import { sha256 } from './sha256-node.js';
import { replaceFile } from './write-file-node.js';

export interface StoredModel {
  readonly encoder: Uint8Array;
  readonly decoders: DecoderGraphs;
}

/** A model whose files can be read. */
export interface ModelSource {
  readonly description: ModelDescription;
  /** @throws CodedError when it is not there, or not the file that the description tells of. */
  readonly read: (file: ModelFile) => Promise<Uint8Array>;
}

export interface StoreOptions {
  /** Folder for built decoders; made anew when it is lost. */
  readonly cacheDir: string;
  /** Hears of everything that was mended or could not be kept. */
  readonly onNote?: (note: string) => void;
}

/** A model of the catalog, as npm installed it. */
export function packagedModel(entry: ModelEntry): ModelSource {
  return { description: entry, read: (file) => readVerified(entry, file) };
}

/**
 * @throws CodedError MODEL_MISSING, MODEL_CHECKSUM, MODEL_FOLDER or MODEL_REFUSED, as the source says.
 * @throws CodedError MODEL_GRAPH when the decoder is not an export that can be rebuilt.
 */
export async function loadStoredModel(source: ModelSource, options: StoreOptions): Promise<StoredModel> {
  const { description, read } = source;
  const { encoder, decoder } = description.files;
  const [encoderBytes, exported] = await Promise.all([read(encoder), read(decoder)]);
  return { encoder: encoderBytes, decoders: await builtDecoders(description, exported, options) };
}

/**
 * Names what embeddings depend on: the encoder’s file and the preprocessing. Those of different names never mix;
 * decoders may change beside them.
 */
export function modelFingerprint({ files }: ModelDescription): string {
  return sha256(`${files.encoder.sha256} preprocessing ${PREPROCESSING_VERSION}`);
}

/** @throws CodedError MODEL_MISSING or MODEL_CHECKSUM. */
export async function readVerified(entry: ModelEntry, file: ModelFile): Promise<Uint8Array> {
  const path = resolveFile(entry, file);
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw missing(entry, file, cause);
  });
  // The size first: a file cut short is found out without hashing what there is of it.
  if (bytes.length === file.bytes && sha256(bytes) === file.sha256) return bytes;
  throw new CodedError(
    'MODEL_CHECKSUM',
    `${file.path} of ${entry.package} differs from its recorded sha256.`,
    `Remove node_modules/${entry.package} and run npm ci.`,
  );
}

function resolveFile(entry: ModelEntry, file: ModelFile): string {
  try {
    // The package's main file leads to its folder, whatever its exports say about the rest.
    const main = createRequire(import.meta.url).resolve(entry.package);
    const root = main.slice(0, main.lastIndexOf(join('node_modules', entry.package)));
    return join(root, 'node_modules', entry.package, file.path);
  } catch (cause) {
    throw missing(entry, file, cause);
  }
}

function missing(entry: ModelEntry, file: ModelFile, cause: unknown): CodedError {
  const message = `The model file ${file.path} of the package ${entry.package} is not installed.`;
  return new CodedError('MODEL_MISSING', message, 'Run npm ci in the project’s folder.', { cause });
}

/** From the cache when what is there hashes to what was written; else built again and kept. */
async function builtDecoders(
  { id, files }: ModelDescription,
  exported: Uint8Array,
  { cacheDir, onNote }: StoreOptions,
): Promise<DecoderGraphs> {
  const source = files.decoder.sha256.slice(0, 16);
  const path = (name: string) => join(cacheDir, `${id}-${source}-v${DECODER_VERSION}-${name}.onnx`);
  const cached = await Promise.all(DECODER_NAMES.map((name) => readCached(path(name))));
  if (cached.every((graph) => graph instanceof Uint8Array)) return toGraphs(cached);
  if (cached.includes('damaged')) onNote?.(`A decoder of ${id} was damaged on disk and is built again.`);
  const graphs = buildDecoders(exported);
  try {
    await mkdir(cacheDir, { recursive: true, mode: 0o700 });
    for (const name of DECODER_NAMES) await replaceFile(path(name), withDigest(graphs[name]));
  } catch {
    onNote?.(`The decoders of ${id} could not be kept on disk; they are built at each start.`);
  }
  return graphs;
}

const DECODER_NAMES = ['image', 'prompt', 'refine'] as const;

function toGraphs([image, prompt, refine]: readonly Uint8Array[]): DecoderGraphs {
  return { image: image!, prompt: prompt!, refine: refine! };
}

const DIGEST_BYTES = 32;

/** The cached file is the graph followed by its SHA-256, so that one read and no second file verifies it. */
function withDigest(bytes: Uint8Array): Uint8Array {
  return Buffer.concat([bytes, createHash('sha256').update(bytes).digest()]);
}

async function readCached(path: string): Promise<Uint8Array | 'damaged' | undefined> {
  const file = await readFile(path).catch(() => undefined);
  if (!file) return undefined;
  const bytes = file.subarray(0, -DIGEST_BYTES);
  const digest = createHash('sha256').update(bytes).digest();
  return digest.equals(file.subarray(-DIGEST_BYTES)) ? bytes : 'damaged';
}
