import { describe, expect, it } from 'vitest';
import { decodeContent, encodeContent } from '../../protocol/codec.js';
import { parseEnvelope } from '../../protocol/envelope.js';
import { imageUpload } from '../../protocol/methods.js';

/** As much as fits into one message of 16 MiB. */
const IMAGE_BYTES = 11_600_000;
/** Longest that anything may hold up the others. */
const MAX_HELD_MS = 100;

/** Processor time, which other programs do not lengthen. */
function cpuMs(work: () => unknown): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

describe('the largest image in a JSON message', () => {
  it('holds up the others for less than 100 ms', () => {
    const bytes = Uint8Array.from({ length: IMAGE_BYTES }, (_, i) => (i * 7919) >> 3);
    const request = { jsonrpc: '2.0', id: 1, method: imageUpload.method, params: { bytes } };
    const text = Buffer.from(encodeContent(request, 'json') as string);
    const rounds = Array.from({ length: 7 }, () =>
      cpuMs(() => {
        const message = parseEnvelope(decodeContent(text.toString()));
        imageUpload.params.parse((message as unknown as { params: unknown }).params);
      }),
    );
    const median = rounds.sort((a, b) => a - b)[3]!;
    console.log(
      `Taking in ${(text.length / 1e6).toFixed(1)} MB of JSON: ${median.toFixed(0)} ms of processor time.`,
    );
    expect(median).toBeLessThan(MAX_HELD_MS);
  });
});
