import { afterEach, beforeEach, expect, it } from 'vitest';
import type { FileChoices, OutlineLayer } from '../../../plugin/bridge.js';
import { buildBundles } from '../../support/build-code.js';
import { openFile, outlineOf } from './placing.js';
import type { OpenFile } from './placing.js';
import { cellOf } from './document-matrix.js';
import { IMAGE_NAME } from './scenes.js';

const bundles = await buildBundles();
let file: OpenFile;
beforeEach(async () => void (file = await openFile(bundles, 'curve')));
afterEach(() => file.host.dispose());

async function openImage() {
  const ids = file.host.build(cellOf('rectangle', 'crop', 'plain').scene.specs);
  const { source } = await file.client.request('read-image', { nodeId: ids[IMAGE_NAME]! });
  const outline: OutlineLayer = { path: outlineOf(file.lastJob()), prompts: [], model: 'm', tolerancePx: 1 };
  return { source, outline };
}

const kept = async (): Promise<FileChoices> => (await file.client.request('ui-ready', {})).choices;

it('a file keeps how its layers are made, from the last insertion on', async () => {
  expect(await kept()).toEqual({});
  const { source, outline } = await openImage();
  const outlines = [outline];
  await file.client.request('insert-outlines', { source, outlines, choices: { delivery: 'insertFilled' } });
  expect(await kept()).toEqual({ delivery: 'insertFilled' });
  const choices: FileChoices = { delivery: 'separate', originalAfter: 'lock' };
  await file.client.request('separate-object', { source, outline, originalAfter: 'lock', choices });
  await file.client.request('insert-outlines', { source, outlines });
  expect(await kept()).toEqual(choices);
});

it.each([
  ['another word', { originalAfter: 'burn' }],
  ['an endless name', { delivery: 'x'.repeat(10_000) }],
])('refuses choices that are none: %s', async (_, choices) => {
  const { source, outline } = await openImage();
  const params = { source, outlines: [outline], choices: choices as FileChoices };
  await expect(file.client.request('insert-outlines', params)).rejects.toMatchObject({
    code: 'PARAMS_INVALID',
  });
});
