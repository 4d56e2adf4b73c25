/** The queue, by the rules of the specification: FR-1, 2, 3, 6, 8, UC-1, 4, AC-1, EC-OS-01, 01B, 04, 05. */
import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { OperationBlocked, sqliteStore } from '../../../client/sdk/index.ts'
import { type Gateway, startGateway } from '../../support/gateway.ts'
import { goOffline, goOnline, openCashSession, openTill, pushed, sale, sell } from '../support/till.ts'

let gateway: Gateway
beforeAll(async () => {
  gateway = await startGateway()
})
afterAll(() => gateway.close())

const salesOf = async (branchId: string) => {
  const admin = await gateway.as('admin')
  const answer = await admin.data<{ sales: { edges: { node: { id: string; receiptNumber: number } }[] } }>(
    `query ($branchId: ID!) { sales(tenantId: "demo", branchId: $branchId, first: 100) { edges { node { id receiptNumber } } } }`,
    { branchId },
  )
  return answer.sales.edges.map(({ node }) => node)
}

describe('UC-1: a sale without a network', () => {
  it('is queued, shown as pending, and applied exactly once when the line is back (AC-1)', async () => {
    const till = await openTill(gateway)
    const cashSessionId = await openCashSession(till)
    await till.client.sync()
    await goOffline(till)
    const { saleId } = await sell(till, cashSessionId, { lines: [{ menuItemId: 'croissant', quantity: 2 }] })

    expect(till.client.get('sale', saleId)).toMatchObject({ pending: true, receiptNumber: null })
    expect(till.client.status()).toMatchObject({ connectivity: 'offline', pending: 1 })

    await goOnline(till)
    expect(till.client.get('sale', saleId)).toMatchObject({ pending: false, receiptNumber: 1 })
    expect(till.client.status()).toMatchObject({ connectivity: 'online', pending: 0, failed: [] })
    expect(await salesOf(till.context.branchId)).toEqual([{ id: saleId, receiptNumber: 1 }])
    await till.client.close()
  })

  it('shows all of its effects at once: the sale, the drawer, the stock', async () => {
    const till = await openTill(gateway, { branchId: 'riverside' })
    await goOffline(till)
    const before = till.client.get('stockItem', 'croissant')!
    const cashSessionId = await openCashSession(till, 1_000)
    const { payload } = await sell(till, cashSessionId, { lines: [{ menuItemId: 'croissant', quantity: 3 }] })
    expect(till.client.get('stockItem', 'croissant')).toMatchObject({
      onHand: before.onHand - 3,
      pending: true,
    })
    expect(till.client.get('cashSession', cashSessionId)).toMatchObject({
      expected: { usd: 1_000, khr: payload.totals.totalKhr },
    })
    const guess = till.client.query('sale')[0]!
    const stock = till.client.get('stockItem', 'croissant')!
    await goOnline(till)
    // What the server made of it is what was shown, but for the number that only it gives.
    expect(till.client.get('sale', guess.id)).toEqual({ ...guess, receiptNumber: 1, pending: false })
    expect(till.client.get('stockItem', 'croissant')).toEqual({ ...stock, pending: false })
    await till.client.perform('cashSession.close', { cashSessionId, counted: { usd: 1_000, khr: 0 } })
    await till.client.sync()
    await till.client.close()
  })
})

describe('FR-1: operations are kept durably', () => {
  it('survive a restart that nobody prepared for, in a store on disk', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'modula-queue-'))
    const store = sqliteStore(join(folder, 'till.sqlite'))
    const till = await openTill(gateway, { store })
    const cashSessionId = await openCashSession(till)
    await till.client.sync()
    await goOffline(till)
    const { saleId } = await sell(till, cashSessionId)
    await till.client.close()

    const again = await till.restart()
    expect(again.client.status()).toMatchObject({ pending: 1, hydrated: true })
    expect(again.client.get('sale', saleId)?.pending).toBe(true)
    await goOnline(again)
    expect(again.client.get('sale', saleId)).toMatchObject({ receiptNumber: 1, pending: false })
    await again.client.close()
    await rm(folder, { recursive: true })
  })

  it('an operation that a crash left SYNCING is PENDING again, and is applied once', async () => {
    const till = await openTill(gateway)
    const cashSessionId = await openCashSession(till)
    await till.client.sync()
    const { saleId } = await sell(till, cashSessionId)
    // The batch arrives, its answer never does: the till is gone by then.
    till.network.state = 'loses'
    await till.client.sync().catch(() => {})
    await till.store.transact('write', async (tx) => {
      const [entry] = await tx.list<{ status: string }>('operations')
      await tx.put('operations', entry!.key, { ...entry!.value, status: 'SYNCING' })
    })

    till.network.state = 'down'
    const again = await till.restart()
    expect(again.client.status()).toMatchObject({ pending: 1, syncing: 0 })
    await goOnline(again)
    expect(again.client.status()).toMatchObject({ pending: 0, syncing: 0, failed: [] })
    expect(await salesOf(till.context.branchId)).toEqual([{ id: saleId, receiptNumber: 1 }])
    await again.client.close()
  })
})

