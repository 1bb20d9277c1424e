import { createHash, createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { answerOf, introduce, keyName, proofOf } from '../../protocol/proof.js';

const TOKEN = 'a token';
const NONCE = '00112233445566778899aabbccddeeff';
const key = createHash('sha256').update(TOKEN).digest();
const codeOver = (text: string) => createHmac('sha256', key).update(text).digest('hex');

describe('client and sidecar', () => {
  const { request, authorization } = introduce(TOKEN, NONCE, 47131);
  const challenge = 'a-challenge';

  it('know each other as the documentation says, by another implementation', () => {
    expect(request).toEqual({ client: codeOver('cutline name'), nonce: NONCE });
    expect(keyName(key.toString('hex'))).toBe(request.client);
    const proof = codeOver(`cutline sidecar 47131 ${NONCE}`);
    const answer = codeOver('cutline client 47131 a-challenge');
    expect(authorization({ proof, challenge })).toBe(`Proof a-challenge ${answer}`);
  });

  it('do so for one port, nonce and key alone', () => {
    const other = createHash('sha256').update('another token').digest('hex');
    const mine = key.toString('hex');
    for (const proof of [
      proofOf(mine, NONCE, 47130),
      proofOf(mine, `${NONCE.slice(1)}0`, 47131),
      proofOf(other, NONCE, 47131),
      answerOf(mine, challenge, 47131),
      request.client,
      '',
    ]) {
      expect(authorization({ proof, challenge })).toBeUndefined();
    }
  });

  const right = proofOf(key.toString('hex'), NONCE, 47131);
  it.each([
    undefined,
    null,
    'proof',
    [],
    {},
    { proof: 7 },
    { proof: right },
    { proof: right, challenge: 'a b' },
  ])('do not go on after %j', (answer) => {
    expect(authorization(answer)).toBeUndefined();
  });
});
