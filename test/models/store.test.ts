import { describe, expect, it } from 'vitest';
import { findModel } from '../../models/catalog.js';
import { readVerified } from '../../models/store-node.js';

describe('readVerified', () => {
  const entry = findModel();
  const file = entry.files.decoder;

  it('reads a file of the recorded size and hash', async () => {
    expect(await readVerified(entry, file)).toHaveLength(file.bytes);
  });

  it('refuses a file of another size or another hash', async () => {
    const changed = { code: 'MODEL_CHECKSUM' };
    await expect(readVerified(entry, { ...file, bytes: file.bytes + 1 })).rejects.toMatchObject(changed);
    await expect(readVerified(entry, { ...file, sha256: '0'.repeat(64) })).rejects.toMatchObject(changed);
  });

  it('says which file is not installed', async () => {
    const missing = readVerified(entry, { ...file, path: 'dist/none.onnx' });
    await expect(missing).rejects.toMatchObject({ code: 'MODEL_MISSING' });
  });
});
