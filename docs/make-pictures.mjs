/**
 * Makes the picture in README.md: the workbench's sample with the outlines of a few clicks over it.
 * Run with: npm run build && node docs/make-pictures.mjs
 */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';

const root = fileURLToPath(new URL('..', import.meta.url));
const sample = `${root}/plugin/workbench/sample.png`;
/** What was clicked, and the colour to show it in. */
const OBJECTS = [
  { prompts: ['--box', '195,300,440,548', '--not', '318,424'], colour: '#7b3fe4' },
  { prompts: ['--point', '600,245'], colour: '#0d99ff' },
  { prompts: ['--point', '560,610'], colour: '#ff5fd2' },
  { prompts: ['--point', '905,560'], colour: '#14ae5c' },
  { prompts: ['--box', '838,100,1048,290'], colour: '#f24822' },
  { prompts: ['--box', '775,600,1155,795'], colour: '#ffcd29' },
];

const paths = OBJECTS.map(({ prompts, colour }) => {
  const cut = ['dist/sidecar/main.js', 'cut', sample, ...prompts];
  const svg = execFileSync(process.execPath, cut, { cwd: root, encoding: 'utf8' });
  const [, d] = svg.match(/ d="([^"]+)"/);
  const line = `d="${d}" fill-rule="evenodd"`;
  return `<path ${line} fill="${colour}" fill-opacity="0.28"/>
    <path ${line} fill="none" stroke="#000" stroke-opacity="0.55" stroke-width="6"/>
    <path ${line} fill="none" stroke="#fff" stroke-width="3"/>`;
});
const overlay = `<svg xmlns="http://www.w3.org/2000/svg" width="1200" height="800">${paths.join('')}</svg>`;

await sharp(sample)
  .composite([{ input: Buffer.from(overlay) }])
  .webp({ quality: 88 })
  .toFile(`${root}/docs/sample-outlined.webp`);

/** Everything in it, each object in the colour that the SVG gives it. */
const tree = execFileSync(process.execPath, ['dist/sidecar/main.js', 'all', sample], {
  cwd: root,
  encoding: 'utf8',
});
await sharp(sample)
  .composite([{ input: Buffer.from(tree.replace('stroke-width="0.8"', 'stroke-width="2.5"')) }])
  .webp({ quality: 88 })
  .toFile(`${root}/docs/sample-everything.webp`);
