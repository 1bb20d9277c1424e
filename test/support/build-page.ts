import { resolve } from 'node:path';
import { build } from 'vite';

/**
 * Builds a page that only tests use, as the interface itself is built.
 *
 * @param root Folder of the page.
 * @param page Its file name there.
 * @param outDir Where the built page goes.
 */
export async function buildTestPage(root: string, page: string, outDir: string): Promise<void> {
  await build({
    configFile: resolve(import.meta.dirname, '../../plugin/vite.config.ts'),
    mode: 'figma',
    root,
    logLevel: 'error',
    build: { outDir, rolldownOptions: { input: resolve(root, page) } },
  });
}
