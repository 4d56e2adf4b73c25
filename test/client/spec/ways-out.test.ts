/** Ways out of FAILED, both lanes, tokens, and what else a person may run into. */
import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { AnswerLost, createSyncClient, memoryStore } from '../../../client/sdk/index.ts'
import { type Gateway, startGateway } from '../../support/gateway.ts'
import {
  createNetwork,
  goOffline,
  goOnline,
  newBranch,
  openCashSession,
  openTill,
  pushed,
  sell,
} from '../support/till.ts'

let gateway: Gateway
beforeAll(async () => {
  gateway = await startGateway()
})
afterAll(() => gateway.close())

/** Two tills that both opened a session: the second one's opening, its sale, paid-in cash and closing have failed. */
async function twoSessions() {
  const first = await openTill(gateway)
  const second = await openTill(gateway, { branchId: first.context.branchId })
  await goOffline(second)
  const open = await openCashSession(first)
  await first.client.sync()
  const refused = await openCashSession(second)
  const sold = await sell(second, refused)
  const paidIn = {
    movementId: randomUUID(),
    cashSessionId: refused,
    kind: 'PAID_IN',
    currency: 'USD',
    amount: 200,
    reason: 'Coins',
  } as const
  await second.client.perform('cashSession.movement', paidIn)
  await goOnline(second)
  expect(second.client.status().failed).toHaveLength(3)
  return { first, second, open, refused, sold, paidIn }
}

