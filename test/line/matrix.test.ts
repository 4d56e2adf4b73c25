/**
 * Every fault against everything that a till may be doing, once each; `npm run matrix` tries them by the hundred, and
 * holds them to their times. Here they have all the time that a busy machine takes.
 */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { House } from './house.ts'
import { type Case, faults, isShared, type Limits, states, tryAll } from './matrix.ts'

const patient: Limits = { emptyMs: 50_000, hearsMs: 50_000, seesMs: 50_000 }
/** Of the fault's length, so that the runs last seconds. */
const seed = 36

let house: House
beforeAll(async () => {
  house = await House.open()
}, 120_000)
afterAll(() => house?.close())

const casesOf = (fault: Case['fault'], some: readonly Case['state'][] = states) =>
  some.map((state, i): Case => ({ fault, state, place: 'Node', seed: seed + i }))
const wrong = (outcomes: Awaited<ReturnType<typeof tryAll>>) =>
  outcomes.filter((outcome) => outcome.wrong.length > 0)

it('of the line: bytes that vanish, in one direction or both, and a line that stands still', {
  timeout: 180_000,
}, async () => {
  const cases = (['up', 'down', 'both', 'pause'] as const).flatMap((fault) => casesOf(fault))
  expect(wrong(await tryAll(house, cases, patient))).toEqual([])
})

it('of the till: killed, in Node and in Chromium, and opened again', { timeout: 180_000 }, async () => {
  const inChromium: Case = { fault: 'kill till', state: 'selling', place: 'Chromium', seed }
  const cases = [...casesOf('kill till'), inChromium]
  expect(wrong(await tryAll(house, cases, patient))).toEqual([])
})

it.each(faults.filter(isShared))('of the house: %s', { timeout: 180_000 }, async (fault) => {
  expect(wrong(await tryAll(house, casesOf(fault), patient))).toEqual([])
})
