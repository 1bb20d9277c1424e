import { createHash, createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { challenge, keyName, proofOf } from '../../protocol/proof.js';

const TOKEN = 'a token';
const NONCE = '00112233445566778899aabbccddeeff';
const key = createHash('sha256').update(TOKEN).digest();
const codeOver = (text: string) => createHmac('sha256', key).update(text).digest('hex');

describe('a sidecar’s proof that it knows a client', () => {
  const { request, isMetBy } = challenge(TOKEN, NONCE, 47131);

  it('is what the documentation says, by another implementation', () => {
    expect(request).toEqual({ client: codeOver('cutline client'), nonce: NONCE });
    expect(keyName(key.toString('hex'))).toBe(request.client);
    expect(isMetBy({ proof: codeOver(`cutline sidecar 47131 ${NONCE}`) })).toBe(true);
  });

  it('holds for its own port, nonce and key alone', () => {
    const other = createHash('sha256').update('another token').digest('hex');
    const mine = key.toString('hex');
    for (const proof of [
      proofOf(mine, NONCE, 47130),
      proofOf(mine, `${NONCE.slice(1)}0`, 47131),
      proofOf(other, NONCE, 47131),
      request.client,
      '',
    ]) {
      expect(isMetBy({ proof })).toBe(false);
    }
  });

  it.each([undefined, null, 'proof', [], {}, { proof: 7 }])('is not %j', (answer) => {
    expect(isMetBy(answer)).toBe(false);
  });
});
