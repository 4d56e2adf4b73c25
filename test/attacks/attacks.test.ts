/**
 * The table of attacks, a round of each row (docs/threats.md says it in words). The gateway is a process of its own, as
 * in production, and so is the attacker; a till goes on meanwhile. What is asserted here holds on a busy machine too:
 * what was answered, that the till was served, and that nobody stood still for seconds. `npm run attacks` takes longer
 * and holds the gateway to its figures.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { rows } from './rows/index.ts'
import { openStage, type Stage } from './stage.ts'

/** Generous: other tests have the same two cores. What fell took 3 to 25 seconds. */
const mostStallMs = 3_000
/** Of the processor's time alone, which a busy machine takes at most twice of: 50 ms are what nobody may take of it. */
const mostTurnMs = { nobody: 100, member: 150 }

let database: TestDatabase
let stage: Stage

beforeAll(async () => {
  database = await createTestDatabase('demo')
  stage = await openStage({ DATABASE_URL: database.url })
})
afterAll(async () => {
  await stage?.close()
  await database?.drop()
})

describe('while it is tried, others go on', () => {
  it.each(rows.map((row) => ({ row, name: row.name, must: row.must })))('$name: $must', async ({ row }) => {
    const { outcome, failures, stallMs, turnMs } = await stage.attack(row, 0)
    row.check(outcome)
    expect(failures).toEqual([])
    expect(stallMs).toBeLessThan(mostStallMs)
    expect(turnMs).toBeLessThan(mostTurnMs[row.by ?? 'member'])
  })
})
