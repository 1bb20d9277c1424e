/** Makes the folder that is uploaded to Figma, after looking it over: `npm run package:plugin`. */
import { cp, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { drawCover } from './draw-cover.js';
import { drawIcon } from './draw-icon.js';
import { manifestFaults, type Manifest } from './manifest-faults.js';

const FOLDER = 'dist/plugin';
/** What is uploaded beside it, in forms of its own. */
const PICTURES = 'dist/plugin-pictures';

/** Larger ones take noticeably longer to open. */
const LIMITS_KB = { 'code.js': 120, 'ui.html': 600 } as const;

const faults: string[] = [];
const manifest: unknown = JSON.parse(await readFile('manifest.json', 'utf8'));
faults.push(...manifestFaults(manifest));
for (const [name, limit] of Object.entries(LIMITS_KB)) {
  const kilobytes = (await stat(join('dist', name))).size / 1000;
  console.log(`${name.padEnd(8)} ${kilobytes.toFixed(0).padStart(4)} kB of ${limit}`);
  if (kilobytes > limit) faults.push(`${name} has ${kilobytes.toFixed(0)} kB; ${limit} is the most.`);
}
if (faults.length > 0) {
  console.error(`\n${faults.map((fault) => `✗ ${fault}`).join('\n')}\n\nNothing was packaged.`);
  process.exitCode = 1;
} else {
  const { id } = manifest as Manifest;
  await writeFolder(manifest as Manifest);
  await writePictures();
  if (!/^\d+$/.test(id))
    console.warn(`\n! The id “${id}” is not from Figma yet: it has to be before publishing.`);
  console.log(
    `\nReady in ${FOLDER}: choose its manifest.json in Figma’s “Publish new release”.\nIts icon and cover are in ${PICTURES}. See docs/publishing.md.`,
  );
}

/** Paths in the manifest are relative to itself. */
async function writeFolder(source: Manifest): Promise<void> {
  await rm(FOLDER, { recursive: true, force: true });
  await mkdir(FOLDER, { recursive: true });
  for (const name of Object.keys(LIMITS_KB)) await cp(join('dist', name), join(FOLDER, name));
  await cp('NOTICE', join(FOLDER, 'NOTICE'));
  const packaged = { ...source, main: 'code.js', ui: 'ui.html' };
  await writeFile(join(FOLDER, 'manifest.json'), `${JSON.stringify(packaged, null, 2)}\n`);
}

async function writePictures(): Promise<void> {
  await mkdir(PICTURES, { recursive: true });
  const write = async (name: string, svg: string) => {
    await writeFile(join(PICTURES, `${name}.svg`), svg);
    await sharp(Buffer.from(svg))
      .removeAlpha()
      .png()
      .toFile(join(PICTURES, `${name}.png`));
  };
  await write('icon', drawIcon());
  await write('cover', drawCover());
}
