import { describe, expect, it } from 'vitest';
import { encodeRle } from '../../../models/mask/rle.js';
import { createCompute } from '../../../sidecar/engine/local-compute.js';
import { localImages } from '../../../sidecar/read-here.js';

const compute = () => createCompute({ device: 'cpu', cacheDir: 'not used' }, localImages);
const size = { width: 4, height: 3 };

describe('compute', () => {
  it('traces a mask', async () => {
    const { outline } = await compute().trace(encodeRle(new Uint8Array(12).fill(1), size), 1);
    expect(outline.rings).toBe(1);
  });

  it('refuses to trace a mask with nothing in it', async () => {
    const empty = encodeRle(new Uint8Array(12), size);
    await expect(compute().trace(empty, 1)).rejects.toMatchObject({ code: 'MASK_EMPTY' });
  });

  it('does not trace for whoever has cancelled', async () => {
    const full = encodeRle(new Uint8Array(12).fill(1), size);
    const signal = AbortSignal.abort();
    await expect(compute().trace(full, 1, { signal })).rejects.toMatchObject({ code: 'CANCELLED' });
  });

  it('loads no model once it was disposed', async () => {
    const disposed = compute();
    await disposed.dispose();
    await expect(disposed.load()).rejects.toMatchObject({ code: 'SHUTTING_DOWN' });
  });
});
