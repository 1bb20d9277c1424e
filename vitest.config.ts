import { defineConfig } from 'vitest/config';
import { ReliabilityReporter } from './test/support/reliability-reporter.js';
import { SummaryReporter } from './test/support/summary-reporter.js';

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
        },
      },
      {
        test: {
          name: 'pages',
          include: ['test/plugin/ui/**/*.integration.test.ts'],
          setupFiles: ['test/support/leak-check.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          // A browser and no model: two of these go side by side on two cores.
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: 'integration',
          include: ['test/**/*.integration.test.ts'],
          exclude: ['test/plugin/ui/**'],
          setupFiles: ['test/support/leak-check.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          // Each of these starts real servers, browsers and models on two cores.
          fileParallelism: false,
          sequence: { groupOrder: 2 },
        },
      },
      {
        test: {
          name: 'hard',
          include: ['test/**/*.hard.test.ts'],
          setupFiles: ['test/support/leak-check.ts', 'test/support/property-seed.ts'],
          testTimeout: 600_000,
          hookTimeout: 600_000,
          fileParallelism: false,
          sequence: { groupOrder: 3 },
        },
      },
    ],
  },
});
