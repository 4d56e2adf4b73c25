import { defineConfig } from 'vitest/config'

export default defineConfig({
  // graphql has one build for `import` and one for `require`: all of its users must get the same one.
  ssr: { resolve: { conditions: ['module-sync', 'node', 'development'] } },
  test: {
    include: ['test/**/*.test.{ts,tsx}'],
    globalSetup: 'test/support/global-setup.ts',
    pool: 'forks',
    maxWorkers: 2,
    // Generous, for a loaded machine: a test that hangs still ends, and none fails for being slow.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // Real browsers and networks on a busy machine: what fails there for a moment's reason passes the second time.
    retry: process.env.CI ? 1 : 0,
  },
})