describe('what an operation carries', () => {
  it('FR-2: its key, tenant, branch, person, time and payload', async () => {
    const till = await openTill(gateway)
    const occurredAt = '2026-03-01T08:30:00.000Z'
    const cashSessionId = randomUUID()
    const payload = { cashSessionId, openingFloat: { usd: 1, khr: 2 } }
    const { clientOpId } = await till.client.perform('cashSession.open', payload, { occurredAt })
    await till.client.sync()
    const { branchId, actorId } = till.context
    expect(pushed(till.network)).toEqual([
      [
        expect.objectContaining({
          clientOpId,
          type: 'cashSession.open',
          branchId,
          actorId,
          occurredAt,
          payload,
          deviceSeq: 1,
          payloadHash: expect.stringMatching(/^[0-9a-f]{64}$/),
        }),
      ],
    ])
    await till.client.close()
  })

  it('FR-3: goes out first in, first out, numbered without gaps', async () => {
    const till = await openTill(gateway)
    await goOffline(till)
    const cashSessionId = await openCashSession(till)
    const performed = []
    for (let i = 0; i < 450; i += 1) performed.push((await sell(till, cashSessionId)).clientOpId)
    till.network.sent.length = 0
    await goOnline(till)
    const sent = pushed(till.network).flat()
    expect(sent.map(({ deviceSeq }) => deviceSeq)).toEqual(Array.from({ length: 451 }, (_, i) => i + 1))
    expect(sent.slice(1).map(({ clientOpId }) => clientOpId)).toEqual(performed)
    // Batches that the gateway accepts.
    expect(pushed(till.network).every((batch) => batch.length <= 500)).toBe(true)
    expect(till.client.get('cashSession', cashSessionId)?.pending).toBe(false)
    await till.client.close()
  })

  it('EC-OS-05: the wrong time of a wrong clock is kept, and decides nothing', async () => {
    const till = await openTill(gateway, { environment: { now: () => new Date('2031-01-01T00:00:00Z') } })
    const cashSessionId = await openCashSession(till)
    const first = await sell(till, cashSessionId)
    const second = await till.client.perform('sale.finalize', sale(cashSessionId), {
      occurredAt: '2019-01-01T00:00:00Z',
    })
    await till.client.sync()
    const numbers = till.client
      .query('sale')
      .map(({ id, receiptNumber }) => [id === first.saleId, receiptNumber])
    expect(numbers).toEqual(
      expect.arrayContaining([
        [true, 1],
        [false, 2],
      ]),
    )
    expect(second.clientOpId).not.toBe(first.clientOpId)
    await till.client.close()
  })
})

describe('exactly once', () => {
  it('FR-6, EC-OS-01: an operation whose answer was lost is sent again, and was applied once', async () => {
    const till = await openTill(gateway)
    const cashSessionId = await openCashSession(till)
    const { saleId, clientOpId } = await sell(till, cashSessionId)
    const verdicts: [string, boolean][] = []
    till.client.onVerdict((verdict) => verdicts.push([verdict.clientOpId, verdict.duplicate]))
    till.network.state = 'loses'
    await expect(till.client.sync()).rejects.toMatchObject({ code: 'OFFLINE' })
    expect(till.client.status()).toMatchObject({ pending: 2, failed: [] })
    await goOnline(till)
    expect(verdicts).toContainEqual([clientOpId, true])
    expect(await salesOf(till.context.branchId)).toEqual([{ id: saleId, receiptNumber: 1 }])
    expect(till.client.status()).toMatchObject({ pending: 0, syncing: 0, failed: [] })
    await till.client.close()
  })

  it('EC-OS-01: the same key and payload performed twice is one operation', async () => {
    const till = await openTill(gateway)
    const payload = { cashSessionId: randomUUID(), openingFloat: { usd: 1, khr: 0 } }
    const clientOpId = randomUUID()
    await till.client.perform('cashSession.open', payload, { clientOpId })
    await till.client.perform('cashSession.open', payload, { clientOpId })
    await till.client.sync()
    await till.client.perform('cashSession.open', payload, { clientOpId })
    await till.client.sync()
    expect(till.client.status().failed).toEqual([])
    expect(till.client.query('cashSession')).toHaveLength(1)
    await till.client.close()
  })

  it('EC-OS-01B: the same key with another payload is refused, on the device and by the server', async () => {
    const till = await openTill(gateway)
    const clientOpId = randomUUID()
    const payload = { cashSessionId: randomUUID(), openingFloat: { usd: 1, khr: 0 } }
    const other = { ...payload, openingFloat: { usd: 2, khr: 0 } }
    await till.client.perform('cashSession.open', payload, { clientOpId })
    const reuse = { code: 'CLIENT_OP_ID_REUSE_WITH_DIFFERENT_PAYLOAD' }
    await expect(till.client.perform('cashSession.open', other, { clientOpId })).rejects.toMatchObject(reuse)
    await till.client.sync()
    // No longer in the queue: only the server can tell.
    await till.client.perform('cashSession.open', other, { clientOpId })
    await till.client.sync()
    expect(till.client.status().failed).toEqual([expect.objectContaining(reuse)])
    expect(till.client.get('cashSession', payload.cashSessionId)?.openingFloat.usd).toBe(1)
    await till.client.close()
  })
})

