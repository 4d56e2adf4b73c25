/**
 * The change feed: what the rows that were written mean to clients that pull.
 *
 * A stream keeps the latest change of each entity. `seq` is handed out while the transaction holds the
 * stream's row lock until it commits, so commit order is sequence order: a reader that has seen N has
 * everything up to N. (A global sequence would not do: a transaction could take a lower number, commit
 * later, and be passed by a cursor.)
 */
import type { Queryable } from '../platform/database.ts'
import type { Operation } from './module.ts'
import { writeRows } from './sql.ts'
import { type AnyRow, type Change, col, defineTable, holds, nullable, type Row, type Write } from './table.ts'
import { tenantStream } from './tenant-stream.ts'
import type { ModuleScope } from './words.ts'

export const changeTable = defineTable({
  name: 'sync_change',
  key: ['branchId', 'entityKind', 'entityId'],
  write: 'upsert',
  columns: {
    branchId: col.text,
    entityKind: col.text,
    entityId: col.text,
    seq: col.bigint,
    module: col.text,
    opKind: col.text,
    payload: nullable(col.json<object>()),
    ownerId: nullable(col.text),
    actorId: nullable(col.text),
    clientOpId: nullable(col.uuid),
    occurredAt: col.time,
    agesFrom: nullable(col.time),
    /** In the tenant's own stream: the branches that see it; `asListed`: those that `sync_audience` lists. */
    onlyIn: nullable(col.texts),
  },
})
/** Stands for a branch where the branches are listed elsewhere; no branch has it. */
const asListed = tenantStream

type ChangeRow = Row<typeof changeTable>

/** One row written, with the operation that wrote it. */
export type Written = {
  readonly write: Write
  readonly op: Pick<Operation, 'actorId' | 'clientOpId' | 'occurredAt' | 'at'>
}

/** A stream as locked: `headSeq` moves as changes are numbered. */
export type Stream = { branchId: string; headSeq: number }

/** What a commit did to a stream, of a branch or the tenant's own, for the nudges after it. */
export type Touched = { branchId: string; modules: Set<ModuleScope>; headSeq: number }

type Derived = Omit<ChangeRow, 'branchId' | 'seq'>

/** The change that a written row means; without an operation, that of a row that was there already. */
function derive(change: Change<AnyRow>, row: AnyRow, op: Written['op'] | null, at: Date): Derived {
  const payload = change.payload(row)
  const finishedAt = change.finishedAt?.(row) ?? null
  return {
    entityKind: change.kind,
    entityId: change.id(row),
    module: change.module,
    opKind: payload ? 'UPSERT' : 'TOMBSTONE',
    payload,
    ownerId: change.owner?.(row) ?? null,
    actorId: op?.actorId ?? null,
    clientOpId: op?.clientOpId ?? null,
    occurredAt: op?.occurredAt ?? at,
    agesFrom: !payload ? at : finishedAt && op ? at : finishedAt,
    onlyIn: change.listed?.(row) ? [asListed] : (change.onlyIn?.(row) ?? null),
  }
}

/** The last state of each entity written, in the order of the last writes. */
function latest(written: readonly Written[]): { derived: Derived; branchId: string }[] {
  const entities = new Map<string, { write: Written; change: Change<AnyRow>; branchId: string }>()
  for (const each of written) {
    const { table, row } = each.write
    const change = table.change as Change<AnyRow> | undefined
    if (!change || !holds(change.when, row)) continue
    const branchId = change.scope === 'branch' ? String(row.branchId) : tenantStream
    const name = `${branchId}\u0000${change.kind}\u0000${change.id(row)}`
    entities.delete(name)
    entities.set(name, { write: each, change, branchId })
  }
  return [...entities.values()].map(({ write: { write, op }, change, branchId }) => ({
    derived: derive(change, write.row, op, op.at),
    branchId,
  }))
}

/**
 * Numbers the changes that the written rows mean and returns the rows of the feed that they are: those of the branches,
 * and in the tenant's own stream those that all branches see (EC-OS-10). Moves the heads of the streams. The streams of
 * branches that are `opening` in this transaction are filled from the rows afterwards.
 */
export function plan(
  written: readonly Written[],
  streams: ReadonlyMap<string, Stream>,
  opening: ReadonlySet<string> = new Set(),
) {
  const rows: Write[] = []
  const touched = new Map<string, Touched>()
  for (const { derived, branchId } of latest(written)) {
    const stream = streams.get(branchId)
    if (!stream && opening.has(branchId)) continue
    if (!stream) throw new Error(`a row of branch ${branchId} was written without its stream's lock`)
    stream.headSeq += 1
    rows.push(changeTable.row({ ...derived, branchId, seq: stream.headSeq }))
    const known = touched.get(branchId) ?? { branchId, modules: new Set(), headSeq: 0 }
    known.modules.add(derived.module as ModuleScope)
    touched.set(branchId, { ...known, headSeq: stream.headSeq })
  }
  return { rows, touched: [...touched.values()] }
}

