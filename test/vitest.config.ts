import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config'

/** Tests that count the steps of code: each wants a process in which that code was not compiled before. */
const COUNTING = '**/*.steps.test.ts'

const COMMON: TestProjectInlineConfiguration = {
  // Node resolves graphql to its CommonJS build, Vite would take the other: two copies refuse each other's types.
  resolve: { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] },
  test: { dir: 'test', sequence: { shuffle: true }, restoreMocks: true, testTimeout: 20_000 },
}

export default defineConfig({
  test: {
    globalSetup: 'test/support/build.ts',
    projects: [
      {
        ...COMMON,
        // The modules are loaded once for each worker: loading them for each file takes half of the CPU.
        test: {
          ...COMMON.test,
          name: 'tests',
          isolate: false,
          include: ['**/*.test.ts'],
          exclude: [COUNTING],
        },
      },
      { ...COMMON, test: { ...COMMON.test, name: 'steps', include: [COUNTING] } },
    ],
  },
})
