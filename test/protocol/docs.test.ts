import { describe, expect, it } from 'vitest';
import { renderReadme, renderSchema } from '../../protocol/generate-docs.js';
import { METHODS } from '../../protocol/methods.js';
import type { MethodDefinition } from '../../protocol/method-parts.js';

describe('the protocol’s documentation', () => {
  it('is what the definitions say (run with -u to rewrite it)', async () => {
    await expect(renderReadme()).toMatchFileSnapshot('../../protocol/README.md');
    await expect(renderSchema()).toMatchFileSnapshot('../../protocol/schema.json');
  });

  it.each(METHODS.map((definition) => [definition.method, definition] as const))(
    'shows an example of %s that its schema accepts',
    (_name, { params, result, example }: MethodDefinition) => {
      expect(() => params.parse(example.params)).not.toThrow();
      expect(() => result.parse(example.result)).not.toThrow();
    },
  );
});
