/**
 * Why `seq` is handed out under the stream's row lock: without it, a transaction could take a lower number, commit
 * after a higher one was read, and be passed by every cursor for good.
 */
import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openSession, sale } from '../support/cafe.ts'
import { ofEveryTenant } from '../support/every-tenant.ts'
import { type Client, type Gateway, type Page, startGateway } from '../support/gateway.ts'
import { lockWaiters } from '../support/waiting.ts'

let gateway: Gateway
let cashier: Client
let older: pg.Client
const cashSessionId = randomUUID()

beforeAll(async () => {
  gateway = await startGateway()
  cashier = await gateway.as('cashier-1')
  await cashier.push([openSession(cashSessionId)])
  older = new pg.Client(ofEveryTenant(gateway.databaseUrl))
  await older.connect()
})
afterAll(async () => {
  await older.end()
  await gateway.close()
})

/** An older transaction, as another gateway's would be: it has its number, and has not committed. */
async function writeChange(seq: number) {
  await older.query(
    `insert into sync_change (tenant_id, branch_id, entity_kind, entity_id, seq, module, op_kind, payload, occurred_at)
     values ('demo', 'riverside', 'sale', $1, $2, 'SALE', 'UPSERT', '{}', now())`,
    [`older-${seq}`, seq],
  )
  await older.query(
    "update sync_stream set head_seq = $1 where tenant_id = 'demo' and branch_id = 'riverside'",
    [seq],
  )
}

const head = async () => ((await cashier.pull()) as Page).headSeq

describe('the stream lock', () => {
  it('lets no later change be read before an older one that holds a lower number', async () => {
    const { cursor } = await cashier.pullAll()
    const before = await head()

    // An older transaction takes the next number under the lock, and is held open.
    await older.query('begin')
    await older.query(
      "select 1 from sync_stream where tenant_id = 'demo' and branch_id = 'riverside' for update",
    )
    await writeChange(before + 1)

    // A sale comes meanwhile. It may not take a number before the older one has committed.
    const pushed = cashier.push([sale(cashSessionId)])
    await lockWaiters(gateway.databaseUrl, 1)
    const meanwhile = (await cashier.pull({ cursor })) as Page
    expect(meanwhile).toMatchObject({ changes: [], hasMore: false, headSeq: before })

    await older.query('commit')
    expect(await pushed).toMatchObject([{ status: 'APPLIED' }])
    const after = (await cashier.pull({ cursor: meanwhile.nextCursor })) as Page
    expect(after.changes[0]).toMatchObject({ seq: before + 1, entityId: `older-${before + 1}` })
    expect(after.changes.slice(1).map(({ entityKind }) => entityKind)).toContain('sale')
  })

  it('is what keeps it so: numbers taken without it are passed by a cursor', async () => {
    const { cursor } = await cashier.pullAll()
    const before = await head()

    // The same older transaction, but its number comes from a counter of its own, as a global sequence would give it.
    await older.query('begin')
    await older.query(
      `insert into sync_change (tenant_id, branch_id, entity_kind, entity_id, seq, module, op_kind, payload, occurred_at)
       values ('demo', 'riverside', 'sale', 'unlocked', $1, 'SALE', 'UPSERT', '{}', now())`,
      [before + 1000],
    )
    // Others commit higher numbers, and a client reads past the one that is not there yet.
    const higher = new pg.Client(ofEveryTenant(gateway.databaseUrl))
    await higher.connect()
    await higher.query(
      "update sync_stream set head_seq = head_seq + 2000 where tenant_id = 'demo' and branch_id = 'riverside'",
    )
    await higher.end()
    const passed = (await cashier.pull({ cursor })) as Page

    await older.query('commit')
    const missed = (await cashier.pull({ cursor: passed.nextCursor })) as Page
    expect(missed.changes).toEqual([])
    const { changes } = await cashier.pullAll()
    expect(changes.map(({ entityId }) => entityId)).toContain('unlocked')
  })
})
