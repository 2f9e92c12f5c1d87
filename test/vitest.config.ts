import { defineConfig } from 'vitest/config'

export default defineConfig({
  // Node resolves graphql to its CommonJS build, Vite would take the other: two copies refuse each other's types.
  resolve: { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] },
  test: {
    dir: 'test',
    include: ['**/*.test.ts'],
    globalSetup: 'test/support/build.ts',
    sequence: { shuffle: true },
    restoreMocks: true,
    testTimeout: 20_000,
  },
})
