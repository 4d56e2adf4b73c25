/**
 * What one may cost the others: who waits for a branch holds no connection that others need, a denial waits for nobody,
 * and one tenant's crowd is not in another's way.
 */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Queryable, Transaction } from '../../src/platform/database.ts'
import { push } from '../../src/sync/push.ts'
import { createTurns } from '../../src/sync/turns.ts'
import { newBranch } from '../support/branch.ts'
import { openSession, sale, startWork } from '../support/cafe.ts'
import { type Client, type Gateway, operation, startGateway } from '../support/gateway.ts'
import { lockWaiters } from '../support/waiting.ts'

let gateway: Gateway
let admin: Client
let rival: Client
const patient = { LOCK_TIMEOUT_MS: '50000', STATEMENT_TIMEOUT_MS: '50000' }

beforeAll(async () => {
  gateway = await startGateway({ env: patient })
  admin = await gateway.as('admin', { deviceId: 'office' })
  rival = await gateway.as('admin', { tenantId: 'rival', deviceId: 'rival-till' })
})
afterAll(() => gateway?.close())

/** Holds the streams of these branches, as another gateway's writer would, until `meanwhile` is done. */
async function holding<T>(branchIds: readonly string[], meanwhile: () => Promise<T>): Promise<T> {
  return gateway.app.db.everyTenant.transaction(async (tx: Queryable) => {
    await tx.run('select 1 from sync_stream where branch_id = any($1) for update', [branchIds])
    return meanwhile()
  })
}

const me = (client: Client) =>
  client.data('query ($tenantId: ID!) { me(tenantId: $tenantId) { accountId } }', {
    tenantId: client.tenantId,
  })

const openIn = (branchId: string) =>
  admin.direct(
    'cashSessionOpen',
    { cashSessionId: randomUUID(), openingFloat: { usd: 0, khr: 0 } },
    { branchId },
  )

describe('who waits for a branch', () => {
  it('waits without a connection: a dozen pushes for one stream and a tenant-wide change leave others theirs', async () => {
    const branchId = await newBranch(admin)
    const pushes = await holding([branchId], async () => {
      const waiting = Array.from({ length: 12 }, () => openIn(branchId))
      const saving = admin.direct(
        'menuCategorySave',
        { categoryId: 'late', name: 'Late', position: 9 },
        { branchId: null },
      )
      await lockWaiters(gateway.databaseUrl, 1)
      expect(await me(rival)).toBeTruthy()
      const [opened] = await rival.push([openSession(randomUUID(), { branchId: 'rival-1' })])
      expect(opened!.status).toBe('APPLIED')
      return { waiting, saving }
    })
    const verdicts = await Promise.all(pushes.waiting)
    expect(verdicts.filter(({ status }) => status === 'APPLIED')).toHaveLength(1)
    expect(verdicts.filter(({ code }) => code === 'CASH_SESSION_ALREADY_OPEN')).toHaveLength(11)
    expect((await pushes.saving).status).toBe('APPLIED')
  })

  it('of many branches at once, holds half of the connections at most', async () => {
    const branchIds = await Promise.all(Array.from({ length: 12 }, () => newBranch(admin)))
    const pushes = await holding(branchIds, async () => {
      const waiting = branchIds.map(openIn)
      await lockWaiters(gateway.databaseUrl, 5)
      expect(await me(rival)).toBeTruthy()
      const [worked] = await rival.push([startWork(randomUUID(), { branchId: 'rival-1' })])
      expect(worked!.status).toBe('APPLIED')
      return waiting
    })
    expect((await Promise.all(pushes)).map(({ status }) => status)).toEqual(Array(12).fill('APPLIED'))
  })
})

describe('a batch', () => {
  it('is written in parts while another tenant is about, who comes in between; and in one where nobody is', async () => {
    const { engine } = gateway.app.services
    const partsOf = async (...about: string[]) => {
      const turns = createTurns(10)
      for (const tenantId of about) turns.tenants.note(tenantId)
      const branchId = await newBranch(admin)
      const session = randomUUID()
      const sales = Array.from({ length: 60 }, () => sale(session, {}, { branchId }))
      let parts = 0
      const rows = engine.db.tenant('demo')
      const counted = (tx: Queryable): Queryable => ({
        ...tx,
        run(text, values) {
          if (text.startsWith('insert into sale ')) parts += 1
          return tx.run(text, values)
        },
      })
      const db = {
        ...engine.db,
        tenant: () => ({
          ...rows,
          transaction: <T>(work: (tx: Transaction) => Promise<T>) =>
            rows.transaction((tx) => work({ ...tx, ...counted(tx) })),
        }),
      }
      const verdicts = await push(
        { ...engine, db, turns },
        {
          ...{ tenantId: 'demo', deviceId: 'office', accountId: 'demo-admin', lane: 'REPLAY' },
          operations: [openSession(session, { branchId }), ...sales].map((op) => ({
            ...op,
            occurredAt: new Date(op.occurredAt),
          })),
        },
      )
      expect(verdicts.map(({ status }) => status)).toEqual(Array(61).fill('APPLIED'))
      return parts
    }
    expect(await partsOf('demo')).toBe(1)
    expect(await partsOf('demo', 'rival')).toBe(3)
  })
})

