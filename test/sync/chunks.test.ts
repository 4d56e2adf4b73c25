/** A batch is decided in chunks, each its own transaction; nobody can tell by the verdicts or by what is stored. */
import { v5 as uuidv5 } from 'uuid'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { closeSession, endWork, movement, openSession, sale, startWork } from '../support/cafe.ts'
import { type Envelope, type Gateway, operation, startGateway } from '../support/gateway.ts'

const clock = () => new Date('2026-03-01T08:30:00.000Z')
const chunkSizes = [1, 7, 100]
let gateways: Gateway[]

beforeAll(async () => {
  gateways = await Promise.all(
    chunkSizes.map((size) => startGateway({ clock, env: { PUSH_CHUNK: String(size) } })),
  )
})
afterAll(() => Promise.all((gateways ?? []).map((gateway) => gateway.close())))

/** The same ids for each gateway. */
const id = (name: string) => uuidv5(name, '6ba7b810-9dad-11d1-80b4-00c04fd430c8')

/** A queue of some length: chains, repeats, refusals, a reused key, damaged and unknown operations. */
function queue(): Envelope[] {
  const occurredAt = '2026-03-01T08:00:00.000Z'
  const operations: Envelope[] = []
  const add = (op: Envelope) => {
    operations.push({
      ...op,
      clientOpId: id(`op ${operations.length}`),
      deviceSeq: operations.length + 1,
      occurredAt,
    })
    return operations.at(-1)!
  }
  for (const day of [1, 2]) {
    const session = id(`session ${day}`)
    const opened = add(openSession(session))
    add(startWork(id(`work ${day}`)))
    for (let n = 0; n < 8; n += 1) {
      const sold = add(
        sale(session, { saleId: id(`sale ${day} ${n}`), currency: n % 2 ? 'USD' : 'KHR', received: 20_000 }),
      )
      if (n === 2) add(sale(id('no session'), { saleId: id(`lost ${day}`) }))
      if (n === 3)
        add({
          ...movement(session, { movementId: id(`m ${day}`) }),
          dependsOn: [sold.clientOpId, opened.clientOpId],
        })
      if (n === 4)
        add({
          ...sale(session, { saleId: id(`never ${day}`) }),
          dependsOn: [operations.at(-4)!.clientOpId, id('unknown')],
        })
      if (n === 5)
        operations.push(sold, { ...sale(session, { saleId: id('other') }), clientOpId: sold.clientOpId })
      if (n === 6) add({ ...sale(session, { saleId: id(`damaged ${day}`) }), payloadHash: 'damaged' })
      if (n === 7) add(operation('no.such', {}))
    }
    add(openSession(id(`second ${day}`)))
    add(closeSession(session, { usd: 1, khr: 1 }))
    add(endWork(id(`work ${day}`)))
    add(sale(session, { saleId: id(`late ${day}`) }))
  }
  return operations
}

/** All that the queue left, but for what is made anew in each database. */
async function traces({ app: { db } }: Gateway) {
  const tables = [
    'sale',
    'receipt_counter',
    'cash_session',
    'cash_movement',
    'stock_item',
    'stock_entry',
    'attendance',
    'sync_operation',
    'sync_device',
  ]
  const rows: Record<string, unknown> = {}
  for (const table of tables)
    rows[table] = await db.everyTenant.rows(
      `select to_jsonb(t) - 'applied_seq' as row from ${table} t where tenant_id = 'demo' order by (to_jsonb(t) - 'applied_seq')::text`,
      [],
    )
  rows.audit = await db.everyTenant.rows(
    `select name, client_op_id, data from audit_event where lane = 'REPLAY' order by id`,
    [],
  )
  rows.feed = await db.everyTenant.rows(
    `select entity_kind, entity_id, op_kind, payload, client_op_id from sync_change
     where client_op_id = any($1::uuid[]) order by 1, 2`,
    [queue().map(({ clientOpId }) => clientOpId)],
  )
  // What holds a PIN is hashed under a key that each database makes for itself.
  return JSON.parse(JSON.stringify(rows).replaceAll(/keyed:[0-9a-f]{64}/g, 'keyed'))
}

it('PUSH_CHUNK=1, 7 and 100 give the same verdicts and the same state', async () => {
  const outcomes = await Promise.all(
    gateways.map(async (gateway) => {
      const till = await gateway.as('cashier-1')
      const verdicts = await till.push(queue())
      return {
        verdicts: verdicts.map(({ appliedSeq: _, ...verdict }) => verdict),
        traces: await traces(gateway),
      }
    }),
  )
  const [first, ...others] = outcomes
  const codes = new Set(
    first!.verdicts.map(({ code, status, duplicate }) => code ?? `${status} ${duplicate}`),
  )
  expect([...codes].sort()).toEqual([
    'APPLIED false',
    'APPLIED true',
    'CASH_SESSION_ALREADY_OPEN',
    'CASH_SESSION_NOT_OPEN',
    'CLIENT_OP_ID_REUSE_WITH_DIFFERENT_PAYLOAD',
    'DEPENDENCY_FAILED',
    'OPERATION_UNKNOWN',
    'PAYLOAD_HASH_MISMATCH',
  ])
  for (const other of others) expect(other).toEqual(first)
})
