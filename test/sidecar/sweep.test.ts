import { mkdir, readdir, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sweepLitter } from '../../sidecar/sweep.js';
import { temporaryFolder } from '../support/sidecar.js';

const ID = '3f2b8c1e-0d4a-4b6c-9e7f-5a1d2c3b4e5f';
const LITTER = [
  `home/clients.json.${ID}.tmp`,
  `home/clients.lock.${ID}/${ID}`,
  `home/models/decoder.onnx.${ID}.tmp`,
  `home/models/devices/webgpu.json.${ID}.tmp`,
  'home/embeddings/tmp/0a1b2c3d',
  `pages/cutline-workbench-${ID}.html`,
];
const KEPT = [
  'home/clients.json',
  `home/clients.lock/${ID}`,
  'home/notes.tmp',
  'home/models/decoder.onnx',
  'home/embeddings/content-v2/a',
  'pages/cutline-workbench.html',
  `pages/${ID}.tmp`,
];

/** Makes every file, and all folders above it, as old as that. */
async function fill(root: string, ageMs: number): Promise<void> {
  const then = new Date(Date.now() - ageMs);
  for (const file of [...LITTER, ...KEPT]) {
    await mkdir(dirname(join(root, file)), { recursive: true });
    await writeFile(join(root, file), '');
  }
  for (const entry of await readdir(root, { recursive: true })) await utimes(join(root, entry), then, then);
}

async function filesIn(root: string): Promise<string[]> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .sort();
}

describe('sweepLitter', () => {
  it('takes away what a killed process left an hour ago, and nothing else', async () => {
    const root = await temporaryFolder();
    await fill(root, 2 * 60 * 60 * 1000);
    await sweepLitter(join(root, 'home'), join(root, 'pages'));
    expect(await filesIn(root)).toEqual([...KEPT].sort());
  });

  it('leaves what may still be under way, and takes no harm where there is nothing', async () => {
    const root = await temporaryFolder();
    await fill(root, 60 * 1000);
    await sweepLitter(join(root, 'home'), join(root, 'pages'));
    expect(await filesIn(root)).toEqual([...LITTER, ...KEPT].sort());
    await sweepLitter(join(root, 'nowhere'), join(root, 'nowhere'));
  });
});