describe('who pulls', () => {
  it('waits for no writer: of a dozen branches that are held, each is read, and others read meanwhile', async () => {
    const branchIds = await Promise.all(Array.from({ length: 12 }, () => newBranch(admin)))
    await holding(branchIds, async () => {
      const item = { menuItemId: 'beside', name: 'Beside', categoryId: 'retail', priceUsd: 100 }
      expect((await admin.direct('menuItemSave', item, { branchId: null })).status).toBe('APPLIED')
      const pulls = branchIds.map((branchId) => admin.pull({ branchId }))
      expect(await me(rival)).toBeTruthy()
      for (const page of await Promise.all(pulls)) expect(page).toHaveProperty('nextCursor')
    })
    const { changes } = await admin.pullAll({ branchId: branchIds[0]! })
    expect(changes.at(-1)).toMatchObject({ entityId: 'beside' })
  })
})

describe('a denial waits for nobody', () => {
  it('of a branch that is not the caller’s, though its stream is locked', async () => {
    const cashier = await gateway.as('cashier-1')
    const verdicts = await holding(['market'], () =>
      cashier.push([openSession(randomUUID(), { branchId: 'market' })]),
    )
    expect(verdicts).toMatchObject([{ status: 'REJECTED', code: 'NO_BRANCH_ACCESS' }])
  })

  it('of a role that may not, and it is kept like any other; allowed later, it is tried again', async () => {
    const barista = await gateway.as('barista-1', { deviceId: 'bar' })
    const sold = sale(randomUUID())
    const held = () => barista.push([sold])
    const refused = { status: 'REJECTED', code: 'ACTION_NOT_PERMITTED', duplicate: false }
    expect(await holding(['riverside'], held)).toMatchObject([refused])
    expect(await holding(['riverside'], held)).toMatchObject([{ ...refused, duplicate: true }])
    const cashier = await gateway.as('cashier-1', { deviceId: 'bar' })
    expect(await cashier.push([{ ...sold, retry: true }])).toMatchObject([
      { status: 'REJECTED', code: 'CASH_SESSION_NOT_OPEN', duplicate: false },
    ])
  })

  it('of a tenant-wide change by one who may not', async () => {
    const barista = await gateway.as('barista-1', { deviceId: 'bar' })
    const item = { menuItemId: 'free', name: 'Free', categoryId: 'retail', priceUsd: 0 }
    const refused = await holding(['riverside', 'market'], () =>
      barista.direct('menuItemSave', item, { branchId: null }),
    )
    expect(refused).toMatchObject({ status: 'REJECTED', code: 'ACTION_NOT_PERMITTED' })
  })

  it('and what is broken neither; beside them the others wait for their own branches only', async () => {
    const [free, held] = [await newBranch(admin), await newBranch(admin)]
    const cashier = await gateway.as('cashier-1')
    const broken = { ...openSession(randomUUID(), { branchId: held }), payloadHash: 'damaged' }
    const verdicts = await holding([held, 'market'], () =>
      admin.push([
        openSession(randomUUID(), { branchId: free }),
        broken,
        operation('no.such', {}, { branchId: held }),
      ]),
    )
    expect(verdicts.map(({ code }) => code)).toEqual([null, 'PAYLOAD_HASH_MISMATCH', 'OPERATION_UNKNOWN'])
    const mixed = await holding(['market'], () =>
      cashier.push([openSession(randomUUID(), { branchId: 'market' }), startWork(randomUUID())]),
    )
    expect(mixed.map(({ status, code }) => code ?? status)).toEqual(['NO_BRANCH_ACCESS', 'APPLIED'])
  })

  it('but does not replace what was applied meanwhile', async () => {
    const barista = await gateway.as('barista-1', { deviceId: 'bar' })
    const sold = sale(randomUUID())
    expect(await barista.push([sold])).toMatchObject([{ code: 'ACTION_NOT_PERMITTED' }])
    // The denial has read the record when the other writer, who may, commits what became of the key.
    const [again] = await gateway.app.db.everyTenant.transaction(async (tx) => {
      await tx.run(`update sync_operation set status = 'APPLIED', code = null where client_op_id = $1`, [
        sold.clientOpId,
      ])
      const again = barista.push([{ ...sold, retry: true }])
      await lockWaiters(gateway.databaseUrl, 1)
      return [again]
    })
    expect(await again).toMatchObject([{ status: 'APPLIED', duplicate: true }])
  })
})
