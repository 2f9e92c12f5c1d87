import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    dir: 'test',
    include: ['**/*.test.ts'],
    sequence: { shuffle: true },
    restoreMocks: true,
    testTimeout: 20_000,
  },
})
