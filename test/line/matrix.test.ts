/**
 * Every fault against everything that a till may be doing, once each; `npm run matrix` tries them by the hundred, and
 * holds them to their times. Here they have all the time that a busy machine takes.
 */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { House } from './house.ts'
import { type Case, faults, isShared, states, type Terms, tryAll } from './matrix.ts'

const patient: Terms = {
  ...{ emptyMs: 50_000, hearsMs: 50_000, seesMs: 50_000 },
  sales: { others: 30, waiting: 30, meanwhile: 15 },
}
/** One with which the faults last a second or two, up to five. */
const seed = 36

const timeout = { timeout: 180_000 }

let house: House
beforeAll(async () => {
  house = await House.open()
}, 120_000)
afterAll(() => house?.close())

const casesOf = (fault: Case['fault']) =>
  states.map((state, i): Case => ({ fault, state, place: 'Node', seed: seed + i }))

async function tried(cases: readonly Case[]): Promise<void> {
  const outcomes = await tryAll(house, cases, patient)
  expect(outcomes.filter(({ wrong }) => wrong.length > 0)).toEqual([])
}

it('of the line: bytes vanish in one direction or both, it stands still; and a till is killed', timeout, () =>
  tried([
    ...faults.filter((fault) => !isShared(fault)).flatMap(casesOf),
    { fault: 'kill till', state: 'selling', place: 'Chromium', seed },
  ]),
)

it.each(faults.filter(isShared))('of the house: %s', timeout, (fault) => tried(casesOf(fault)))
