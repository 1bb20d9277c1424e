import { afterEach, expect, it, vi } from 'vitest';
import { createViewId, hashBytes } from '../../../plugin/ui/identity.js';

afterEach(() => vi.unstubAllGlobals());

it('names every window differently, at a length that nobody hits by chance', () => {
  const views = Array.from({ length: 1000 }, createViewId);
  expect(new Set(views).size).toBe(views.length);
  for (const view of views) expect(view).toMatch(/^[0-9a-f]{32}$/);
});

it('hashes bytes as the sidecar does', async () => {
  const hash = await hashBytes(new TextEncoder().encode('abc'));
  expect(hash).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
});

it('has no hash where the page may not compute one', async () => {
  vi.stubGlobal('crypto', {});
  expect(await hashBytes(new Uint8Array([1]))).toBeUndefined();
});