describe('ways out of FAILED', () => {
  it('retry: as it is, and those that fell with it follow', async () => {
    const { first, second, open, sold } = await twoSessions()
    await first.client.perform('cashSession.close', { cashSessionId: open, counted: { usd: 10_000, khr: 0 } })
    await first.client.sync()
    const [opening] = second.client.status().failed
    await second.client.retry(opening!.clientOpId)
    await second.client.sync()
    expect(second.client.status()).toMatchObject({ failed: [], pending: 0 })
    expect(second.client.get('sale', sold.saleId)).toMatchObject({ receiptNumber: 1 })
    await expect(second.client.retry(opening!.clientOpId)).rejects.toMatchObject({ code: 'NOT_FAILED' })
    await first.client.close()
    await second.client.close()
  })

  it('reassign a sale: the same sale under a new key, in the session that is open', async () => {
    const { first, second, open, sold } = await twoSessions()
    const { clientOpId } = await second.client.reassign(sold.clientOpId, { cashSessionId: open })
    expect(clientOpId).not.toBe(sold.clientOpId)
    expect(second.client.get('sale', sold.saleId)).toMatchObject({ cashSessionId: open, pending: true })
    await second.client.sync()
    expect(second.client.get('sale', sold.saleId)).toMatchObject({ cashSessionId: open, receiptNumber: 1 })
    expect(second.client.status().failed.map(({ type }) => type)).toEqual([
      'cashSession.open',
      'cashSession.movement',
    ])
    await first.client.close()
    await second.client.close()
  })

  it('reassign the opening: everything that was to go into its session goes, and it is done with', async () => {
    const { first, second, open, refused, sold, paidIn } = await twoSessions()
    const [opening] = second.client.status().failed
    expect(opening!.type).toBe('cashSession.open')
    await second.client.reassign(opening!.clientOpId, { cashSessionId: open })
    await second.client.sync()
    expect(second.client.status()).toMatchObject({ failed: [], pending: 0 })
    expect(second.client.get('cashSession', refused)).toBeUndefined()
    expect(second.client.get('cashSession', open)?.expected).toEqual({
      usd: 10_000 + paidIn.amount,
      khr: sold.payload.totals.totalKhr,
    })
    await first.client.close()
    await second.client.close()
  })

  it('reassign what cannot be: another kind, a session that is not open', async () => {
    const { first, second, sold } = await twoSessions()
    await expect(
      second.client.reassign(sold.clientOpId, { cashSessionId: randomUUID() }),
    ).rejects.toMatchObject({
      name: 'OperationBlocked',
      code: 'CASH_SESSION_NOT_OPEN',
    })
    expect(second.client.status().failed).toHaveLength(3)
    await first.client.close()
    await second.client.close()
  })

  it('discard: by a manager, with a reason; what depends on it then has a way of its own', async () => {
    const { first, second, sold } = await twoSessions()
    for (const reason of ['  ', undefined as never])
      await expect(second.client.discard(sold.clientOpId, reason)).rejects.toMatchObject({
        code: 'PAYLOAD_INVALID',
      })
    await second.client.discard(sold.clientOpId, 'The guest paid at the other till')
    expect(second.client.status().failed.map(({ clientOpId }) => clientOpId)).not.toContain(sold.clientOpId)
    const [kept] = await second.store.transact('read', (tx) =>
      tx.list<{ reason: string; by: string }>('discarded'),
    )
    expect(kept).toMatchObject({ key: sold.clientOpId, value: { by: 'demo-admin', reason: /other till/ } })
    await first.client.close()
    await second.client.close()
  })

  it('discard: the gateway hears of it, also of what was never sent: audited, told, and no number is missing', async () => {
    const till = await openTill(gateway)
    const { branchId } = till.context
    const cashSessionId = await openCashSession(till)
    await till.client.sync()
    await goOffline(till)
    const paidIn = (reason: string) =>
      till.client.perform('cashSession.movement', {
        ...{ movementId: randomUUID(), cashSessionId, kind: 'PAID_IN', currency: 'USD', amount: 100 },
        reason,
      })
    const bad = await paidIn('broken')
    await paidIn('whole')
    await till.client.close()
    const up = (payload: { reason: string }) => {
      if (payload.reason === 'broken') throw new TypeError('no such reason')
      return payload
    }
    const upcasts = [{ type: 'cashSession.movement', from: 1, name: 'reasons are mended', up }]
    const again = await till.restart({ upcasts })
    await goOnline(again)
    await goOffline(again)
    await again.client.discard(bad.clientOpId, 'It was typed in twice')
    expect(again.client.status()).toMatchObject({ failed: [], pending: 1 })
    await goOnline(again)
    expect(again.client.status()).toMatchObject({ failed: [], pending: 0 })
    const admin = await gateway.as('admin')
    const { refusals, auditEvents, devices } = await admin.data<{
      refusals: { edges: { node: object }[] }
      auditEvents: { edges: { node: object }[] }
      devices: { edges: { node: { deviceId: string; chains: object[] } }[] }
    }>(
      `query ($branchId: ID!) {
        refusals(tenantId: "demo", branchId: $branchId) {
          edges { node { clientOpId type code outcome reason settledBy cash { usd khr } } } }
        auditEvents(tenantId: "demo", branchId: $branchId, name: "OPERATION_GIVEN_UP") { edges { node { name data } } }
        devices(tenantId: "demo", first: 200) {
          edges { node { deviceId chains { state wholeTo missingCount givenUp { from to } } } } } }`,
      { branchId },
    )
    expect(refusals.edges).toMatchObject([
      {
        node: {
          ...{ clientOpId: bad.clientOpId, type: 'cashSession.movement', code: 'NEVER_SENT' },
          ...{ outcome: 'GIVEN_UP', reason: 'It was typed in twice', settledBy: 'demo-admin' },
          cash: { usd: 100, khr: 0 },
        },
      },
    ])
    expect(auditEvents.edges).toMatchObject([
      { node: { data: { clientOpId: bad.clientOpId, reason: 'It was typed in twice' } } },
    ])
    expect(devices.edges.find(({ node }) => node.deviceId === again.client.deviceId)?.node.chains).toEqual([
      { state: 'WHOLE', wholeTo: 4, missingCount: 0, givenUp: [{ from: 2, to: 2 }] },
    ])
    await again.client.close()
  })

  it('discard: not by a cashier', async () => {
    const branchId = await newBranch(gateway, ['cashier-1'])
    const till = await openTill(gateway, { staffCode: 'cashier-1', branchId })
    const admin = await gateway.as('admin')
    await goOffline(till)
    const cashSessionId = await openCashSession(till)
    await admin.direct('branchFreeze', null, { branchId })
    await goOnline(till)
    const [failed] = till.client.status().failed
    await expect(till.client.discard(failed!.clientOpId, 'No')).rejects.toMatchObject({
      code: 'ACTION_NOT_PERMITTED',
    })
    expect(till.client.status().failed).toHaveLength(1)
    expect(till.client.get('cashSession', cashSessionId)).toBeUndefined()
    await till.client.close()
  })

  it('a closing that fell with a sale follows the sale out', async () => {
    const till = await openTill(gateway)
    const cashSessionId = await openCashSession(till)
    await till.client.sync()
    await goOffline(till)
    const bad = await till.client.perform('sale.finalize', {
      ...(await sell(till, cashSessionId)).payload,
      saleId: randomUUID(),
      policyRevision: 7,
    })
    await till.client.perform('cashSession.close', { cashSessionId, counted: { usd: 10_000, khr: 0 } })
    await goOnline(till)
    expect(till.client.status().failed.map(({ code }) => code)).toEqual([
      'POLICY_REVISION_UNKNOWN',
      'DEPENDENCY_FAILED',
    ])
    // The manager gives the sale up; the closing no longer waits for it.
    await till.client.discard(bad.clientOpId, 'Typed in twice')
    const [closing] = till.client.status().failed
    await till.client.retry(closing!.clientOpId)
    await till.client.sync()
    expect(till.client.status().failed).toEqual([])
    expect(till.client.get('cashSession', cashSessionId)?.status).toBe('CLOSED')
    await till.client.close()
  })
})

