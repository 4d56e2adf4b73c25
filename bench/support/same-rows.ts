/**
 * The rows that a push of sales wrote, read back from the database, and plain `pg` writing them once more under
 * another tenant: the same tables, indexes and upserts, with nothing decided or looked up.
 */
import type pg from 'pg'

export type Row = Record<string, unknown>

/** What one transaction writes, table by table. */
export type Rows = { tenantId: string; branchId: string; tables: Map<string, Row[]>; headSeq: number }

/** The tables in the order they are written, and the key where a second row of it replaces the first. */
export const tables: { name: string; upsertBy?: string[] }[] = [
  { name: 'sale' },
  { name: 'receipt_counter', upsertBy: ['tenant_id', 'branch_id'] },
  { name: 'cash_movement' },
  { name: 'cash_session', upsertBy: ['tenant_id', 'id'] },
  { name: 'stock_move' },
  { name: 'stock_item', upsertBy: ['tenant_id', 'branch_id', 'id'] },
  { name: 'audit_trail' },
  { name: 'sync_operation' },
  { name: 'sync_change', upsertBy: ['tenant_id', 'branch_id', 'entity_kind', 'entity_id'] },
]

/** Counts up per branch, as a stream's head does. */
export class Heads {
  readonly #heads = new Map<string, number>()
  next(branchId: string): number {
    const seq = this.of(branchId) + 1
    this.#heads.set(branchId, seq)
    return seq
  }
  of(branchId: string): number {
    return this.#heads.get(branchId) ?? 0
  }
}

/** What a till sold last, with the rows of the branch that its sales changed. */
export type Sales = { sold: readonly Sold[]; shared: Shared }

/** The last `count` sales of a device, oldest first. */
export async function salesOf(
  db: pg.Client,
  from: { tenantId: string; deviceId: string; branchId: string; count: number },
): Promise<Sales> {
  return { sold: await readSold(db, from), shared: await readShared(db, from.tenantId, from.branchId) }
}

/**
 * The rows of these sales for another tenant, `size` sales a transaction. A row that many sales change (what is on
 * hand, the session, the receipt counter) is written once a transaction, as the gateway does.
 */
export function transactions({ sold, shared }: Sales, size: number, tenantId: string, heads: Heads): Rows[] {
  const groups = Array.from({ length: Math.ceil(sold.length / size) }, (_, i) =>
    sold.slice(i * size, (i + 1) * size),
  )
  return groups.map((group) => assemble(group, shared, tenantId, heads))
}

/** One sale's own rows. */
type Sold = {
  operation: Row
  sale: Row
  movement: Row
  change: Row
  move: Row
  events: Row[]
}

async function readSold(
  db: pg.Client,
  { tenantId, deviceId, count }: { tenantId: string; deviceId: string; count: number },
): Promise<Sold[]> {
  const rows = async (table: string, which: string, value: unknown): Promise<Row[]> => {
    const text = `select to_json(t) as row from ${table} t where tenant_id = $1 and ${which}`
    return (await db.query(text, [tenantId, value])).rows.map(({ row }) => row)
  }
  const newest = await rows(
    'sync_operation',
    `device_id = $2 order by device_seq desc limit ${count}`,
    deviceId,
  )
  const operations = newest.reverse()
  if (operations.length !== count) throw new Error(`${operations.length} of ${count} sales are there`)
  const ids = operations.map((operation) => operation.client_op_id)
  const sales = await rows('sale', 'client_op_id = any($2)', ids)
  const saleIds = sales.map(({ id }) => id)
  const movements = await rows('cash_movement', 'sale_id = any($2)', saleIds)
  const changes = await rows('sync_change', `entity_kind = 'sale' and entity_id = any($2)`, saleIds)
  const moves = await rows('stock_move', 'client_op_id = any($2)', ids)
  const events = await rows('audit_trail', 'client_op_id = any($2)', ids)

  const saleOf = new Map(sales.map((sale) => [sale.client_op_id, sale]))
  const movementOf = new Map(movements.map((movement) => [movement.sale_id, movement]))
  const changeOf = new Map(changes.map((change) => [change.entity_id, change]))
  const moveOf = new Map(moves.map((move) => [move.client_op_id, move]))
  const eventsOf = Map.groupBy(events, (event) => event.client_op_id)
  return operations.map((operation) => {
    const sale = saleOf.get(operation.client_op_id)!
    return {
      operation,
      sale,
      movement: movementOf.get(sale.id)!,
      change: changeOf.get(sale.id)!,
      move: moveOf.get(operation.client_op_id)!,
      events: eventsOf.get(operation.client_op_id)!,
    }
  })
}

type Shared = { session: Row; stock: Map<unknown, Row>; changes: Map<unknown, Row> }

/** The rows of the branch that its sales change. */
async function readShared(db: pg.Client, tenantId: string, branchId: string): Promise<Shared> {
  const all = async (table: string, and = '') => {
    const { rows } = await db.query(
      `select to_json(t) as row from ${table} t where tenant_id = $1 and branch_id = $2 ${and}`,
      [tenantId, branchId],
    )
    return rows.map(({ row }): Row => row)
  }
  const [session] = await all('cash_session', `and status = 'OPEN'`)
  const stock = await all('stock_item')
  const changes = await all('sync_change', `and entity_kind in ('cashSession', 'stockItem')`)
  return {
    session: session!,
    stock: new Map(stock.map((row) => [row.id, row])),
    changes: new Map(changes.map((row) => [row.entity_id, row])),
  }
}

function assemble(sold: readonly Sold[], shared: Shared, tenantId: string, heads: Heads): Rows {
  const last = sold.at(-1)!.sale
  const branchId = String(last.branch_id)
  const stockIds = [...new Set(sold.flatMap(({ move }) => Object.keys(move.items as object)))].sort()
  const { session, stock, changes } = shared
  const changed = [
    ...sold.map(({ change }) => change),
    changes.get(session.id)!,
    ...stockIds.map((id) => changes.get(id)!),
  ]
  const rows: Record<string, Row[]> = {
    sale: sold.map(({ sale }) => sale),
    receipt_counter: [{ branch_id: branchId, last_number: last.receipt_number }],
    cash_movement: sold.map(({ movement }) => movement),
    cash_session: [session],
    stock_move: sold.map(({ move }) => move),
    stock_item: stockIds.map((id) => stock.get(id)!),
    audit_trail: sold.flatMap(({ events }) => events),
    sync_operation: sold.map(({ operation }) => operation),
    sync_change: changed.map((row) => ({ ...row, seq: heads.next(branchId) })),
  }
  const own = (row: Row): Row => ({ ...row, tenant_id: tenantId })
  return {
    tenantId,
    branchId,
    tables: new Map(tables.map(({ name }) => [name, rows[name]!.map(own)])),
    headSeq: heads.of(branchId),
  }
}
