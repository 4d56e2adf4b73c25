/**
 * The export of a branch's closings: JSON lines in pages, each page so many rows at most however long the days were. A page
 * says where the next one begins (docs/proof.md).
 */
import * as z from 'zod/mini'
import type { Queryable } from '../../platform/database.ts'
import { isStorable } from '../../sync/inspect.ts'
import { selected } from '../../sync/sql.ts'
import type { Row } from '../../sync/table.ts'
import { cashMovements } from '../cash-session/tables.ts'
import { sales } from '../sale/tables.ts'
import {
  type ChainRow,
  chainLine,
  type Line,
  movementLine,
  operationLine,
  type Recorded,
  refusalLine,
  saleLine,
  statementLine,
  supplementLine,
} from './lines.ts'
import { type Refusal, refusals, statements, supplements } from './tables.ts'

/** Rows of a page. */
export const pageRows = 500
/** A page ends where its lines have so many characters: of 500 operations each may have a payload of 64 kB. */
const pageLength = 1_000_000
/** Rows that are read at once, of those that may be long. */
const longRows = 20

export type ExportOf = { tenantId: string; branchId: string; from: Date; to: Date }
type Statement = Row<typeof statements>

const parts = ['statement', 'sale', 'movement', 'refusal'] as const
const following = ['supplement', 'chain', 'operation'] as const
/** Where a page begins: at a part of a statement, or at what follows the statements; after this key. */
type PlaceIn<Part> = { number: number; part: Part; after: string[] }
type Following = PlaceIn<(typeof following)[number]>
type Place = PlaceIn<(typeof parts)[number]> | Following

const digits = z.string().check(z.regex(/^\d{1,18}$/))
/** What the rows of a part go by, in their order. */
const keys: Record<Place['part'], z.ZodMiniType[]> = {
  statement: [],
  sale: [digits],
  movement: [z.guid()],
  refusal: [z.guid()],
  supplement: [],
  chain: [z.guid(), z.string().check(z.refine(isStorable))],
  operation: [z.guid(), digits, z.guid()],
}
const placeShape = z.object({
  number: z.int().check(z.minimum(0)),
  part: z.enum(Object.keys(keys) as Place['part'][]),
  after: z.array(z.string()),
})

/** Clients can make some of their own: what no part goes by reaches no statement. */
const placeOf = (text: string | null): Place | null => {
  if (text === null) return null
  const place = placeShape.parse(JSON.parse(Buffer.from(text, 'base64url').toString()))
  if (place.after.length > 0) z.tuple(keys[place.part] as [z.ZodMiniType]).parse(place.after)
  return place as Place
}
const textOf = (place: Place) => Buffer.from(JSON.stringify(place)).toString('base64url')

export type ExportPage = { lines: string[]; next: string | null }

/** One page. Throws a SyntaxError or a ZodError where `after` is none of its own. */
export async function exportPage(db: Queryable, of: ExportOf, after: string | null): Promise<ExportPage> {
  const place = placeOf(after)
  const lines: string[] = []
  let length = 0
  const add = (line: Line) => {
    const text = JSON.stringify(line)
    lines.push(text)
    length += text.length
    return lines.length < pageRows && length < pageLength
  }
  if (!place) {
    add({ kind: 'header', version: 1, ...of })
    for (const line of await endOf(db, of)) add(line)
  }
  let at: Place | null = place ?? { number: 0, part: 'statement', after: [] }
  while (at && lines.length < pageRows && length < pageLength) at = await step(db, of, at, add)
  return { lines, next: at && textOf(at) }
}

/** False: the page is full. */
type Add = (line: Line) => boolean

/** Where the branch's two series end, of days that are not over: whether their last entries are there. */
async function endOf(db: Queryable, { tenantId, branchId, to }: ExportOf): Promise<Line[]> {
  const ends = await db.rows<Line>(
    `select 'end' as kind, statement_number as "statementNumber", statement_hash as "statementHash",
       supplement_number as "supplementNumber", supplement_hash as "supplementHash"
     from closing_head where tenant_id = $1 and branch_id = $2 and $3::timestamptz > now()`,
    [tenantId, branchId, to],
  )
  return ends
}

/** Reads some rows of where it is; where to go on, or null at the end. */
async function step(db: Queryable, of: ExportOf, at: Place, add: Add): Promise<Place | null> {
  if (isFollowing(at)) return followers[at.part](db, of, at, add)
  const statement = await statementAt(db, of, at)
  if (!statement) return { number: 0, part: 'supplement', after: [] }
  const { number } = statement
  const rows = await readers[at.part](db, of, statement, at.after)
  for (const { line } of rows) add(line)
  if (rows.length === (at.part === 'sale' ? longRows : pageRows))
    return { number, part: at.part, after: rows.at(-1)!.key }
  const next = parts[parts.indexOf(at.part) + 1]
  return next ? { number, part: next, after: [] } : { number: number + 1, part: 'statement', after: [] }
}

