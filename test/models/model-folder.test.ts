import { link, mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execFileSync } from 'node:child_process';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readFolderFile, readModelFolder } from '../../models/model-folder-node.js';
import { describeModel, writeModelFolder } from '../support/model-folder.js';
import { tinyEncoder, tinyModel } from '../support/tiny-onnx.js';

const model = { encoder: tinyEncoder(), decoder: tinyModel() };
const description = describeModel(model);
const { encoder } = description.files;

let root: string;
let folder: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'cutline-'));
  folder = await writeModelFolder(join(root, 'model'), model);
});
afterEach(() => rm(root, { recursive: true, force: true }));

const describeAs = (content: unknown) => writeFile(join(folder, 'model.json'), JSON.stringify(content));
const withEncoderAt = (path: string) => ({
  ...description,
  files: { ...description.files, encoder: { ...encoder, path } },
});

describe('a folder with a model', () => {
  it('is described by its model.json and gives out the files of which that tells', async () => {
    expect(await readModelFolder(folder)).toEqual(description);
    expect(Buffer.from(await readFolderFile(folder, encoder))).toEqual(Buffer.from(model.encoder));
  });

  it.each([
    '/etc/passwd',
    '../outside.onnx',
    'sub/encoder.onnx',
    'C:\\encoder.onnx',
    '..',
    '',
    'a\0b',
    '.hidden',
  ])('may not name the file %j', async (path) => {
    await describeAs(withEncoderAt(path));
    await expect(readModelFolder(folder)).rejects.toMatchObject({ code: 'MODEL_FOLDER' });
  });

  it.runIf(process.platform !== 'win32').each([
    ['a symbolic link', (outside: string, inside: string) => symlink(outside, inside)],
    ['a hard link', (outside: string, inside: string) => link(outside, inside)],
    ['a folder', (_outside: string, inside: string) => mkdir(inside)],
    ['a pipe', async (_outside: string, inside: string) => void execFileSync('mkfifo', [inside])],
  ])('does not give out %s, though its content be right', async (_what, put) => {
    const outside = join(root, 'outside.onnx');
    for (const name of ['encoder.onnx', 'model.json']) {
      const inside = join(folder, name);
      await rename(inside, outside);
      await put(outside, inside);
      const read = name === 'model.json' ? readModelFolder(folder) : readFolderFile(folder, encoder);
      await expect(read).rejects.toMatchObject({ code: 'MODEL_FOLDER', message: /own folder/ });
      await rm(inside, { recursive: true });
      await rename(outside, inside);
    }
  });

  it('does not give out a file that differs from its description, by length or by content', async () => {
    const changed = Uint8Array.from(model.encoder);
    changed[changed.length - 1]! ^= 1;
    await writeFile(join(folder, encoder.path), changed);
    await expect(readFolderFile(folder, encoder)).rejects.toMatchObject({
      code: 'MODEL_FOLDER',
      message: /not the file/,
    });
    await writeFile(join(folder, encoder.path), model.encoder.subarray(0, -1));
    await expect(readFolderFile(folder, encoder)).rejects.toMatchObject({
      code: 'MODEL_FOLDER',
      message: /not the file/,
    });
  });

  it.each([
    ['nothing', undefined],
    ['a text', '{'],
    ['another shape', JSON.stringify({ ...description, family: 'yolo' })],
    ['an id that leads elsewhere', JSON.stringify({ ...description, id: '../../up' })],
    ['one with the name of another', JSON.stringify({ ...description, id: 'minisam' })],
    ['one whose name moves the cursor', JSON.stringify({ ...description, name: 'SAM\u001b[2J' })],
    ['more than a description', JSON.stringify({ ...description, padding: ' '.repeat(70_000) })],
  ])('is refused when its model.json is %s, with what to do', async (_what, content) => {
    await rm(join(folder, 'model.json'));
    if (content !== undefined) await writeFile(join(folder, 'model.json'), content);
    await expect(readModelFolder(folder)).rejects.toMatchObject({
      code: 'MODEL_FOLDER',
      hint: /own-models|an id of its own/,
    });
  });
});
