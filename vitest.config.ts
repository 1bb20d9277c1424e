import { defineConfig } from 'vitest/config';
import { ReliabilityReporter } from './test/support/reliability-reporter.js';
import { SummaryReporter } from './test/support/summary-reporter.js';

/** Two files at a time: Vitest would leave one of two processors idle, and more browsers and models crowd any machine. */
const WORKERS = 2;

export default defineConfig({
  test: {
    reporters: ['default', new ReliabilityReporter(), new SummaryReporter()],
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.{ts,tsx}'],
          exclude: ['test/**/*.{integration,hard}.test.ts'],
          setupFiles: ['test/support/leak-check.ts', 'test/support/property-seed.ts'],
          // A busy machine is slow and not wrong.
          testTimeout: 60_000,
          hookTimeout: 60_000,
          maxWorkers: WORKERS,
          // No module of ours keeps anything; loading all of them for each file takes a third of the time.
          isolate: false,
        },
      },
      {
        test: {
          name: 'pages',
          include: ['test/plugin/ui/**/*.integration.test.ts'],
          setupFiles: ['test/support/leak-check.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          maxWorkers: WORKERS,
          sequence: { groupOrder: 1 },
        },
      },
      {
        // The interface's socket client speaks through what a browser has; a test gives Node the same.
        resolve: { alias: { 'vscode-jsonrpc/browser': 'vscode-jsonrpc/node' } },
        test: {
          name: 'integration',
          include: ['test/**/*.integration.test.ts'],
          exclude: ['test/plugin/ui/**', 'test/end-to-end.integration.test.ts'],
          setupFiles: ['test/support/leak-check.ts'],
          testTimeout: 300_000,
          hookTimeout: 300_000,
          // Real servers, browsers and models, each with a home of its own; one of them has Figma's ports, for doctor to look at.
          maxWorkers: WORKERS,
          sequence: { groupOrder: 2 },
        },
      },
      {
        test: {
          name: 'end-to-end',
          include: ['test/end-to-end.integration.test.ts'],
          setupFiles: ['test/support/leak-check.ts'],
          testTimeout: 300_000,
          hookTimeout: 300_000,
          // Alone: on Figma's ports, the window would find whatever sidecar another test has there.
          sequence: { groupOrder: 3 },
        },
      },
      {
        test: {
          name: 'hard',
          // The last ones try a sample of their cases elsewhere.
          include: [
            'test/**/*.hard.test.ts',
            'test/plugin/main/place-{layer,tree}.test.ts',
            'test/models/everything/scene.integration.test.ts',
            'test/sidecar/{observe,resume}.integration.test.ts',
          ],
          env: { CUTLINE_EVERY_CASE: '1' },
          setupFiles: ['test/support/leak-check.ts', 'test/support/property-seed.ts'],
          testTimeout: 600_000,
          hookTimeout: 600_000,
          fileParallelism: false,
          sequence: { groupOrder: 4 },
        },
      },
    ],
  },
});