/** The numbers of the statements of these days, found by when they were recorded: by number, all of a branch may be gone through. */
const ofDays = (from: string, to: string) => `of_days as materialized (
  select number from closing_statement where tenant_id = $1 and branch_id = $2 and recorded_at >= ${from} and recorded_at < ${to})`

/** The statement of this number; at the beginning of one, the next that there is. */
async function statementAt(db: Queryable, of: ExportOf, { number, part }: Place): Promise<Statement | null> {
  const [row] = await db.rows<Statement>(
    `with ${ofDays('$5', '$6')}
     select ${selected(statements)} from closing_statement t where tenant_id = $1 and branch_id = $2 and number = (
       select min(number) from of_days where number >= $3 and ($4 or number = $3))`,
    [of.tenantId, of.branchId, number, part === 'statement', of.from, of.to],
  )
  return row ?? null
}

type Found = { line: Line; key: string[] }
type Reader = (db: Queryable, of: ExportOf, statement: Statement, after: string[]) => Promise<Found[]>

const nowhere = '00000000-0000-0000-0000-000000000000'

const readers: Record<(typeof parts)[number], Reader> = {
  async statement(_db, _of, statement) {
    return [{ line: statementLine(statement), key: [] }]
  },

  async sale(db, { tenantId, branchId }, { cashSessionId }, [after = '0']) {
    // Named as it is, the branch would lead PostgreSQL through all that it has sold.
    const rows = await db.rows<Row<typeof sales>>(
      `select ${selected(sales)} from sale t where tenant_id = $1 and branch_id || '' = $2 and receipt_number > $4::bigint and id in (
         select sale_id from cash_movement where tenant_id = $1 and cash_session_id = $3 and kind = 'SALE_IN')
       order by receipt_number limit ${longRows}`,
      [tenantId, branchId, cashSessionId, after],
    )
    return rows.map((row) => ({ line: saleLine(row), key: [String(row.receiptNumber)] }))
  },

  async movement(db, { tenantId }, { cashSessionId }, [after = nowhere]) {
    const rows = await db.rows<Row<typeof cashMovements>>(
      `select ${selected(cashMovements)} from cash_movement t where tenant_id = $1 and cash_session_id = $2 and id > $3::uuid order by id limit ${pageRows}`,
      [tenantId, cashSessionId, after],
    )
    return rows.map((row) => ({ line: movementLine(row), key: [row.id] }))
  },

  async refusal(db, { tenantId, branchId }, { cashSessionId }, [after = nowhere]) {
    const rows = await db.rows<Refusal>(
      `select ${selected(refusals, ['branchId', 'payload', 'message', 'happenedAt'])} from refusal t where tenant_id = $1 and branch_id = $2 and cash_session_id = $3 and client_op_id > $4::uuid
       order by client_op_id limit ${pageRows}`,
      [tenantId, branchId, cashSessionId, after],
    )
    return rows.map((row) => ({ line: refusalLine(row), key: [row.clientOpId] }))
  },
}

const isFollowing = (place: Place): place is Following => following.some((part) => part === place.part)

/** The chains of these closings, of the devices that took part and of those of which something was refused: their first and last numbers. */
const numbersOfChains = `
  select device, chain, min(first) as first, max(last) as last from (
    select d ->> 'deviceId' as device, (d ->> 'chain')::uuid as chain, (d ->> 'from')::bigint as first, (d ->> 'to')::bigint as last
    from closing_statement s, json_array_elements(s.content -> 'devices') d
    where s.tenant_id = $1 and s.branch_id = $2 and s.recorded_at >= $3 and s.recorded_at < $4 and d ->> 'chain' is not null
    union all
    select o.device_id, o.chain_id, o.device_seq, o.device_seq
    from closing_statement s
    join refusal f on f.tenant_id = s.tenant_id and f.branch_id = s.branch_id and f.cash_session_id = s.cash_session_id
    join sync_operation o on o.tenant_id = s.tenant_id and o.client_op_id = f.client_op_id
    where s.tenant_id = $1 and s.branch_id = $2 and s.recorded_at >= $3 and s.recorded_at < $4 and o.chain_id is not null
  ) as each group by device, chain`

/**
 * What follows the statements: all supplements since the one before them (some were written while the first session of these
 * days was open, and have receipts of its series), the chains of its devices, and all that came of these.
 */
const followers: Record<
  (typeof following)[number],
  (db: Queryable, of: ExportOf, at: Following, add: Add) => Promise<Place | null>
