import { createRequire } from 'node:module';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: {
    // Vite prefers the file for bundlers, Node and every library the other one; a schema belongs to one copy of graphql.
    alias: [{ find: /^graphql$/, replacement: createRequire(import.meta.url).resolve('graphql') }],
  },
  test: {
    // The engine's sessions use both cores; more files at once only make them wait for each other.
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // A wait guards against hanging only: on a busy machine everything takes its time.
    expect: { poll: { timeout: 60_000 } },
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
