import { expect, it } from 'vitest';
import { canRetry } from '../../../plugin/ui/failure.js';
import { failure } from './support.js';

it.each(['IMAGE_UNREADABLE', 'IMAGE_TRUNCATED', 'IMAGE_TOO_LARGE', 'IMAGE_TOO_SMALL'] as const)(
  'offers no second try after %s',
  (code) => expect(canRetry(failure(code))).toBe(false),
);

it('offers a second try where that may help', () => {
  expect(canRetry(failure('BUSY'))).toBe(true);
});
