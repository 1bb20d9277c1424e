/** Files that are there whole or not at all. */
import { randomUUID } from 'node:crypto';
import { rename, rm, writeFile } from 'node:fs/promises';

export interface WriteFileOptions {
  /** Permissions of the file, 0o666 less the umask when left out. */
  readonly mode?: number;
  /** Waits until the disk has it, for what must outlive a power cut. */
  readonly flush?: boolean;
}

/** Replaces a file; whatever stops the writing, the one that was there before stays. */
export async function replaceFile(
  path: string,
  content: Uint8Array | string,
  options: WriteFileOptions = {},
): Promise<void> {
  // In the same folder, since only within one file system is renaming a single step.
  const draft = `${path}.${randomUUID()}.tmp`;
  try {
    await writeFile(draft, content, options);
    await rename(draft, path);
  } finally {
    await rm(draft, { force: true });
  }
}
