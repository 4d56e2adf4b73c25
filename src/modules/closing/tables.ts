import { col, defineFinder, defineTable, nullable, type Row } from '../../sync/table.ts'
import type { Json } from '../../sync/words.ts'
import type { Outcome, RefusalEntity, StatementContent, SupplementContent, Tally } from './contract.ts'

/** What a session comes to, moved along by whatever moves its cash. */
export const tallies = defineTable({
  name: 'session_tally',
  key: ['cashSessionId'],
  write: 'upsert',
  columns: { cashSessionId: col.uuid, branchId: col.text, tally: col.json<Tally>() },
})
export const tallyOf = defineFinder(tallies, ['cashSessionId'])

/** The end of a branch's statements and of its supplements. */
export const closingHeads = defineTable({
  name: 'closing_head',
  key: ['branchId'],
  write: 'upsert',
  columns: {
    branchId: col.text,
    statementNumber: col.bigint,
    statementHash: col.text,
    supplementNumber: col.bigint,
    supplementHash: col.text,
  },
})
export const closingHeadOf = defineFinder(closingHeads, ['branchId'])

/** `content` is what `hash` is of; neither is ever written again. */
export const statements = defineTable({
  name: 'closing_statement',
  key: ['branchId', 'number'],
  write: 'append',
  columns: {
    branchId: col.text,
    number: col.bigint,
    cashSessionId: col.uuid,
    content: col.json<StatementContent>(),
    hash: col.text,
    recordedAt: col.time,
  },
  change: {
    module: 'CASH_SESSION',
    kind: 'closingStatement',
    scope: 'branch',
    id: (row) => row.cashSessionId,
    finishedAt: (row) => row.recordedAt,
    payload: ({ content, hash }) => ({ ...content, hash }),
  },
})
export const statementOf = defineFinder(statements, ['branchId', 'cashSessionId'])

export const supplements = defineTable({
  name: 'closing_supplement',
  key: ['branchId', 'number'],
  write: 'append',
  columns: {
    branchId: col.text,
    number: col.bigint,
    /** The operation that made it. */
    clientOpId: col.uuid,
    cashSessionId: col.uuid,
    content: col.json<SupplementContent>(),
    hash: col.text,
    recordedAt: col.time,
  },
  change: {
    module: 'CASH_SESSION',
    kind: 'closingSupplement',
    scope: 'branch',
    id: (row) => row.clientOpId,
    finishedAt: (row) => row.recordedAt,
    payload: ({ content, hash }) => ({ ...content, hash }),
  },
})

/**
 * What a queue brought and was rejected, until it is dealt with and after. `thingId`: the sale or movement that it would have
 * made, `usd` and `khr` what the drawer gained by it; null and nothing where it is about neither.
 */
export const refusals = defineTable({
  name: 'refusal',
  key: ['clientOpId'],
  write: 'upsert',
  kept: ['payload'],
  columns: {
    clientOpId: col.uuid,
    branchId: col.text,
    type: col.text,
    cashSessionId: nullable(col.uuid),
    thingId: nullable(col.uuid),
    usd: col.bigint,
    khr: col.bigint,
    totalUsd: col.bigint,
    /** Of a sale or a movement, as its contract reads it. */
    payload: nullable(col.json<Json>()),
    code: col.text,
    message: col.text,
    actorId: col.text,
    deviceId: nullable(col.text),
    deviceSeq: nullable(col.bigint),
    occurredAt: col.time,
    happenedAt: col.time,
    refusedAt: col.time,
    settled: col.bool,
    outcome: nullable(col.text),
    settledBy: nullable(col.text),
    settledAt: nullable(col.time),
    reason: nullable(col.text),
    /** Who did it, as a person has said where the device's word was the matter. */
    bookedAs: nullable(col.text),
  },
  change: {
    module: 'CASH_SESSION',
    kind: 'refusedOperation',
    scope: 'branch',
    id: (row) => row.clientOpId,
    when: { yes: 'settled' },
    finishedAt: (row) => row.settledAt,
    payload: ({
      type,
      code,
      cashSessionId,
      outcome,
      settledBy,
      settledAt,
      refusedAt,
      reason,
    }): RefusalEntity => ({
      ...{ type, code, cashSessionId, reason },
      outcome: outcome as Outcome,
      by: settledBy ?? '',
      at: settledAt ?? refusedAt,
    }),
  },
})
export type Refusal = Row<typeof refusals>
export const refusalById = defineFinder(refusals, ['clientOpId'])
/** Whoever has a queue can make any number of them, with payloads of 64 kB: so many are looked at, and no payload. */
const many = { most: 2_000, without: 'payload' } as const
export const openRefusalsOfThing = defineFinder(
  refusals,
  ['branchId', 'thingId'],
  { not: 'settled' },
  { ...many, most: 100 },
)
export const givenUpOfThing = defineFinder(
  refusals,
  ['branchId', 'thingId'],
  { column: 'outcome', is: 'GIVEN_UP' },
  { ...many, most: 100 },
)
export const openRefusalsOfSession = defineFinder(
  refusals,
  ['branchId', 'cashSessionId'],
  { not: 'settled' },
  many,
)
