/**
 * Builds the interface: everything inlined into one HTML file a host. `mode` says which: `figma` makes
 * dist/ui.html, `workbench` makes dist/workbench.html.
 */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { defineConfig } from 'vite';
import type { Plugin } from 'vite';
import { viteSingleFile } from 'vite-plugin-singlefile';

const ENTRIES: Readonly<Record<string, { root: string; page: string }>> = {
  figma: { root: 'ui', page: 'ui.html' },
  workbench: { root: 'workbench', page: 'workbench.html' },
};

export default defineConfig(({ mode }) => {
  const entry = ENTRIES[mode] ?? ENTRIES['figma']!;
  const root = resolve(import.meta.dirname, entry.root);
  const { version } = JSON.parse(readFileSync(resolve(import.meta.dirname, '../package.json'), 'utf8'));
  return {
    root,
    oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
    define: { __VERSION__: JSON.stringify(version) },
    plugins: [withoutLoaderSyntax(), viteSingleFile({ removeViteModuleLoader: true })],
    build: {
      target: 'es2022',
      // Figma's desktop app and current browsers know light-dark(); older targets would get it rewritten.
      cssTarget: 'chrome123',
      outDir: resolve(import.meta.dirname, '../dist'),
      // Both pages and the other builds share the folder.
      emptyOutDir: false,
      rolldownOptions: {
        // How long our plugins take is nothing to tell whoever starts the product.
        checks: { pluginTimings: false },
        input: resolve(root, entry.page),
        // The component library evaluates arithmetic in a field that is not used here.
        checks: { eval: false },
      },
      reportCompressedSize: false,
    },
  };
});

/**
 * The component library's `render`, which is not used here, imports its style sheets, a web font among them, with
 * a loader's syntax that Vite does not know.
 */
function withoutLoaderSyntax(): Plugin {
  const empty = '\0empty';
  return {
    name: 'without-loader-syntax',
    enforce: 'pre',
    resolveId: (id) => (id.startsWith('!') ? empty : undefined),
    load: (id) => (id === empty ? '' : undefined),
  };
}
