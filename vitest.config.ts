import { defineConfig } from 'vitest/config'

export default defineConfig({
  // graphql has one build for `import` and one for `require`: all of its users must get the same one.
  ssr: { resolve: { conditions: ['module-sync', 'node', 'development'] } },
  test: {
    include: ['test/**/*.test.{ts,tsx}'],
    globalSetup: 'test/support/global-setup.ts',
    setupFiles: 'test/support/fresh.ts',
    pool: 'forks',
    // One more than the two processors that there are: a file waits for a third of its time.
    maxWorkers: 3,
    // Files of a worker share what they import: for a module to be loaded anew for each file takes a fifth of the run.
    isolate: false,
    // Generous, for a loaded machine: a test that hangs still ends, and none fails for being slow.
    testTimeout: 120_000,
    hookTimeout: 300_000,
    // Real browsers on a busy machine: a race in a test is seen by who works on it, and stops nobody else. Everything
    // else is tried once: a race that is lost in the gateway, or among the tabs of a till, must be seen.
    tags: [
      { name: 'race', description: 'About several at once.', priority: 1, retry: 0 },
      {
        name: 'browser',
        description: 'Runs in Chromium.',
        timeout: 300_000,
        retry: process.env.CI ? 1 : 0,
      },
    ],
  },
})