> = {
  async supplement(db, { tenantId, branchId, from, to }, at, add) {
    const rows = await db.rows<Row<typeof supplements>>(
      `with ${ofDays('$4', '$5')}
       select ${selected(supplements)} from closing_supplement t where tenant_id = $1 and branch_id = $2
         and exists (select from of_days) and number > greatest($3::bigint, (
           select (content -> 'supplements' ->> 'number')::bigint from closing_statement
           where tenant_id = $1 and branch_id = $2 and number = (select min(number) - 1 from of_days)))
       order by number limit ${pageRows}`,
      [tenantId, branchId, at.number, from, to],
    )
    for (const row of rows) add(supplementLine(row))
    return rows.length === pageRows
      ? { ...at, number: rows.at(-1)!.number }
      : { number: 0, part: 'chain', after: [] }
  },

  // Up to the end where all that came of it came before the end of these days.
  async chain(db, { tenantId, branchId, from, to }, at, add) {
    const [chain = nowhere, device = ''] = at.after
    const rows = await db.rows<ChainRow>(
      `select c.device_id as "deviceId", c.chain_id as "chainId", c.runs, c.untracked, c.given_up as "givenUp", r.head_seq as "headSeq",
         r.head_link as "headLink", r.head_held as "headHeld", r.rolled_back_at as "rolledBackAt", n.first as "from",
         case when c.last_seen_at >= $4 then n.last end as "to"
       from (${numbersOfChains}) n
       join sync_chain c on c.tenant_id = $1 and c.chain_id = n.chain and c.device_id = n.device
       left join sync_device_report r
         on r.tenant_id = $1 and r.tenant_id = c.tenant_id and r.device_id = c.device_id and r.chain_id = c.chain_id
       where (c.chain_id, c.device_id) > ($5::uuid, $6) order by c.chain_id, c.device_id limit ${pageRows}`,
      [tenantId, branchId, from, to, chain, device],
    )
    for (const row of rows) add(chainLine(row))
    const last = rows.at(-1)
    return last && rows.length === pageRows
      ? { ...at, after: [last.chainId, last.deviceId] }
      : { number: 0, part: 'operation', after: [] }
  },

  // Chain after chain, so that a page reads what it has and no more, however many days there are.
  async operation(db, { tenantId, branchId, from, to }, at, add) {
    const [before = nowhere, seq = '0', id = nowhere] = at.after
    const chains = await db.rows<{ device: string; chain: string; first: number; last: number }>(
      `select device, chain, first, last from (${numbersOfChains}) n
       where chain > $5::uuid or ($6 and chain = $5::uuid) order by chain, device limit ${pageRows}`,
      [tenantId, branchId, from, to, before, seq !== lastSeq],
    )
    const chain = chains[0]?.chain
    if (!chain) return null
    const own = chains.filter((each) => each.chain === chain)
    let after = chain === before ? [seq, id] : ['0', nowhere]
    for (;;) {
      const rows = await operationsOf(db, { tenantId, chain, own, to }, after)
      const hasRoom = rows.map((row) => add(operationLine(branchId, row))).at(-1) ?? true
      const last = rows.at(-1)
      if (!last || rows.length < longRows) return { ...at, after: [chain, lastSeq, nowhere] }
      after = [String(last.deviceSeq), last.clientOpId]
      if (!hasRoom) return { ...at, after: [chain, ...after] }
    }
  },
}

/** What no number of a device is: all of a chain is there. */
const lastSeq = '9'.repeat(18)

/** Some operations of a chain, after this number and key: of each device that has it the numbers that are asked for. */
const operationsOf = (
  db: Queryable,
  of: {
    tenantId: string
    chain: string
    own: readonly { device: string; first: number; last: number }[]
    to: Date
  },
  after: readonly string[],
): Promise<Recorded[]> =>
  db.rows<Recorded>(
    `select o.client_op_id as "clientOpId", o.type, o.branch_id as "branchId", o.payload_hash as "payloadHash",
       case when o.retold then (
         select r.payload from sync_retold r where r.tenant_id = $1 and r.client_op_id = o.client_op_id) else o.payload end as payload,
       o.made_hash as "madeHash", o.status, o.code, o.actor_id as "actorId", o.device_id as "deviceId",
       o.device_seq as "deviceSeq", o.chain_id as "chainId", o.prev_link as "prevLink", o.occurred_at as "occurredAt",
       o.decided_at as "decidedAt"
     from unnest($3::text[], $4::bigint[], $5::bigint[]) as n(device, first, last)
     join sync_operation o on o.tenant_id = $1 and o.chain_id = $2 and o.device_id = n.device and o.device_seq >= n.first
       and (o.device_seq <= n.last or o.decided_at < $6)
     where o.device_seq >= $7::bigint and (o.device_seq, o.client_op_id) > ($7::bigint, $8::uuid)
     order by o.device_seq, o.client_op_id limit ${longRows}`,
    [
      of.tenantId,
      of.chain,
      ...[
        of.own.map(({ device }) => device),
        of.own.map(({ first }) => first),
        of.own.map(({ last }) => last),
      ],
      ...[of.to, after[0], after[1]],
    ],
  )
