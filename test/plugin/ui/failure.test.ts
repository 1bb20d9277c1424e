import { expect, it } from 'vitest';
import { asFailure, asFailureOf, canRetry } from '../../../plugin/ui/failure.js';
import { CodedError } from '../../../protocol/errors.js';
import type { Prompt } from '../../../protocol/prompt.js';
import { errorFromWire, wireError } from '../../../protocol/wire-error.js';
import { failure } from './support.js';

it.each(['IMAGE_UNREADABLE', 'IMAGE_TRUNCATED', 'IMAGE_TOO_LARGE', 'IMAGE_TOO_SMALL'] as const)(
  'offers no second try after %s',
  (code) => expect(canRetry(failure(code))).toBe(false),
);

it('offers a second try where that may help', () => {
  expect(canRetry(failure('BUSY'))).toBe(true);
});

it('keeps the id of a request that the sidecar refused, and has none for what failed on this side', () => {
  const busy = new CodedError('BUSY', 'Too much.', 'Wait.');
  const { message, data } = wireError(busy, '7f3a9c');
  expect(asFailure(errorFromWire(message, data))).toMatchObject({ code: 'BUSY', requestId: '7f3a9c' });
  expect(asFailure(busy)).not.toHaveProperty('requestId');
  expect(asFailure(new Error('broke'))).not.toHaveProperty('requestId');
});

it('keeps the id when the sidecar is too old for what was asked', () => {
  const stroke = { type: 'stroke', points: [[1, 1]], radius: 2, label: 'inside' } as unknown as Prompt;
  const error = errorFromWire('No.', { name: 'PARAMS_INVALID', hint: '', requestId: '7f3a9c' });
  expect(asFailureOf(error, [stroke])).toMatchObject({ code: 'PROTOCOL_MISMATCH', requestId: '7f3a9c' });
});

it.each([7, {}, '', '7f3a9c\n<b>', 'x'.repeat(37)])('takes %j for no id', (requestId) => {
  expect(errorFromWire('No.', { name: 'BUSY', hint: '', requestId }).requestId).toBeUndefined();
});
