/**
 * Several tills, a bad network and a gateway that comes and goes, against the rules: each operation has one verdict and
 * at most one effect, nothing is lost, every client ends where a fresh one begins, and money and stock add up.
 *
 * MODEL_RUNS says how many runs, MODEL_SEED of which seed, MODEL_PATH which run of it (as a failure tells them);
 * MODEL_TRACE=1 prints what happened in the last run.
 */
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { commands } from './commands.ts'
import { verify } from './oracle.ts'
import { RestartableGateway, World } from './world.ts'

const { MODEL_RUNS, MODEL_SEED, MODEL_PATH, MODEL_TRACE } = process.env
const runs = MODEL_PATH ? 1 : Number(MODEL_RUNS ?? 2)
/** Elsewhere each time. */
const seed = MODEL_SEED ? Number(MODEL_SEED) : Math.floor(Math.random() * 2 ** 31)

let gateway: RestartableGateway
beforeAll(async () => {
  gateway = await RestartableGateway.start()
})
afterAll(() => gateway?.close())

let count = 0
let log: readonly string[] = []

const property = fc.asyncProperty(
  fc.integer(),
  fc.array(commands, { minLength: 40, maxLength: 60 }),
  async (faults, steps) => {
    count += 1
    const world = await World.open(gateway, String(count), faults)
    log = world.log
    try {
      await fc.asyncModelRun(() => ({ model: {}, real: world }), steps)
      await verify(world)
    } finally {
      await world.close()
    }
  },
)

test(
  'whatever happens, every operation has one verdict and every client sees what the server has',
  async () => {
    const details = await fc.check(property, {
      numRuns: runs,
      seed,
      // Fewer steps are other moments: what fails is run again as it was, and not made smaller.
      endOnFailure: true,
      ...(MODEL_PATH ? { path: MODEL_PATH } : {}),
    })
    if (MODEL_TRACE) console.log(log.join('\n'))
    if (details.failed) {
      const { counterexamplePath, errorInstance: cause } = details
      const again = `MODEL_SEED=${seed} MODEL_PATH=${counterexamplePath} npm test -- test/client/model`
      throw new Error(`run it again: ${again}\n${cause instanceof Error ? cause.stack : cause}`, { cause })
    }
    expect(details.numRuns).toBe(runs)
  },
  60_000 + runs * 60_000,
)
