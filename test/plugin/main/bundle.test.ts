import { describe, expect, it } from 'vitest';
import { buildBundles } from '../../support/build-code.js';

const { code } = await buildBundles();

describe('code.js', () => {
  it('is far smaller than what Figma’s users would notice', () => {
    expect(code.length).toBeLessThan(120_000);
  });

  it('contains no schema library', () => {
    expect(code).not.toMatch(/zod/i);
  });

  it.each([
    'TextEncoder',
    'atob',
    'structuredClone',
    'queueMicrotask',
    'AbortController',
    'document.',
    'window.',
  ])('does without %s', (name) => {
    const withoutComments = code.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
    expect(withoutComments).not.toContain(name);
  });
});
