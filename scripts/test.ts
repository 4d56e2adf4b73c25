/**
 * `npm test`: sees to what the tests need, then format and lint, types, and all tests. `npm test -- ARGS` runs vitest
 * alone, with these arguments. The last line is `N passed, N failed`; the exit code is 0 only if tests ran, none
 * failed and the checks before them are clean.
 */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { parseCLI, startVitest, type Vitest } from 'vitest/node'
import { installMissingTools } from './test-tools.ts'

// The gateway is started some fifty times: what Node has compiled once is read from here, which takes half as long.
process.env.NODE_COMPILE_CACHE = join(import.meta.dirname, '../node_modules/.cache/node')

const args = process.argv.slice(2)
installMissingTools()
const clean = args.length > 0 || [check('biome', 'check'), check('tsc', '--noEmit')].every(Boolean)

const { filter, options } = parseCLI(['vitest', 'run', ...args])
const vitest = await startVitest('test', filter, options)
const { passed, failed } = count(vitest)
await vitest.close()

if (!clean) console.log('the checks before the tests are not clean, see above')
console.log(`${passed} passed, ${failed} failed`)
process.exit(clean && passed > 0 && failed === 0 ? 0 : 1)

/** True when the program is content. npm has put the project's own programs first in PATH. */
function check(program: string, ...argv: string[]): boolean {
  console.log(`> ${program} ${argv.join(' ')}`)
  return spawnSync(program, argv, { stdio: ['ignore', 'inherit', 'inherit'] }).status === 0
}

/** Tests; a file that could not be loaded and an error outside of any test count as one that failed. */
function count({ state }: Vitest): { passed: number; failed: number } {
  const modules = state.getTestModules()
  const results = modules.flatMap((module) =>
    [...module.children.allTests()].map((test) => test.result().state),
  )
  const broken = modules.filter(
    (module) => module.state() === 'failed' && module.children.allTests('failed').next().done,
  )
  const failedTests = results.filter((result) => result === 'failed').length
  return {
    passed: results.filter((result) => result === 'passed').length,
    failed: failedTests + broken.length + state.getUnhandledErrors().length,
  }
}