describe('failures', () => {
  it('FR-8: a rejected operation is FAILED with its reason, and is not sent again by itself', async () => {
    const till = await openTill(gateway)
    const admin = await gateway.as('admin')
    await goOffline(till)
    await openCashSession(till)
    await admin.direct('branchFreeze', null, { branchId: till.context.branchId })
    await goOnline(till)
    const { failed, pending } = till.client.status()
    expect(pending).toBe(0)
    expect(failed).toEqual([
      expect.objectContaining({
        code: 'BRANCH_FROZEN',
        type: 'cashSession.open',
        message: expect.stringMatching(/frozen/),
        waysOut: ['retry', 'reassign', 'discard'],
      }),
    ])
    till.network.sent.length = 0
    await till.client.sync()
    await till.client.sync()
    expect(pushed(till.network)).toEqual([])
    // Its effect is gone from the view.
    expect(till.client.query('cashSession')).toEqual([])
    await till.client.close()
  })

  it('EC-OS-04: what depends on a failed operation is not applied, and the state is shown', async () => {
    const branchTill = await openTill(gateway)
    const rival = await openTill(gateway, { branchId: branchTill.context.branchId })
    await goOffline(rival)
    // Both open a session without knowing of each other.
    await openCashSession(branchTill)
    await branchTill.client.sync()
    const theirs = await openCashSession(rival)
    const sold = await sell(rival, theirs)
    await rival.client.perform('cashSession.close', { cashSessionId: theirs, counted: { usd: 0, khr: 0 } })
    await goOnline(rival)
    const { failed } = rival.client.status()
    expect(failed.map(({ code }) => code)).toEqual([
      'CASH_SESSION_ALREADY_OPEN',
      'DEPENDENCY_FAILED',
      'DEPENDENCY_FAILED',
    ])
    expect(failed[0]!.dependants).toContain(sold.clientOpId)
    expect(await salesOf(branchTill.context.branchId)).toEqual([])
    await branchTill.client.close()
    await rival.client.close()
  })

  it('what is malformed is blocked on the device, with the path of the fault, and nothing is queued', async () => {
    const till = await openTill(gateway)
    const wrong = { cashSessionId: randomUUID(), openingFloat: { usd: -1, khr: 0 } }
    const refusal = till.client.perform('cashSession.open', wrong)
    await expect(refusal).rejects.toBeInstanceOf(OperationBlocked)
    await expect(refusal).rejects.toMatchObject({
      code: 'PAYLOAD_INVALID',
      details: { issues: [{ path: 'payload.openingFloat.usd' }] },
    })
    expect(till.client.status().pending).toBe(0)
    await till.client.close()
  })
})

describe('UC-4: replay on reconnect', () => {
  it('goes on by itself when the line is back: SYNCED leaves the queue, rejected is FAILED with its reason', async () => {
    const till = await openTill(gateway, { environment: { random: () => 0 } })
    const cashSessionId = await openCashSession(till)
    await goOffline(till)
    const good = await sell(till, cashSessionId)
    const bad = await till.client.perform('sale.finalize', { ...sale(cashSessionId), policyRevision: 99 })
    till.network.state = 'up'
    // Nobody asks: the link finds out, and the queue drains.
    for (let waited = 0; till.client.status().pending > 0 && waited < 200; waited += 1)
      await new Promise((resolve) => setTimeout(resolve, 50))
    await till.client.sync()
    expect(till.client.status()).toMatchObject({ pending: 0, connectivity: 'online' })
    expect(till.client.status().failed).toEqual([
      expect.objectContaining({ clientOpId: bad.clientOpId, code: 'POLICY_REVISION_UNKNOWN' }),
    ])
    expect(till.client.get('sale', good.saleId)).toMatchObject({ receiptNumber: 1 })
    await till.client.close()
  })
})