describe('both lanes', () => {
  it('a direct mutation whose answer was lost is queued under its own key, and applied once (4.5)', async () => {
    const till = await openTill(gateway)
    const cashSessionId = await openCashSession(till)
    await till.client.sync()
    const { payload } = await sell(till, cashSessionId)
    await till.client.sync()
    const input = { ...payload, saleId: randomUUID() }
    till.network.state = 'loses'
    const lost = await till.client.online('sale.finalize', input).catch((error: unknown) => error)
    expect(lost).toBeInstanceOf(AnswerLost)
    const { idempotencyKey } = lost as AnswerLost
    await till.client.perform('sale.finalize', input, { clientOpId: idempotencyKey })
    await goOnline(till)
    expect(till.client.status().failed).toEqual([])
    expect(
      till.client
        .query('sale')
        .map(({ receiptNumber }) => receiptNumber)
        .sort(),
    ).toEqual([1, 2])
    await till.client.close()
  })

  it('a verdict of the direct lane comes back, also a rejection, and its effect is pulled', async () => {
    const till = await openTill(gateway)
    const refused = await till.client.online('sale.void', { saleId: randomUUID(), reason: 'Wrong' })
    expect(refused).toMatchObject({ status: 'REJECTED', code: 'SALE_UNKNOWN' })
    const applied = await till.client.online('menuItem.save', { menuItemId: 'espresso', priceUsd: 155 })
    expect(applied.status).toBe('APPLIED')
    await till.client.sync()
    expect(till.client.get('menuItem', 'espresso')?.priceUsd).toBe(155)
    await till.client.close()
  })
})

