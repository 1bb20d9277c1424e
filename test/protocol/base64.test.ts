import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { decodeBase64, encodeBase64, parseBase64 } from '../../protocol/base64.js';
import { imagePrepare, imageUpload, maskPredict } from '../../protocol/methods.js';

describe.each(['where Node’s coder is', 'where it is not'])('base64 %s', (where) => {
  beforeEach(() => {
    if (where === 'where it is not') vi.stubGlobal('Buffer', undefined);
  });
  afterEach(() => vi.unstubAllGlobals());

  it('comes back as the bytes that it was made of', () => {
    for (let length = 0; length < 300; length += 7) {
      const bytes = Uint8Array.from({ length }, (_, i) => (i * 7919) >> 2);
      expect(decodeBase64(encodeBase64(bytes))).toEqual(bytes);
    }
    expect(decodeBase64('AAEC/w==')).toEqual(Uint8Array.of(0, 1, 2, 255));
  });

  it.each([
    'A',
    'AA',
    'AAA',
    'AA-_',
    'AA A',
    'AAA\n',
    'AA=A',
    '====',
    'A===',
    '{}{}',
    'AAA€',
    'AAAA====',
    'AA==AA==',
  ])('is not %j', (text) => {
    expect(parseBase64(text)).toBeUndefined();
    expect(() => decodeBase64(text)).toThrow(expect.objectContaining({ code: 'PARSE' }) as Error);
  });
});

describe('parameters', () => {
  it('say that bytes in JSON are base64', () => {
    const { error } = imageUpload.params.safeParse({ bytes: 'AAA€' });
    expect(JSON.stringify(error!.issues)).toContain('base64');
  });

  it('take no name of any length', () => {
    const long = 'x'.repeat(101);
    for (const more of [{ model: long }, { progressToken: long }]) {
      expect(imagePrepare.params.safeParse({ ...imagePrepare.example.params, ...more }).success).toBe(false);
    }
    const previous = { ...maskPredict.example.params, previous: long };
    expect(maskPredict.params.safeParse(previous).success).toBe(false);
  });
});
