/** What an app hands in, however it is spelt: one entrance, behind which there is one spelling. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ClientOptions, createSyncClient, memoryStore } from '../../../client/sdk/index.ts'
import { payloadHashOf } from '../../../client/sdk/outbox/hash.ts'
import { type Gateway, startGateway } from '../../support/gateway.ts'
import { goOffline, goOnline, openCashSession, openTill, pushed, sale, sell } from '../support/till.ts'

let gateway: Gateway
beforeAll(async () => {
  gateway = await startGateway()
})
afterAll(() => gateway.close())

const circle: { self?: unknown } = {}
circle.self = circle
const capitals = () => randomUUID().toUpperCase() as ReturnType<typeof randomUUID>

describe('keys in capitals', () => {
  it('a platform whose ids are in capitals works as any other, also on its ways out', async () => {
    const till = await openTill(gateway, { environment: { newId: capitals } })
    await goOffline(till)
    const [first, second] = [capitals(), capitals()]
    const openingFloat = { usd: 0, khr: 0 }
    const opening = await till.client.perform('cashSession.open', { cashSessionId: first, openingFloat })
    const sold = sale(first.toLowerCase())
    const { clientOpId } = await till.client.perform('sale.finalize', {
      ...sold,
      saleId: sold.saleId.toUpperCase(),
    })
    expect(till.client.waiting()[1]).toMatchObject({ dependsOn: [opening.clientOpId] })
    expect(till.client.get('sale', sold.saleId.toUpperCase())).toMatchObject({ pending: true })
    expect(till.client.query('sale', { where: { cashSessionId: first } })).toHaveLength(1)

    // Somebody opens a session elsewhere first: ours is refused, and the sale goes into theirs.
    const admin = await gateway.as('admin')
    const other = { cashSessionId: second, openingFloat }
    expect(await admin.direct('cashSessionOpen', other, { branchId: till.context.branchId })).toMatchObject({
      status: 'APPLIED',
    })
    await goOnline(till)
    expect(till.client.status()).toMatchObject({ syncing: 0, pending: 0 })
    expect(till.client.status().failed.map(({ code }) => code)).toEqual([
      'CASH_SESSION_ALREADY_OPEN',
      'DEPENDENCY_FAILED',
    ])
    await till.client.retry(clientOpId.toUpperCase())
    await till.client.sync()
    expect(till.client.status().failed).toHaveLength(2)
    await till.client.reassign(clientOpId.toUpperCase(), { cashSessionId: second })
    await till.client.sync()
    expect(till.client.status()).toMatchObject({
      syncing: 0,
      pending: 0,
      failed: [{ type: 'cashSession.open' }],
    })
    await till.client.discard(opening.clientOpId.toUpperCase(), 'opened elsewhere')
    expect(till.client.get('sale', sold.saleId)).toMatchObject({ receiptNumber: 1, pending: false })
    await till.client.close()
  })

  it('an intent that went by the direct lane is the same in the queue, under a key in capitals', async () => {
    const till = await openTill(gateway)
    const idempotencyKey = capitals()
    const payload = { cashSessionId: capitals(), openingFloat: { usd: 5, khr: 0 } }
    expect(await till.client.online('cashSession.open', payload, { idempotencyKey })).toMatchObject({
      status: 'APPLIED',
    })
    await till.client.perform('cashSession.open', payload, { clientOpId: idempotencyKey })
    await till.client.sync()
    expect(till.client.status()).toMatchObject({ failed: [], pending: 0, syncing: 0 })
    await till.client.close()
  })

  it('a rescue file in capitals is sent once, and settles', async () => {
    const till = await openTill(gateway)
    await goOffline(till)
    const cashSessionId = await openCashSession(till)
    const { saleId } = await sell(till, cashSessionId)
    const file = JSON.parse(await till.client.exportQueue())
    await till.client.close()
    for (const operation of file.operations) {
      operation.clientOpId = operation.clientOpId.toUpperCase()
      operation.dependsOn = operation.dependsOn.map((id: string) => id.toUpperCase())
      operation.payload.cashSessionId = operation.payload.cashSessionId.toUpperCase()
      operation.payloadHash = payloadHashOf(operation)
    }
    const next = await openTill(gateway, { branchId: till.context.branchId })
    await goOffline(next)
    expect(await next.client.importQueue(JSON.stringify(file))).toEqual({ imported: 2, skipped: 0 })
    expect(await next.client.importQueue(JSON.stringify(file))).toEqual({ imported: 0, skipped: 2 })
    await goOnline(next)
    await next.client.sync()
    expect(next.client.status()).toMatchObject({ failed: [], pending: 0, syncing: 0 })
    expect(pushed(next.network).flat()).toHaveLength(2)
    expect(next.client.get('sale', saleId)).toMatchObject({ receiptNumber: 1, pending: false })
    await next.client.close()
  })

  it('what an older version has kept in capitals is found by its verdict', async () => {
    const till = await openTill(gateway)
    await goOffline(till)
    await openCashSession(till)
    await till.client.close()
    await till.store.open()
    await till.store.transact('write', async (tx) => {
      const [entry] = await tx.list<{ clientOpId: string; status: string }>('operations')
      const clientOpId = entry!.key.toUpperCase()
      void tx.delete('operations', entry!.key)
      void tx.put('operations', clientOpId, { ...entry!.value, clientOpId, status: 'SYNCING' })
    })
    till.network.state = 'up'
    const again = await till.restart()
    await again.client.sync()
    expect(again.client.status()).toMatchObject({ failed: [], pending: 0, syncing: 0 })
    expect(again.client.query('cashSession')).toMatchObject([{ status: 'OPEN', pending: false }])
    await again.client.close()
  })
})

describe('what no gateway would take is not queued', () => {
  const movement = (reason: string) => ({
    ...{ movementId: randomUUID(), cashSessionId: randomUUID() },
    ...{ kind: 'PAID_IN' as const, currency: 'USD' as const, amount: 1, reason },
  })
  it.each<[name: string, payload: unknown, options?: object]>([
    ['half of a surrogate pair', movement('a\ud83dz')],
    ['a NUL', movement('ice\u0000cubes')],
    ['a key with a NUL', { ...movement('x'), 'a\u0000': 1 }],
    ['no JSON', circle],
    ['nothing', undefined],
    ['a key that is no UUID', movement('x'), { clientOpId: 'abc' }],
    ['a time that is none', movement('x'), { occurredAt: 'yesterday' }],
    ['a time in microseconds', movement('x'), { occurredAt: new Date(Date.now() * 1000) }],
    ['a time of the year 0', movement('x'), { occurredAt: '0000-06-01T08:00:00.000Z' }],
  ])('%s', async (_, payload, options = {}) => {
    const client = await createSyncClient({
      ...{ url: gateway.url, store: memoryStore(), getToken: async () => null },
      context: { tenantId: 'demo', branchId: 'riverside', actorId: 'demo-admin' },
    })
    const queued = client.perform('cashSession.movement', payload as never, options)
    await expect(queued).rejects.toMatchObject({ name: 'OperationBlocked', code: 'PAYLOAD_INVALID' })
    expect(client.waiting()).toEqual([])
    await client.close()
  })
})

describe('options', () => {
  const open = (options: Partial<Record<keyof ClientOptions, unknown>>) =>
    createSyncClient({ url: gateway.url, store: memoryStore(), ...options } as ClientOptions)
  const context = { tenantId: 'demo', branchId: 'riverside', actorId: 'demo-admin' }

  it.each<[name: string, value: unknown, named?: string]>([
    ['pageSize', 0],
    ['pageSize', 2001],
    ['pageSize', 1.5],
    ['pullEveryMs', 0],
    ['pullEveryMs', 99],
    ['pullEveryMs', Number.NaN],
    ['pullEveryMs', '60000x'],
    ['url', ''],
    ['subscriptionUrl', 'ws://'],
    ['store', null],
    ['deviceId', ''],
    ['deviceId', 'x'.repeat(129)],
    ['deviceId', 'till\u0000'],
    ['moduleScopes', []],
    ['moduleScopes', ['MENUS']],
    ['moduleScopes', 'MENU'],
    ['context', {}, 'context.tenantId'],
    ['context', { ...context, branchId: '' }, 'context.branchId'],
    ['context', { ...context, actorId: 'a\ud83d' }, 'context.actorId'],
    ['getToken', 'abc'],
  ])('%s %j is refused by its name', async (name, value, named = name) => {
    await expect(open({ [name]: value })).rejects.toThrow(new RegExp(`createSyncClient: ${named} must be`))
    await expect(open({ [name]: value })).rejects.toBeInstanceOf(TypeError)
  })

  it.each([100, 20 * 86_400_000, 30 * 86_400_000, 2 ** 31, Number.POSITIVE_INFINITY])(
    'pullEveryMs %d makes no flood',
    async (pullEveryMs) => {
      const till = await openTill(gateway, { branchId: 'riverside', pullEveryMs })
      till.network.sent.length = 0
      await new Promise((go) => setTimeout(go, 300))
      expect(till.network.sent.filter(({ query }) => query.includes('syncPull')).length).toBeLessThan(5)
      await till.client.close()
    },
  )

  it.each([1, 2000])('pageSize %d syncs', async (pageSize) => {
    const till = await openTill(gateway, { pageSize, moduleScopes: ['BRANCH', 'POLICY'] })
    expect(till.client.status()).toMatchObject({ hydrated: true, problem: null })
    await till.client.close()
  })
})

describe('who comes', () => {
  it.each<[name: string, given: unknown]>([
    ['tenantId', {}],
    ['tenantId', undefined],
    ['tenantId', 'demo'],
    ['branchId', { tenantId: 'demo', actorId: 'demo-admin' }],
    ['branchId', { tenantId: 'demo', branchId: 7, actorId: 'demo-admin' }],
    ['actorId', { tenantId: 'demo', branchId: 'riverside', actorId: 'a\u0000' }],
  ])('without a %s that can be one: nobody comes, and whoever is there stays', async (name, given) => {
    const till = await openTill(gateway, { branchId: 'riverside' })
    const come = till.client.switchContext(given as never)
    await expect(come).rejects.toThrow(new RegExp(`switchContext: context.${name} must be`))
    expect(till.client.status()).toMatchObject({ context: till.context, auth: 'ok' })
    await till.client.sync()
    await till.client.close()
    const again = await till.restart()
    expect(again.client.status().context).toEqual(till.context)
    await again.client.close()
  })

  it('a store in which somebody was left who can be nobody opens, with nobody', async () => {
    const till = await openTill(gateway)
    await goOffline(till)
    await openCashSession(till)
    await till.client.close()
    await till.store.open()
    await till.store.transact('write', (tx) => tx.put('meta', 'context', {}))
    till.network.state = 'up'
    const again = await till.restart()
    expect(again.client.status()).toMatchObject({ context: null, waitingForTenant: 1 })
    await again.client.close()
  })
})

describe('the direct lane', () => {
  it('what takes no input is asked for without, and what is no JSON is told of', async () => {
    const till = await openTill(gateway)
    expect(await till.client.online('branch.freeze', undefined as never)).toMatchObject({ status: 'APPLIED' })
    const lost = till.client.online('menuItem.save', circle as never)
    await expect(lost).rejects.toMatchObject({ name: 'OperationBlocked', code: 'PAYLOAD_INVALID' })
    await till.client.close()
  })
})
