import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config'

/** Tests that count the steps of code: each wants a process in which that code was not compiled before. */
const COUNTING = '**/*.steps.test.ts'

/** `npm test` leaves out what has the tag `long`. */
const TAGS = [{ name: 'long', description: 'Takes seconds: only in the tier `all`.' }]

const COMMON: TestProjectInlineConfiguration = {
  // Node resolves graphql to its CommonJS build, Vite would take the other: two copies refuse each other's types.
  resolve: { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] },
  test: {
    dir: 'test',
    tags: TAGS,
    restoreMocks: true,
    testTimeout: 20_000,
    // A machine that is busy with something else makes a story late, not wrong.
    hookTimeout: 60_000,
    expect: { poll: { interval: 20, timeout: 10_000 } },
  },
}

export default defineConfig({
  test: {
    tags: TAGS,
    // Most stories wait for a socket or a timer: three at a time keep two cores busy.
    maxWorkers: 3,
    // Vitest reads this here alone, and not in a project.
    sequence: { shuffle: true },
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
