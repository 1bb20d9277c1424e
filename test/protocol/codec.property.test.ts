import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeBase64, encodeBase64 } from '../../protocol/base64.js';
import { decodeContent, encodeContent } from '../../protocol/codec.js';

/** What messages are made of; JSON knows neither −0 nor a key called __proto__. */
const plainValue = fc
  .jsonValue({ maxDepth: 5 })
  .filter((value) => !/-0[,}\]]|-0$|"__proto__"/.test(JSON.stringify(value)))
  .map((value) => JSON.parse(JSON.stringify(value)) as unknown);

describe('message content', () => {
  it('comes back from JSON as it went', () => {
    fc.assert(
      fc.property(plainValue, (value) => {
        expect(decodeContent(encodeContent(value, 'json'))).toEqual(value);
      }),
    );
  });

  it('comes back from MessagePack as it went', () => {
    fc.assert(
      fc.property(plainValue, (value) => {
        expect(decodeContent(encodeContent(value, 'msgpack'))).toEqual(value);
      }),
    );
  });

  it('carries bytes as they are in MessagePack and as base64 in JSON', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const message = { result: { bytes, more: [bytes] } };
        expect(decodeContent(encodeContent(message, 'msgpack'))).toEqual(message);
        const text = encodeBase64(bytes);
        expect(decodeContent(encodeContent(message, 'json'))).toEqual({
          result: { bytes: text, more: [text] },
        });
        expect(decodeBase64(text)).toEqual(bytes);
      }),
    );
  });

  it('never makes the decoder do anything but answer or throw, whatever arrives', () => {
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 64 }), fc.string()), (content) => {
        try {
          decodeContent(content);
        } catch (error) {
          expect(error).toBeInstanceOf(Error);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});