describe('tokens', () => {
  it('a token that has run out is no verdict: the queue waits, work goes on, and a new one sends it', async () => {
    const own = await startGateway({ env: { TOKEN_TTL_SECONDS: '8' } })
    const till = await openTill(own, { branchId: 'riverside', staffCode: 'cashier-1' })
    const cashSessionId = await openCashSession(till)
    await till.client.sync()
    await new Promise((resolve) => setTimeout(resolve, 8_500))
    const { saleId } = await sell(till, cashSessionId)
    await expect(till.client.sync()).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
    expect(till.client.status()).toMatchObject({ auth: 'lapsed', phase: 'signedOut', pending: 1, failed: [] })
    await sell(till, cashSessionId)
    expect(till.client.status().pending).toBe(2)
    await till.client.people.confirm(till.context.actorId, 'demo', '1234')
    await till.client.sync()
    expect(till.client.status()).toMatchObject({ auth: 'ok', pending: 0, failed: [] })
    expect(till.client.get('sale', saleId)?.receiptNumber).toBe(1)
    await till.client.close()
    await own.close()
  })

  it('getToken is asked again, with the token that was refused', async () => {
    const cashier = await gateway.as('cashier-1')
    const asked: (string | null)[] = []
    const client = await createSyncClient({
      url: gateway.url,
      deviceId: 'till-1',
      store: memoryStore(),
      context: { tenantId: 'demo', branchId: 'riverside', actorId: 'demo-cashier-1' },
      getToken: async ({ refused }) => {
        asked.push(refused)
        return refused === null ? 'no-token-at-all' : cashier.token
      },
    })
    await client.sync()
    expect(client.status()).toMatchObject({ hydrated: true, auth: 'ok' })
    expect(asked).toContain('no-token-at-all')
    await client.close()
  })

  it('nobody signed in (getToken gives null): everything waits', async () => {
    const client = await createSyncClient({
      url: gateway.url,
      store: memoryStore(),
      context: { tenantId: 'demo', branchId: 'riverside', actorId: 'demo-cashier-1' },
      getToken: async () => null,
    })
    await client.perform('attendance.startWork', { attendanceId: randomUUID() })
    await expect(client.sync()).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
    expect(client.status()).toMatchObject({ phase: 'signedOut', pending: 1, failed: [] })
    await client.close()
  })

  it('a membership that has ended is no verdict on the operations either', async () => {
    const branchId = await newBranch(gateway, ['cashier-2'])
    const till = await openTill(gateway, { staffCode: 'cashier-2', branchId })
    const admin = await gateway.as('admin')
    await goOffline(till)
    await openCashSession(till)
    const revoke = (status: string) =>
      admin.direct('staffSave', { accountId: 'demo-cashier-2', status }, { branchId: null })
    await revoke('REVOKED')
    await expect(goOnline(till)).rejects.toMatchObject({ name: 'SyncFailed', code: 'MEMBERSHIP_NOT_ACTIVE' })
    expect(till.client.status()).toMatchObject({
      pending: 1,
      failed: [],
      problem: { code: 'MEMBERSHIP_NOT_ACTIVE' },
    })
    await revoke('ACTIVE')
    // The token of before is not good again.
    await till.client.people.signIn({ tenantId: 'demo', staffCode: 'cashier-2', pin: '1234' })
    await till.client.sync()
    expect(till.client.status()).toMatchObject({ pending: 0, failed: [], problem: null })
    await till.client.close()
  })
})

describe('transient faults', () => {
  it('a batch that the gateway finds too large is cut', async () => {
    const own = await startGateway({ env: { MAX_BATCH: '7' } })
    const till = await openTill(own, { branchId: 'riverside', staffCode: 'cashier-1' })
    await goOffline(till)
    const cashSessionId = await openCashSession(till)
    for (let i = 0; i < 30; i += 1) await sell(till, cashSessionId)
    await goOnline(till)
    expect(till.client.status()).toMatchObject({ pending: 0, failed: [] })
    expect(till.client.query('sale')).toHaveLength(30)
    await till.client.close()
    await own.close()
  })
})

