import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { runHere } from '../../support/run-here.js';

type Refusal = [what: string, flags: () => string[], message: RegExp];

describe('the command line refuses with status 2 and a hint, and no stack,', () => {
  let home: string;
  let image: string;

  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'cutline-'));
    image = join(home, 'grey.png');
    await sharp({ create: { width: 320, height: 240, channels: 3, background: '#777' } }).toFile(image);
    vi.stubEnv('CUTLINE_HOME', join(home, 'home'));
    vi.stubEnv('CUTLINE_DEVICE', 'cpu');
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    await rm(home, { recursive: true });
  });

  const ofCut: Refusal[] = [
    ['a missing file', () => ['nowhere.png', '--point', '1,1'], /nowhere\.png cannot be read\.\nCheck/],
    ['a file that is no image', () => ['package.json', '--point', '1,1'], /not an image/],
    [
      'nothing but places outside',
      () => [image, '--not', '5,5'],
      /Every place given is outside the object\.\nGive one inside too/,
    ],
    ['no prompt', () => [image], /no prompt\.\nMark what is meant: a point, a box/],
    [
      'a point outside',
      () => [image, '--point', '900,1'],
      /outside the image\.\nThe image covers 0,0 to 320,240/,
    ],
    ['a point that is no number', () => [image, '--point', 'a,1'], /Give 2 numbers/],
    ['a box inside out', () => [image, '--box', '90,90,10,10'], /left top corner comes first/],
    ['a name without a format', () => [image, '--point', '9,9', '--out', 'x.zip'], /Say --format svg/],
    ['a tolerance out of range', () => [image, '--point', '9,9', '--tolerance', '0'], /from 0.05 to 64/],
    ['a fourth candidate', () => [image, '--point', '9,9', '--candidate', '4'], /auto, 1, 2 or 3/],
    [
      'a folder without a model',
      () => [image, '--point', '9,9', '--model', home],
      /no file .*model\.json\.\n.*own-models/,
    ],
    ['an unknown device', () => [image, '--point', '9,9', '--device', 'abacus'], /setting device/],
    [
      'a soft edge for what has no pixels',
      () => [image, '--point', '9,9', '--soft-edge', '3', '--out', join(home, 'x.svg')],
      /Only a cut-out has a soft edge/,
    ],
  ];
  it.each(ofCut)('cut: %s', (_, flags, message) => expectRefusal(['cut', ...flags()], message));

  const ofAll: Refusal[] = [
    ['no clicks', () => [image, '--points-per-side', '0'], />=1/],
    ['a number that is none', () => [image, '--min-area', 'few'], /expected number/i],
    ['an unknown mode', () => [image, '--mode', 'slow'], /Allowed choices are fast, exact/],
    ['a folder format without a folder', () => [image, '--format', 'layers'], /--out FOLDER/],
    ['two formats at once', () => [image, '--json', '--format', 'svg'], /Add --out/],
    ['a name without a format', () => [image, '--out', 'x.zip'], /Say --format svg/],
    ['a missing file', () => ['nowhere.png'], /nowhere\.png cannot be read\.\nCheck/],
  ];
  it.each(ofAll)('all: %s', (_, flags, message) => expectRefusal(['all', ...flags()], message));

  it('an unknown command', () => expectRefusal(['cat'], /Did you mean cut/));
});

async function expectRefusal(flags: readonly string[], message: RegExp): Promise<void> {
  const { status, stdout, stderr } = await runHere(...flags);
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toMatch(message);
  expect(stderr).not.toMatch(/^\s+at /m);
}