/** Stores the new heads of the streams. */
export async function writeHeads(
  db: Queryable,
  tenantId: string,
  touched: readonly Touched[],
): Promise<void> {
  if (touched.length === 0) return
  await db.run(
    `update sync_stream s set head_seq = t.head_seq
     from unnest($2::text[], $3::bigint[]) as t(branch_id, head_seq)
     where s.tenant_id = $1 and s.branch_id = t.branch_id`,
    [tenantId, touched.map((each) => each.branchId), touched.map((each) => each.headSeq)],
  )
}

/** Of when a snapshot is, and what it leaves out: what was finished before is none of the feed's any more. */
export type SnapshotTimes = { readonly at: Date; readonly finishedSince: Date }

/**
 * Changes for rows that exist already, for a stream that is opened or rebuilt. What the stream holds of them is replaced,
 * and is as old as it was: the rows know when business was finished, but not when it was told.
 */
export async function writeSnapshot(
  db: Queryable,
  tenantId: string,
  stream: Stream,
  rows: Iterable<Write>,
  { at, finishedSince }: SnapshotTimes,
): Promise<void> {
  const derived = [...rows].flatMap(({ table, row }) => {
    const change = table.change as Change<AnyRow> | undefined
    return !change || !holds(change.when, row) ? [] : [derive(change, row, null, at)]
  })
  const upserts = derived.filter(({ opKind }) => opKind === 'UPSERT')
  const listed = upserts.filter(({ onlyIn }) => onlyIn?.includes(asListed))
  const finished = upserts.filter(({ agesFrom }) => agesFrom !== null)
  const [elsewhere, ages] = await Promise.all([
    listedElsewhere(db, tenantId, stream.branchId, listed),
    agesIn(db, tenantId, stream.branchId, finished),
  ])
  const writes: Write[] = []
  for (const { onlyIn, ...each } of upserts) {
    const isSeen = onlyIn?.includes(asListed)
      ? !elsewhere.has(nameOf(each))
      : !onlyIn || onlyIn.includes(stream.branchId)
    const agesFrom = each.agesFrom && (ages.get(nameOf(each)) ?? each.agesFrom)
    if (!isSeen || (agesFrom && agesFrom < finishedSince)) continue
    stream.headSeq += 1
    const { branchId, headSeq: seq } = stream
    writes.push(changeTable.row({ ...each, agesFrom, onlyIn: null, branchId, seq }))
  }
  await writeRows(db, tenantId, writes)
}

type Entity = { readonly entityKind: string; readonly entityId: string }
const nameOf = ({ entityKind, entityId }: Entity) => `${entityKind}\u0000${entityId}`
const columnsOf = (entities: readonly Entity[]) => [
  entities.map(({ entityKind }) => entityKind),
  entities.map(({ entityId }) => entityId),
]

/** Of entities that are seen as listed, those whose branches are others. */
async function listedElsewhere(
  db: Queryable,
  tenantId: string,
  branchId: string,
  entities: readonly Entity[],
): Promise<ReadonlySet<string>> {
  if (entities.length === 0) return new Set()
  const rows = await db.rows<Entity>(
    `select a.entity_kind as "entityKind", a.entity_id as "entityId"
     from unnest($3::text[], $4::text[]) as e(entity_kind, entity_id)
     join sync_audience a on a.tenant_id = $1 and a.entity_kind = e.entity_kind and a.entity_id = e.entity_id
     group by 1, 2 having not bool_or(a.branch_id = $2)`,
    [tenantId, branchId, ...columnsOf(entities)],
  )
  return new Set(rows.map(nameOf))
}

/** From when entities age, as a stream has it of those that it holds. */
async function agesIn(
  db: Queryable,
  tenantId: string,
  branchId: string,
  entities: readonly Entity[],
): Promise<ReadonlyMap<string, Date>> {
  if (entities.length === 0) return new Map()
  const rows = await db.rows<Entity & { agesFrom: Date }>(
    `select c.entity_kind as "entityKind", c.entity_id as "entityId", c.ages_from as "agesFrom"
     from unnest($3::text[], $4::text[]) as e(entity_kind, entity_id)
     join sync_change c on c.tenant_id = $1 and c.branch_id = $2 and c.entity_kind = e.entity_kind
       and c.entity_id = e.entity_id and c.ages_from is not null`,
    [tenantId, branchId, ...columnsOf(entities)],
  )
  return new Map(rows.map((row) => [nameOf(row), row.agesFrom]))
}
