/** Folders as somebody brings them who has a model of their own. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256 } from '../../models/sha256-node.js';

export interface BroughtModel {
  readonly encoder: Uint8Array;
  readonly decoder: Uint8Array;
}

/** What its model.json says. */
export function describeModel({ encoder, decoder }: BroughtModel) {
  const file = (path: string, bytes: Uint8Array) => ({ path, bytes: bytes.length, sha256: sha256(bytes) });
  return {
    id: 'brought',
    name: 'Brought',
    family: 'sam',
    licence: 'MIT',
    files: { encoder: file('encoder.onnx', encoder), decoder: file('decoder.onnx', decoder) },
  } as const;
}

/** @returns The folder. */
export async function writeModelFolder(folder: string, model: BroughtModel): Promise<string> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'encoder.onnx'), model.encoder);
  await writeFile(join(folder, 'decoder.onnx'), model.decoder);
  await writeFile(join(folder, 'model.json'), JSON.stringify(describeModel(model)));
  return folder;
}
