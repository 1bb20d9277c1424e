import { expect, it } from 'vitest';
import {
  checkFileSize,
  checkPixelCount,
  DEFAULT_LIMITS,
  undecodable,
} from '../../../plugin/ui/image-file.js';

const MIB = 1024 * 1024;

it('refuses too large a file, and says how large it is', () => {
  expect(() => checkFileSize(25 * MIB, DEFAULT_LIMITS)).not.toThrow();
  expect(() => checkFileSize(25 * MIB + 1, DEFAULT_LIMITS)).toThrow(
    'The image file has 26 MB; 25 MB is the most.',
  );
});

it('refuses too many pixels, and says how many there are', () => {
  expect(() => checkPixelCount({ width: 8000, height: 5000 }, DEFAULT_LIMITS)).not.toThrow();
  expect(() => checkPixelCount({ width: 8000, height: 5001 }, DEFAULT_LIMITS)).toThrow(
    'The image has 8000×5001 pixels; 40 megapixels is the most.',
  );
});

it.each([
  ['PNG', [0x89, 0x50, 0x4e, 0x47]],
  ['JPEG', [0xff, 0xd8, 0xff, 0xe0]],
  ['GIF', [...Buffer.from('GIF89a')]],
  ['WebP', [...Buffer.from('RIFF\0\0\0\0WEBP')]],
  ['AVIF', [...Buffer.from('\0\0\0\x20ftypavif')]],
])('calls a %s that cannot be decoded damaged', (_format, bytes) => {
  expect(undecodable(new Uint8Array(bytes), undefined).code).toBe('IMAGE_TRUNCATED');
});

it.each([
  ['text', 'not an image'],
  ['nothing at all', ''],
  ['TIFF', 'II*\0'],
])('calls %s no image, and names what is', (_what, text) => {
  const error = undecodable(new Uint8Array(Buffer.from(text)), undefined);
  expect(error.code).toBe('IMAGE_UNREADABLE');
  expect(error.hint).toBe('Use PNG, JPEG, WebP, GIF or AVIF; the command line reads TIFF, too.');
});
