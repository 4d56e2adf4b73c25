import { type AuditEntry, defineModule, type Operation } from '../../sync/module.ts'
import { col, defineTable, nullable, type Write } from '../../sync/table.ts'
import type { Json } from '../../sync/words.ts'
import { addAuditReads } from './graphql.ts'
import * as words from './words.ts'

/** Append-only; its id is the database's, in order of writing. */
export const auditEvents = defineTable({
  name: 'audit_event',
  key: [],
  write: 'append',
  columns: {
    branchId: nullable(col.text),
    name: col.text,
    actorId: col.text,
    submittedBy: col.text,
    approvedFor: nullable(col.text),
    deviceId: nullable(col.text),
    lane: col.text,
    clientOpId: col.uuid,
    occurredAt: col.time,
    recordedAt: col.time,
    data: nullable(col.json<Json>()),
  },
})

/** What an accepted operation leaves in the audit trail. */
export const auditRows = (op: Operation, entries: readonly AuditEntry[]): Write[] =>
  entries.map(({ name, data }) =>
    auditEvents.row({
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
    }),
  )

/** Who did what, when, on which device. Written by the modules' operations; the sync layer adds nothing of its own. */
export const audit = defineModule({
  name: 'audit',
  ...words,
  tables: [auditEvents],
  operations: [],
  reads: addAuditReads,
})
