import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Queryable } from '../../src/platform/database.ts'
import { newBranch } from '../support/branch.ts'
import { openSession } from '../support/cafe.ts'
import { type Client, type Gateway, startGateway } from '../support/gateway.ts'
import { lockWaiters } from '../support/waiting.ts'

let gateway: Gateway
let admin: Client
let cashier: Client

beforeAll(async () => {
  gateway = await startGateway({ env: { LOCK_TIMEOUT_MS: '60000', STATEMENT_TIMEOUT_MS: '60000' } })
  admin = await gateway.as('admin', { deviceId: 'office' })
  cashier = await gateway.as('cashier-1')
})
afterAll(() => gateway?.close())

/** Runs `meanwhile` while another writer's transaction, begun earlier, is still open; then it commits. */
async function whileOpen<T>(
  begun: (tx: Queryable) => Promise<void>,
  meanwhile: () => Promise<T>,
): Promise<T> {
  return gateway.app.db.everyTenant.transaction(async (tx) => {
    await begun(tx)
    return meanwhile()
  })
}

describe('writers that wait', () => {
  it('take the numbers after those of the transaction that they waited for: none is given twice', async () => {
    const branchId = await newBranch(admin, 'demo-cashier-1')
    const { headSeq } = await cashier.pullAll({ branchId })
    // An older transaction, as another gateway's: it has the next number, and has not committed.
    const older = async (tx: Queryable) => {
      await tx.run('update sync_stream set head_seq = head_seq + 1 where branch_id = $1', [branchId])
      await tx.run(`update sync_change set seq = $2 where branch_id = $1 and entity_kind = 'branch'`, [
        branchId,
        headSeq + 1,
      ])
    }
    const push = await whileOpen(older, async () => {
      const push = cashier.push([openSession(undefined, { branchId })])
      await lockWaiters(gateway.databaseUrl, 1)
      return [push]
    })
    expect(await push[0]).toMatchObject([{ status: 'APPLIED', appliedSeq: headSeq + 2 }])
    const { changes } = await cashier.pullAll({ branchId })
    expect(changes.slice(-2).map(({ seq, entityKind }) => [seq, entityKind])).toEqual([
      [headSeq + 1, 'branch'],
      [headSeq + 2, 'cashSession'],
    ])
  })

  it('a writer of one branch does not wait for a writer of another', async () => {
    const [locked, free] = [await newBranch(admin), await newBranch(admin, 'demo-cashier-1')]
    const lock = async (tx: Queryable) => {
      await tx.run(`select 1 from sync_stream where branch_id = $1 for update`, [locked])
    }
    const [opened] = await whileOpen(lock, () => cashier.push([openSession(undefined, { branchId: free })]))
    expect(opened!.status).toBe('APPLIED')
  })

  it('a lock that is not had in time defers the operation and all after it; sent again, they are applied', async () => {
    const hasty = await startGateway({ env: { LOCK_TIMEOUT_MS: '50' }, databaseUrl: gateway.databaseUrl })
    const branchId = await newBranch(admin, 'demo-cashier-1')
    const till = hasty.withToken(cashier.token)
    const queue = [openSession(undefined, { branchId }), openSession(undefined, { branchId })]
    const lock = async (tx: Queryable) => {
      await tx.run(`select 1 from sync_stream where branch_id = $1 for update`, [branchId])
    }
    expect(await whileOpen(lock, () => till.push(queue))).toMatchObject([
      { status: 'DEFERRED', code: 'BUSY' },
      { status: 'DEFERRED', code: 'EARLIER_OPERATION_DEFERRED' },
    ])
    expect(await till.push(queue)).toMatchObject([
      { status: 'APPLIED', duplicate: false },
      { status: 'REJECTED', code: 'CASH_SESSION_ALREADY_OPEN', duplicate: false },
    ])
    await hasty.close()
  })
})

describe('the tenant’s changes and a branch that is being opened', () => {
  it('a menu change that waits for the opening is in the new branch’s stream', async () => {
    // Of one gateway the second would wait in the process, and look at nothing before its turn.
    const other = await startGateway({
      env: { LOCK_TIMEOUT_MS: '60000', STATEMENT_TIMEOUT_MS: '60000' },
      databaseUrl: gateway.databaseUrl,
    })
    const [branchId, menuItemId] = [`late-${randomUUID().slice(0, 8)}`, `item-${randomUUID().slice(0, 8)}`]
    const item = { menuItemId, name: 'Thing', categoryId: 'retail', priceUsd: 100 }
    // Both wait for this lock: the opening first, the menu change behind it.
    const lock = async (tx: Queryable) => {
      await tx.run(`select 1 from sync_stream where tenant_id = 'demo' and branch_id = '' for update`, [])
    }
    const writers = await whileOpen(lock, async () => {
      const opening = admin.direct('branchSave', { name: 'Late' }, { branchId })
      await lockWaiters(gateway.databaseUrl, 1)
      const saving = other.withToken(admin.token).direct('menuItemSave', item, { branchId: null })
      await lockWaiters(gateway.databaseUrl, 2)
      return [opening, saving]
    })
    expect((await Promise.all(writers)).map(({ status }) => status)).toEqual(['APPLIED', 'APPLIED'])
    const { changes, headSeq } = await admin.pullAll({ branchId })
    expect(changes.map(({ entityId }) => entityId)).toContain(menuItemId)
    expect(Math.max(...changes.map(({ seq }) => seq))).toBe(headSeq)
    await other.close()
  })
})
