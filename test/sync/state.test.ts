/** What an operation did not read looks like what is not there: asking for it is a fault of its module, and is one at once. */
import { describe, expect, it } from 'vitest'
import { activeAttendanceOf, attendances } from '../../src/modules/attendance/tables.ts'
import { cashSessionById, cashSessions, openCashSessionOf } from '../../src/modules/cash-session/tables.ts'
import { readsByStage } from '../../src/sync/stages.ts'
import { State } from '../../src/sync/state.ts'
import { decidable, definitionOf } from '../support/decider.ts'
import { ids } from '../support/rows.ts'

const notRead = /not among the operation's reads/

describe('the state', () => {
  it('knows what was looked for and is not there from what nobody looked for', () => {
    const state = new State()
    expect(() => state.get(cashSessions, 's')).toThrow(notRead)
    expect(() => state.find(cashSessions, () => true)).toThrow(notRead)
    expect(() => state.filter(cashSessions, () => true)).toThrow(notRead)
    state.claim(cashSessionById('s'))
    expect(state.get(cashSessions, 's')).toBeUndefined()
    expect(state.find(cashSessions, () => true)).toBeUndefined()
    expect(state.filter(cashSessions, () => true)).toEqual([])
    expect(() => state.get(cashSessions, 'other')).toThrow(notRead)
    expect(() => state.find(attendances, () => true)).toThrow(notRead)
  })

  it('takes a look-up with a further condition for none by key', () => {
    const state = new State()
    state.claim(openCashSessionOf('riverside'))
    state.claim(activeAttendanceOf('sophea'))
    expect(state.filter(cashSessions, () => true)).toEqual([])
    expect(() => state.get(cashSessions, 'riverside')).toThrow(notRead)
  })
})

it('reads go stage by stage, of all operations together, each stage asked for when the one before is there', () => {
  const state = new State()
  const deciding = [
    { op: decidable('sale.void', { saleId: ids.op, reason: 'x' }), definition: definitionOf('sale.void') },
    { op: decidable('branch.freeze', {}), definition: definitionOf('branch.freeze') },
    { op: decidable('branch.freeze', {}), definition: undefined },
  ]
  const stages = readsByStage(deciding, state)
  expect(stages.next().value).toHaveLength(2)
  // The second stage looks at the sale, which the first was to read.
  expect(() => stages.next()).toThrow(notRead)
  const again = readsByStage(deciding, state)
  for (const read of again.next().value ?? []) state.claim(read)
  expect([...again]).toEqual([[], []])
})
