import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    // The engine's sessions use both cores; more files at once only make them wait for each other.
    maxWorkers: 2,
    testTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['{packages,apps}/*/test/**/*.test.ts', 'test/**/*.test.ts'],
          exclude: ['**/parity/**', '**/node_modules/**'],
        },
      },
      { extends: true, test: { name: 'parity', include: ['packages/*/test/parity/**/*.test.ts'] } },
    ],
  },
});
