import { execFile } from 'node:child_process';
import { lstat, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { writeOutput } from '../../../sidecar/cli/io.js';
import { temporaryFolder } from '../../support/sidecar.js';

const bytes = new TextEncoder().encode('<svg/>');

describe('an output', () => {
  it('replaces the file that a link stands for, and nothing else stays behind', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'file.svg'), 'before');
    await symlink('file.svg', join(folder, 'link.svg'));
    await writeOutput(join(folder, 'link.svg'), bytes);
    expect(await readFile(join(folder, 'file.svg'), 'utf8')).toBe('<svg/>');
    expect((await lstat(join(folder, 'link.svg'))).isSymbolicLink()).toBe(true);
    expect(await readdir(folder)).toEqual(['file.svg', 'link.svg']);
  });

  it.skipIf(process.platform === 'win32')(
    'goes into a pipe, as into /dev/null, which stays what it is',
    async () => {
      const pipe = join(await temporaryFolder(), 'pipe');
      await promisify(execFile)('mkfifo', [pipe]);
      const [received] = await Promise.all([readFile(pipe, 'utf8'), writeOutput(pipe, bytes)]);
      expect(received).toBe('<svg/>');
      expect((await stat(pipe)).isFIFO()).toBe(true);
    },
  );

  it('says why it cannot be written', async () => {
    const folder = join(await temporaryFolder(), 'folder.svg');
    await mkdir(folder);
    await expect(writeOutput(folder, bytes)).rejects.toMatchObject({
      code: 'FILE_WRITE',
      message: expect.stringContaining('EISDIR'),
    });
  });
});
