/** Two gateways on one database and one Redis: each nudges the other's clients, and goes on without Redis. */
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Gateway, startGateway } from '../support/gateway.ts'
import { listen } from '../support/listen.ts'
import { type RedisServer, startRedis } from '../support/redis-server.ts'

const subscription =
  'subscription { syncNudge(tenantId: "demo", branchId: "riverside") { branchId modules headSeq } }'

let redis: RedisServer
let here: Gateway
let there: Gateway

beforeAll(async () => {
  redis = await startRedis()
  here = await startGateway({ env: { REDIS_URL: redis.url } })
  there = await startGateway({ env: { REDIS_URL: redis.url }, databaseUrl: here.databaseUrl })
})
afterAll(async () => {
  await Promise.all([here?.close(), there?.close()])
  await redis?.stop()
})

const busOf = async ({ url }: Gateway) =>
  (await (await fetch(url.replace('/graphql', '/readyz'))).json()) as { status: string; bus: string }

/** Changes the policy at one gateway until `heard` holds: a new subscription takes a round trip to reach the bus. */
async function changeUntil(gateway: Gateway, heard: () => boolean) {
  const admin = await gateway.as('admin')
  await expect
    .poll(
      async () => {
        await admin.direct('policyUpdate', { vatRatePercent: 10 })
        return heard()
      },
      { interval: 200, timeout: 20_000 },
    )
    .toBe(true)
}

describe('two gateways', () => {
  it('nudge each other’s clients', async () => {
    const listening = listen(await there.as('cashier-1'), subscription)
    await listening.connected
    await changeUntil(here, () => listening.heard.some(({ nudge }) => nudge?.modules.includes('POLICY')))
    listening.stop()
  })

  it.each([
    ['is revoked', 'staffSave', { accountId: 'demo-barista-1', status: 'REVOKED' }],
    ['has a new PIN', 'staffSave', { accountId: 'demo-barista-1', status: 'ACTIVE', pin: '1234' }],
    ['has their device shut out', 'deviceShutOut', { deviceId: 'lost' }],
  ])('close each other’s sockets of whoever %s, at once', async (_, field, input) => {
    const admin = await here.as('admin')
    await admin.direct('staffSave', { accountId: 'demo-barista-1', status: 'ACTIVE' }, { branchId: null })
    const listening = listen(await there.as('barista-1', { deviceId: 'lost' }), subscription)
    await changeUntil(here, () => listening.heard.length > 0)
    expect(await admin.direct(field, input, { branchId: null })).toMatchObject({ status: 'APPLIED' })
    // Long before access is asked for again by itself, after 30 seconds.
    const patience = wait(15_000, 'still open', { ref: false })
    expect(await Promise.race([listening.closed, patience])).toBe(4403)
  })

  it('nudge their own while Redis is away, say so, and each other’s again when it is back', async () => {
    const own = listen(await here.as('cashier-1'), subscription)
    const other = listen(await there.as('cashier-1'), subscription)
    await Promise.all([own.connected, other.connected])

    await redis.kill()
    await expect
      .poll(() => busOf(here), { timeout: 20_000 })
      .toEqual(expect.objectContaining({ status: 'ready', bus: 'away' }))
    await changeUntil(here, () => own.heard.some(({ nudge }) => nudge !== undefined))

    redis = await startRedis({ port: redis.port })
    await expect.poll(() => busOf(here), { timeout: 20_000 }).toEqual(expect.objectContaining({ bus: 'up' }))
    const before = other.heard.length
    await changeUntil(here, () => other.heard.length > before)
    own.stop()
    other.stop()
  })
})

describe('rate limits', () => {
  const query = '{ me(tenantId: "demo") { role } }'
  let counting: RedisServer
  let gateways: Gateway[]
  beforeAll(async () => {
    counting = await startRedis()
    // Ten requests in ten seconds.
    const env = { REDIS_URL: counting.url, RATE_LIMIT_PER_SECOND: '1' }
    gateways = await Promise.all([1, 2].map(() => startGateway({ env, databaseUrl: here.databaseUrl })))
  })
  afterAll(async () => {
    await Promise.all((gateways ?? []).map((gateway) => gateway.close()))
    await counting?.stop()
  })

  const refusals = async (token: string | null, requests: number) => {
    const answers = []
    for (let i = 0; i < requests; i += 1) answers.push(await gateways[i % 2]!.withToken(token).send(query))
    return answers.filter(({ errors }) => errors?.[0]?.extensions.code === 'RATE_LIMITED').length
  }

  it('count at both together, and at each by itself while Redis is away', async () => {
    const [one, other] = await Promise.all([here.as('cashier-1'), here.as('cashier-2')])
    expect(await refusals(one!.token, 14)).toBe(4)
    await counting.kill()
    expect(await refusals(other!.token, 20)).toBe(0)
    expect(await refusals(other!.token, 4)).toBe(4)
  })
})