describe('the rescue copy of a broken tablet', () => {
  it('everything that is not confirmed goes to another device, and is applied once though both send it', async () => {
    const broken = await openTill(gateway)
    const cashSessionId = await openCashSession(broken)
    await broken.client.sync()
    await goOffline(broken)
    const { saleId } = await sell(broken, cashSessionId)
    const text = await broken.client.exportQueue()

    const other = await openTill(gateway, { branchId: broken.context.branchId })
    expect(await other.client.importQueue(text)).toEqual({ imported: 1, skipped: 0 })
    expect(await other.client.importQueue(text)).toEqual({ imported: 0, skipped: 1 })
    await other.client.sync()
    expect(other.client.get('sale', saleId)).toMatchObject({ receiptNumber: 1, pending: false })
    await goOnline(broken)
    expect(broken.client.status()).toMatchObject({ pending: 0, failed: [] })
    expect(broken.client.query('sale')).toHaveLength(1)
    await broken.client.close()
    await other.client.close()
  })

  it('a file that is none, or is damaged, is refused as a whole', async () => {
    const till = await openTill(gateway)
    await goOffline(till)
    await openCashSession(till)
    const text = await till.client.exportQueue()
    const other = await openTill(gateway)
    for (const [wrong, message] of [
      ['no json', /no JSON/],
      ['{"format":"other"}', /not an exported queue/],
      [text.replace('"version": 1', '"version": 2'), /newer version/],
      [text.replace('10000', '90000'), /Operation 1 of the file is damaged/],
      [text.replace(/"occurredAt": "\d{4}/, '"occurredAt": "0000'), /Operation 1 of the file is damaged/],
    ] as const)
      await expect(other.client.importQueue(wrong)).rejects.toThrow(message)
    expect(other.client.status().pending).toBe(0)
    await till.client.close()
    await other.client.close()
  })
})

describe('old apps and damaged records', () => {
  const fixture = (name: string) => readFileSync(join(import.meta.dirname, '../../fixtures', name), 'utf8')

  it('a queue recorded by version 1 of the app is still taken, whatever has changed since', async () => {
    const till = await openTill(gateway, { branchId: 'market', staffCode: 'cashier-2' })
    // Recorded in the branch "market" of the demo café, by its cashier.
    const { imported } = await till.client.importQueue(fixture('queue-v1.json'))
    expect(imported).toBe(6)
    await till.client.sync()
    expect(till.client.status()).toMatchObject({ failed: [], pending: 0 })
    expect(till.client.query('sale')).toHaveLength(1)
    await till.client.close()
  })

  it('an old payload is brought up to date by its steps before it is sent; one that was sent stays as it was', async () => {
    const till = await openTill(gateway)
    const cashSessionId = await openCashSession(till)
    await till.client.sync()
    await goOffline(till)
    const old = {
      movementId: randomUUID(),
      cashSessionId,
      kind: 'PAID_IN',
      currency: 'USD',
      amount: 100,
      reason: 'x',
    } as const
    await till.client.perform('cashSession.movement', old)
    await till.client.close()
    till.network.sent.length = 0
    // The next version of the app counts the reason's length: an invented step, applied to what an older one has queued.
    const again = await till.restart({
      upcasts: [
        {
          type: 'cashSession.movement',
          from: 1,
          name: 'reasons are sentences',
          up: (payload) => ({ ...payload, reason: 'Exchange.' }),
        },
      ],
    })
    till.network.state = 'loses'
    await again.client.sync().catch(() => {})
    const [[first]] = pushed(till.network) as unknown as [[{ payload: object; payloadHash: string }]]
    expect(first.payload).toEqual({ ...old, reason: 'Exchange.' })
    await again.client.close()

    const newest = await again.restart({
      upcasts: [
        {
          type: 'cashSession.movement',
          from: 1,
          name: 'reasons are sentences',
          up: (payload) => ({ ...payload, reason: 'Exchange.' }),
        },
        {
          type: 'cashSession.movement',
          from: 2,
          name: 'reasons are shouted',
          up: (payload) => ({ ...payload, reason: 'EXCHANGE' }),
        },
      ],
    })
    till.network.sent.length = 0
    await goOnline(newest)
    const [[second]] = pushed(till.network) as unknown as [[{ payloadHash: string }]]
    expect(second.payloadHash).toBe(first.payloadHash)
    expect(newest.client.status()).toMatchObject({ failed: [], pending: 0 })
    await newest.client.close()
  })

  it('a step that throws costs the operation that it throws for, which a person decides about; the queue goes on', async () => {
    const till = await openTill(gateway)
    const cashSessionId = await openCashSession(till)
    await till.client.sync()
    await goOffline(till)
    const paidIn = (reason: string) =>
      till.client.perform('cashSession.movement', {
        ...{ movementId: randomUUID(), cashSessionId, kind: 'PAID_IN', currency: 'USD', amount: 100 },
        reason,
      })
    const bad = await paidIn('broken')
    await paidIn('whole')
    await till.client.close()
    let isMended = false
    const upcasts = [
      {
        ...{ type: 'cashSession.movement', from: 1, name: 'reasons are mended' },
        up(payload: { reason: string }) {
          if (payload.reason === 'broken' && !isMended) throw new TypeError('no such reason')
          return payload
        },
      },
    ]
    const again = await till.restart({ upcasts })
    await goOnline(again)
    expect(again.client.status()).toMatchObject({
      pending: 0,
      failed: [{ clientOpId: bad.clientOpId, code: 'UPCAST_FAILED', waysOut: ['retry', 'discard'] }],
    })
    isMended = true
    await again.client.retry(bad.clientOpId)
    await again.client.sync()
    expect(again.client.status()).toMatchObject({ pending: 0, failed: [] })
    await again.client.close()
  })

  it('a record that cannot be read is set aside, said, and exported; its neighbours go on', async () => {
    const till = await openTill(gateway)
    await goOffline(till)
    const cashSessionId = await openCashSession(till)
    const { clientOpId } = await till.client.perform('attendance.startWork', { attendanceId: randomUUID() })
    await till.client.close()
    await till.store.open()
    await till.store.transact('write', (tx) => tx.put('operations', clientOpId, { nonsense: true }))
    const again = await till.restart()
    expect(again.client.status()).toMatchObject({ pending: 1, problem: { code: 'RECORD_DAMAGED' } })
    expect(await again.client.exportQueue()).toContain('nonsense')
    await goOnline(again)
    expect(again.client.get('cashSession', cashSessionId)).toMatchObject({ pending: false })
    await again.client.close()
  })

  it('a cache with a hole is loaded anew', async () => {
    const till = await openTill(gateway)
    await till.client.close()
    await till.store.open()
    await till.store.transact('write', async (tx) => {
      const entry = (await tx.list('entities')).find(({ key }) => key.includes('croissant'))
      await tx.put('entities', entry!.key, 'not an entity')
    })
    const again = await till.restart()
    await again.client.sync()
    expect(again.client.get('menuItem', 'croissant')?.name).toBe('Butter croissant')
    await again.client.close()
  })

  it('a store that is full blocks the operation and says so; nothing is half kept', async () => {
    const till = await openTill(gateway)
    const { StoreError } = await import('../../../client/sdk/index.ts')
    const { transact } = till.store
    till.store.transact = async () => {
      throw new StoreError('FULL', 'There is no room left on this device.')
    }
    await expect(openCashSession(till)).rejects.toMatchObject({
      name: 'OperationBlocked',
      code: 'STORAGE_FULL',
    })
    expect(till.client.status().pending).toBe(0)
    expect(till.client.query('cashSession')).toEqual([])
    till.store.transact = transact
    await openCashSession(till)
    await till.client.close()
  })

  it('options that cannot be are refused at once', async () => {
    const network = createNetwork()
    const store = memoryStore()
    await expect(
      createSyncClient({
        url: 'http://127.0.0.1:1/graphql',
        store,
        environment: { fetch: network.fetch },
        upcasts: [{ type: 'a', from: 2, name: 'n', up: (x) => x }],
      }),
    ).rejects.toThrow(/leave none out/)
    await expect(createSyncClient({ url: 'nonsense', store: memoryStore() })).rejects.toThrow(TypeError)
  })
})
