import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.{ts,tsx}'],
    globalSetup: 'test/support/global-setup.ts',
    pool: 'forks',
    maxWorkers: 2,
    // Generous, for a loaded machine: a test that hangs still ends, and none fails for being slow.
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
})
