/**
 * Pull: one page of a branch's stream, by cursor.
 */
import type { Database } from '../platform/database.ts'
import { type Cursor, decodeCursor, encodeCursor, resetMessages, resetReason, scopeBits } from './cursor.ts'
import type { ModuleScope, OpKind, ResetReason } from './words.ts'

export type Pull = {
  tenantId: string
  branchId: string
  cursor: string | null
  scopes: readonly ModuleScope[]
  limit: number
  /** Only this account's own records, of those that have an owner; null: everybody's. */
  onlyOwn: string | null
}

export type PulledChange = {
  seq: number
  opKind: OpKind
  module: ModuleScope
  entityKind: string
  entityId: string
  payload: unknown
  occurredAt: Date
  actorId: string | null
  clientOpId: string | null
}

export const changeFields = [
  'seq',
  'opKind',
  'module',
  'entityKind',
  'entityId',
  'payload',
  'occurredAt',
  'actorId',
  'clientOpId',
] as const satisfies (keyof PulledChange)[]
export type ChangeField = (typeof changeFields)[number]

/** How the page's changes come back: one JSON object each, of these members, as text that PostgreSQL builds. */
export type Projection = readonly {
  readonly name: string
  readonly field: ChangeField | { literal: string }
}[]

export type PulledPage<Changes> = {
  changes: Changes
  count: number
  nextCursor: string
  /** What the cursor says: everything up to here was handed out. */
  pulledSeq: number
  hasMore: boolean
  headSeq: number
}
export type PullReset = { reason: ResetReason; message: string }
export type Pulled<Changes> = { page: PulledPage<Changes> } | { reset: PullReset }

/** A page as JSON text: `[{...},{...}]`. What PostgreSQL has as JSON text already is not parsed and printed again. */
export async function pullText(db: Database, pull: Pull, projection: Projection): Promise<Pulled<string>> {
  const scopes = [...new Set(pull.scopes)]
  const wanted = {
    tenantId: pull.tenantId,
    branchId: pull.branchId,
    scopes: scopeBits(scopes),
    view: pull.onlyOwn === null ? 'all' : `own ${pull.onlyOwn}`,
  }
  const cursor = pull.cursor === null ? null : decodeCursor(pull.cursor)
  if (pull.cursor !== null && !cursor) return reset('CURSOR_MALFORMED')

  const [row] = await db.rows<PageRow>(pageSql(scopes, projection, pull.onlyOwn !== null), [
    pull.tenantId,
    pull.branchId,
    cursor?.seq ?? 0,
    cursor?.base ?? null,
    pull.limit,
    ...(pull.onlyOwn === null ? [] : [pull.onlyOwn]),
  ])
  if (!row) throw new Error(`branch ${pull.branchId} of tenant ${pull.tenantId} has no stream`)
  const reason = cursor && resetReason(cursor, wanted, row)
  if (reason) return reset(reason)

  const hasMore = row.count > pull.limit
  const next: Cursor = {
    ...wanted,
    epoch: row.epoch,
    // Past the last page lies only what the scopes leave out: the cursor moves to the head all the same.
    seq: hasMore ? (row.lastSeq ?? 0) : row.headSeq,
    base: cursor?.base ?? row.headSeq,
  }
  return {
    page: {
      changes: `[${row.text ?? ''}]`,
      count: Math.min(row.count, pull.limit),
      nextCursor: encodeCursor(next),
      pulledSeq: next.seq,
      hasMore,
      headSeq: row.headSeq,
    },
  }
}

/** The same page as objects, for whoever asks for more than plain fields. */
export async function pullChanges(db: Database, pull: Pull): Promise<Pulled<PulledChange[]>> {
  const pulled = await pullText(db, pull, everyField)
  if ('reset' in pulled) return pulled
  const changes = (JSON.parse(pulled.page.changes) as PulledChange[]).map((change) => ({
    ...change,
    occurredAt: new Date(change.occurredAt),
  }))
  return { page: { ...pulled.page, changes } }
}

const everyField: Projection = changeFields.map((name) => ({ name, field: name }))

const reset = (reason: ResetReason) => ({ reset: { reason, message: resetMessages[reason] } })

type PageRow = {
  epoch: string
  headSeq: number
  horizonSeq: number
  lastSeq: number | null
  /** Rows found, one more than the limit where there are more. */
  count: number
  text: string | null
}

/** JSON text of each field, as SQL. */
const fieldSql: Record<ChangeField, string> = {
  seq: 'c.seq',
  opKind: `'"', c.op_kind, '"'`,
  module: `'"', c.module, '"'`,
  entityKind: `'"', c.entity_kind, '"'`,
  entityId: 'to_json(c.entity_id)',
  payload: `coalesce(c.payload, 'null'::json)`,
  occurredAt: `'"', to_char(c.occurred_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), '"'`,
  actorId: `coalesce(to_json(c.actor_id), 'null'::json)`,
  clientOpId: `coalesce(to_json(c.client_op_id), 'null'::json)`,
}

const literal = (text: string) => `'${text.replaceAll("'", "''")}'`

/**
 * Stream state and page come from one statement, so from one snapshot: a purge between the two could
 * otherwise take a tombstone that the horizon does not tell of yet.
 *
 * A branch of UNION ALL for each module, each in order of the index (tenant, branch, module, seq): PostgreSQL
 * merges them and stops at the limit, so a page costs its rows, however much of other modules lies between.
 * Tombstones from before a bootstrap began are left out of it: it never saw what they remove.
 */
function pageSql(scopes: readonly ModuleScope[], projection: Projection, onlyOwn: boolean): string {
  const members = projection.map(({ name, field }, i) => {
    const key = literal(`${i === 0 ? '' : ','}${JSON.stringify(name)}:`)
    return `${key}, ${typeof field === 'string' ? fieldSql[field] : literal(JSON.stringify(field.literal))}`
  })
  const text = `concat('{', ${[...members, "'}'"].join(', ')})`
  const ofModule = (module: ModuleScope) => `(select * from sync_change c
      where c.tenant_id = $1 and c.branch_id = $2 and c.module = '${module}' and c.seq > $3
        and (c.op_kind = 'UPSERT' or c.seq > coalesce($4, s.head_seq))
        ${onlyOwn ? 'and (c.owner_id is null or c.owner_id = $6)' : ''}
      order by c.seq limit $5::int + 1)`
  // A branch alone is in order already, and may not be ordered twice.
  const branches = scopes.map(ofModule)
  const merged =
    branches.length === 1 ? branches[0] : `${branches.join(' union all ')} order by seq limit $5::int + 1`
  return `select s.epoch, s.head_seq as "headSeq", s.horizon_seq as "horizonSeq", p.*
    from sync_stream s cross join lateral (
      select count(*)::int as count, max(t.seq) filter (where t.place <= $5::int) as "lastSeq",
        string_agg(t.text, ',' order by t.seq) filter (where t.place <= $5::int) as text
      from (
        select c.seq, row_number() over (order by c.seq) as place, ${text} as text
        from (${merged}) c
      ) t
    ) p
    where s.tenant_id = $1 and s.branch_id = $2`
}
