import { col, defineFinder, defineTable, nullable } from '../../sync/table.ts'
import type { CashMovementEntity, CashSessionEntity } from './contract.ts'

export const cashSessions = defineTable({
  name: 'cash_session',
  key: ['id'],
  write: 'upsert',
  columns: {
    id: col.uuid,
    branchId: col.text,
    status: col.text,
    openedBy: col.text,
    openedAt: col.time,
    openingUsd: col.bigint,
    openingKhr: col.bigint,
    expectedUsd: col.bigint,
    expectedKhr: col.bigint,
    countedUsd: nullable(col.bigint),
    countedKhr: nullable(col.bigint),
    closedBy: nullable(col.text),
    closedAt: nullable(col.time),
    note: nullable(col.text),
  },
  change: {
    module: 'CASH_SESSION',
    kind: 'cashSession',
    scope: 'branch',
    id: (row) => row.id,
    finishedAt: (row) => row.closedAt,
    payload: (row): CashSessionEntity => ({
      status: row.status as CashSessionEntity['status'],
      openedBy: row.openedBy,
      openedAt: row.openedAt,
      openingFloat: { usd: row.openingUsd, khr: row.openingKhr },
      expected: { usd: row.expectedUsd, khr: row.expectedKhr },
      ...(row.countedUsd !== null && row.countedKhr !== null
        ? {
            counted: { usd: row.countedUsd, khr: row.countedKhr },
            difference: { usd: row.countedUsd - row.expectedUsd, khr: row.countedKhr - row.expectedKhr },
          }
        : {}),
      ...(row.closedAt ? { closedAt: row.closedAt, closedBy: row.closedBy ?? row.openedBy } : {}),
      ...(row.note ? { note: row.note } : {}),
    }),
  },
})
export const cashSessionById = defineFinder(cashSessions, ['id'])
export const openCashSessionOf = defineFinder(cashSessions, ['branchId'], { column: 'status', is: 'OPEN' })

/** The ledger of the drawer, append-only. */
export const cashMovements = defineTable({
  name: 'cash_movement',
  key: ['id'],
  write: 'append',
  columns: {
    id: col.uuid,
    branchId: col.text,
    cashSessionId: col.uuid,
    kind: col.text,
    usd: col.bigint,
    khr: col.bigint,
    reason: nullable(col.text),
    saleId: nullable(col.uuid),
    actorId: col.text,
    occurredAt: col.time,
  },
  change: {
    module: 'CASH_SESSION',
    kind: 'cashMovement',
    scope: 'branch',
    id: (row) => row.id,
    // A sale's cash is in the sale.
    when: { none: 'saleId' },
    finishedAt: (row) => row.occurredAt,
    payload: ({ cashSessionId, kind, usd, khr, reason, actorId, occurredAt }) =>
      ({ cashSessionId, kind, usd, khr, reason, actorId, occurredAt }) as CashMovementEntity,
  },
})
export const cashMovementById = defineFinder(cashMovements, ['id'])
