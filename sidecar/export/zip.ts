/** Files → one ZIP archive. */
import { Zip, type ZipInputFile } from 'fflate';
import { crc32 } from 'node:zlib';

export interface NamedFile {
  /** With `/` between folders. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

/**
 * Stores files in the order in which they come, each as soon as it does, so that nothing is left to do for long at
 * the end. They are not deflated: nearly all are PNGs, which do not get smaller. Sizes stand after the bytes; programs
 * that look into the archive's directory first, as nearly all do, need them nowhere else.
 */
export async function zipFiles(files: AsyncIterable<NamedFile>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  const archive = new Zip((error, chunk) => {
    if (error) throw error;
    chunks.push(chunk);
  });
  for await (const file of files) {
    const entry = storedEntry(file);
    archive.add(entry);
    entry.ondata?.(null, file.bytes as Uint8Array<ArrayBuffer>, true);
  }
  archive.end();
  return Buffer.concat(chunks);
}

/** Does what fflate's ZipPassThrough does, which sums bytes up in JavaScript and takes ten times as long. */
function storedEntry({ name, bytes }: NamedFile): ZipInputFile {
  return { filename: name, size: bytes.length, crc: crc32(bytes), compression: 0 };
}
