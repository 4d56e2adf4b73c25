import { type AuditEntry, defineModule, type Operation } from '../../sync/module.ts'
import { col, defineTable, nullable, type Write } from '../../sync/table.ts'
import type { Json } from '../../sync/words.ts'
import { glossary } from './glossary.ts'
import { addAuditReads } from './graphql.ts'
import * as words from './words.ts'

/**
 * Append-only; its id is the database's, in order of writing. Without an actor it is the operation's record that says who,
 * where and when: the view `audit_event` tells it whole.
 */
export const auditTrail = defineTable({
  name: 'audit_trail',
  key: [],
  write: 'append',
  columns: {
    branchId: nullable(col.text),
    name: col.text,
    actorId: nullable(col.text),
    submittedBy: nullable(col.text),
    approvedFor: nullable(col.text),
    deviceId: nullable(col.text),
    lane: nullable(col.text),
    clientOpId: col.uuid,
    occurredAt: nullable(col.time),
    recordedAt: nullable(col.time),
    data: nullable(col.json<Json>()),
  },
})

const asRecorded = {
  actorId: null,
  submittedBy: null,
  approvedFor: null,
  deviceId: null,
  lane: null,
  occurredAt: null,
  recordedAt: null,
}

/** What an accepted operation leaves in the audit trail, beside its record. */
export const auditRows = (op: Operation, entries: readonly AuditEntry[]): Write[] =>
  entries.map(({ name, data }) =>
    auditTrail.row({
      branchId: op.branchId || null,
      name,
      ...asRecorded,
      clientOpId: op.clientOpId,
      data: data ?? null,
    }),
  )

/** What is in the trail of something that leaves no record. */
export const unrecordedAuditRow = (op: Operation, { name, data }: AuditEntry): Write =>
  auditTrail.row({
    branchId: op.branchId || null,
    name,
    actorId: op.actorId,
    submittedBy: op.submittedBy,
    approvedFor: op.approvedFor ?? null,
    deviceId: op.deviceId,
    lane: op.lane,
    clientOpId: op.clientOpId,
    occurredAt: op.occurredAt,
    recordedAt: op.at,
    data: data ?? null,
  })

/** Who did what, when, on which device. Written by the modules' operations; the sync layer adds nothing of its own. */
export const audit = defineModule({
  name: 'audit',
  ...words,
  tables: [auditTrail],
  operations: [],
  reads: addAuditReads,
  glossary,
})
