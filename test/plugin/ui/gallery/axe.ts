/** What axe finds wrong for those who use a screen reader, the keyboard or strong contrast. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type axe from 'axe-core';
import type { Page } from 'playwright-core';

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

export async function injectAxe(page: Page): Promise<void> {
  await page.evaluate(await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8'));
}

/**
 * @param scope `contrast` looks at colours alone: nothing else depends on the theme.
 * @returns One line a thing and rule that it breaks.
 */
export function findViolations(page: Page, scope: 'all' | 'contrast'): Promise<string[]> {
  const runOnly =
    scope === 'all'
      ? { type: 'tag' as const, values: RULES }
      : { type: 'rule' as const, values: ['color-contrast'] };
  return page.evaluate(
    async (options) => {
      const { violations } = await (globalThis as unknown as { axe: typeof axe }).axe.run(document, options);
      return violations.flatMap(({ id, nodes }) =>
        nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')} ${failureSummary ?? ''}`),
      );
    },
    { runOnly, resultTypes: ['violations' as const], preload: false },
  );
}
