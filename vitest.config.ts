import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Short to read and long to run: begun last, as the smallest are by themselves, they would be waited for alone. */
const longest = ['attacks.test.ts', 'matrix.test.ts']

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isLong = ({ moduleId }: TestSpecification) => longest.some((name) => moduleId.endsWith(`/${name}`))
    const sorted = await super.sort(files)
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))]
  }
}

export default defineConfig({
  // graphql has one build for `import` and one for `require`: all of its users must get the same one.
  ssr: { resolve: { conditions: ['module-sync', 'node', 'development'] } },
  test: {
    include: ['test/**/*.test.{ts,tsx}'],
    globalSetup: 'test/support/global-setup.ts',
    setupFiles: 'test/support/fresh.ts',
    sequence: { sequencer: LongestFirst },
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
