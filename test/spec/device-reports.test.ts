/** What devices say of themselves, and what a manager sees of it. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startWork } from '../support/cafe.ts'
import { type Client, type Gateway, startGateway } from '../support/gateway.ts'

let gateway: Gateway
let manager: Client
let cashier: Client

beforeAll(async () => {
  gateway = await startGateway()
  manager = await gateway.as('manager', { deviceId: 'office' })
  cashier = await gateway.as('cashier-1')
})
afterAll(() => gateway?.close())

const mutation = 'mutation ($input: DeviceReportInput!) { deviceReport(input: $input) { serverTime } }'
const minimal = () => ({ at: new Date().toISOString(), waiting: 0, failed: 0 })
const full = {
  branchId: 'riverside',
  at: '2026-03-01T08:30:00.000Z',
  waiting: 12,
  failed: 2,
  oldestWaitingAt: '2026-03-01T06:00:00.000Z',
  storage: 'BEST_EFFORT',
  usageBytes: 3_000_000,
  quotaBytes: 60_000_000_000,
  appVersion: '1.4.0',
}

/** Reports as a device, and returns the server's time. */
async function report(deviceId: string, fields: object, person?: Client): Promise<string> {
  const client = person ?? (await gateway.as('cashier-1', { deviceId }))
  const input = { tenantId: client.tenantId, deviceId, ...fields }
  const answer = await client.data<{ deviceReport: { serverTime: string } }>(mutation, { input })
  return answer.deviceReport.serverTime
}

type Device = {
  deviceId: string
  firstSeenAt: string
  lastSeenAt: string
  lastPushAt: string | null
  checkpoints: unknown[]
  gaps: unknown[]
  report: Record<string, unknown> | null
}
async function deviceOf(deviceId: string, client = manager): Promise<Device | undefined> {
  const { devices } = await client.data<{ devices: { edges: { node: Device }[] } }>(
    `query ($tenantId: ID!) { devices(tenantId: $tenantId, first: 200) { edges { node {
      deviceId firstSeenAt lastSeenAt lastPushAt checkpoints { branchId } gaps { from to }
      report { accountId branchId at receivedAt clockSkewMs waiting failed oldestWaitingAt storage usageBytes
        quotaBytes appVersion }
    } } } }`,
    { tenantId: client.tenantId },
  )
  return devices.edges.map(({ node }) => node).find((device) => device.deviceId === deviceId)
}

describe('a device’s report', () => {
  it('is shown as it was given, with whose it was and when it came', async () => {
    const serverTime = await report('till-a', full)
    const shown = (await deviceOf('till-a'))?.report
    expect(shown).toEqual({
      ...full,
      accountId: 'demo-cashier-1',
      receivedAt: serverTime,
      clockSkewMs: Date.parse(full.at) - Date.parse(serverTime),
    })
  })

  it('takes the place of the one before, also where it says less', async () => {
    await report('till-b', full)
    await report('till-b', minimal(), await gateway.as('barista-1', { deviceId: 'till-b' }))
    expect((await deviceOf('till-b'))?.report).toMatchObject({
      accountId: 'demo-barista-1',
      branchId: null,
      waiting: 0,
      failed: 0,
      oldestWaitingAt: null,
      storage: null,
      usageBytes: null,
      quotaBytes: null,
      appVersion: null,
    })
  })

  it.each([
    ['an hour fast', 3_600_000],
    ['an hour slow', -3_600_000],
  ])('says by how much its clock is off: %s', async (_, off) => {
    const deviceId = `till-${off}`
    const before = Date.now()
    await report(deviceId, { ...minimal(), at: new Date(before + off).toISOString() })
    const skew = (await deviceOf(deviceId))?.report?.clockSkewMs as number
    expect(skew).toBeLessThanOrEqual(off)
    expect(skew).toBeGreaterThanOrEqual(off - (Date.now() - before))
  })

  it.each(['0001-01-01T00:00:00.000Z', '1970-01-01T00:00:00.000Z', '9999-12-31T23:59:59.999Z'])(
    'may come from a clock that says %s',
    async (at) => {
      const serverTime = await report('till-odd', { ...minimal(), at, oldestWaitingAt: at })
      expect((await deviceOf('till-odd'))?.report).toMatchObject({
        at,
        oldestWaitingAt: at,
        clockSkewMs: Date.parse(at) - Date.parse(serverTime),
      })
    },
  )

  it('may name a branch that the person is not assigned to: what waits there is to be seen all the same', async () => {
    await report('till-c', { ...minimal(), branchId: 'market' })
    expect((await deviceOf('till-c'))?.report).toMatchObject({ branchId: 'market' })
  })

  it('is its tenant’s own', async () => {
    const rival = await gateway.as('admin', { tenantId: 'rival', deviceId: 'till-d' })
    await report('till-d', { ...minimal(), waiting: 1 })
    await report('till-d', { ...minimal(), waiting: 2 }, rival)
    expect((await deviceOf('till-d'))?.report).toMatchObject({ waiting: 1 })
    expect((await deviceOf('till-d', rival))?.report).toMatchObject({ waiting: 2 })
  })

  it('may come many times at once', async () => {
    const till = await gateway.as('cashier-1', { deviceId: 'till-e' })
    await Promise.all(
      Array.from({ length: 20 }, (_, waiting) => report('till-e', { ...minimal(), waiting }, till)),
    )
    expect((await deviceOf('till-e'))?.report?.waiting).toBeLessThan(20)
  })
})

describe('a device', () => {
  it('that only reported is known from then on', async () => {
    const serverTime = await report('till-new', full)
    expect(await deviceOf('till-new')).toMatchObject({
      firstSeenAt: serverTime,
      lastSeenAt: serverTime,
      lastPushAt: null,
      checkpoints: [],
      gaps: [],
    })
    const again = await report('till-new', full)
    expect(await deviceOf('till-new')).toMatchObject({ firstSeenAt: serverTime, lastSeenAt: again })
  })

  it('that never reported has no report; what it pushes and pulls does not touch the one it gave', async () => {
    const till = await gateway.as('cashier-1', { deviceId: 'till-f' })
    await till.push([startWork()])
    expect((await deviceOf('till-f'))?.report).toBeNull()
    await report('till-f', full)
    const reported = (await deviceOf('till-f'))?.report
    await till.push([startWork(undefined, { deviceSeq: 2 })])
    await till.pullAll()
    await gateway.app.services.checkpoints.flush()
    expect(await deviceOf('till-f')).toMatchObject({
      report: reported,
      lastPushAt: expect.any(String),
      checkpoints: [{ branchId: 'riverside' }],
      gaps: [{ from: 1, to: 1 }],
    })
  })
})

it('on one page with others, each is shown what is its own', async () => {
  const places = ['one', 'two', 'three'].map((name, i) => ({
    deviceId: `till-page-${name}`,
    name,
    seq: i + 2,
  }))
  for (const { deviceId, name, seq } of places) {
    await (await gateway.as('barista-1', { deviceId })).push([startWork(undefined, { deviceSeq: seq })])
    await manager.direct('deviceRename', { deviceId, name }, { branchId: null })
  }
  const shutOut = await manager.direct('deviceShutOut', { deviceId: 'till-page-two' }, { branchId: null })
  expect(shutOut.status).toBe('APPLIED')
  const fields = 'deviceId name shutOutAt gapCount gaps { from to }'
  const { devices } = await manager.data<{
    devices: { edges: { node: { deviceId: string; shutOutAt: string | null } }[] }
  }>(`{ devices(tenantId: "demo", first: 200) { edges { node { ${fields} again: gaps { from to } } } } }`)
  const shown = devices.edges
    .map(({ node }) => node)
    .filter(({ deviceId }) => deviceId.startsWith('till-page-'))
  const told = places.map(({ deviceId, name, seq }) => ({
    deviceId,
    name,
    shutOutAt: name === 'two' ? expect.any(String) : null,
    gapCount: 1,
    gaps: [{ from: 1, to: seq - 1 }],
    again: [{ from: 1, to: seq - 1 }],
  }))
  expect(shown).toEqual(told.sort((a, b) => (a.deviceId < b.deviceId ? -1 : 1)))
})

describe('what is no report is BAD_USER_INPUT, and says what is wrong', () => {
  const cases: [string, object, RegExp][] = [
    ['a name that is too long', { deviceId: 'd'.repeat(129) }, /^deviceId must be 1 to 128 characters/],
    ['a branch that is too long', { branchId: 'b'.repeat(129) }, /^branchId must be 1 to 128 characters/],
    ['a branch without a name', { branchId: '' }, /^branchId must be/],
    [
      'a version that is too long',
      { appVersion: 'v'.repeat(101) },
      /^appVersion must be 1 to 100 characters/,
    ],
    ['a version with a NUL', { appVersion: '1\u0000' }, /^appVersion must be/],
    ['fewer than none that wait', { waiting: -1 }, /^waiting must be 0 or more, not -1/],
    ['fewer than none that failed', { failed: -1 }, /^failed must be 0 or more/],
    ['less storage than none', { usageBytes: -1 }, /^usageBytes must be 0 or more/],
    ['less room than none', { quotaBytes: -5 }, /^quotaBytes must be 0 or more, not -5/],
    ['more bytes than a number can say', { usageBytes: 2 ** 53 }, /SafeInt/],
    ['a time that is none', { at: 'noon' }, /DateTime/],
    ['another word for its storage', { storage: 'FOREVER' }, /DeviceStorage/],
  ]
  it.each(cases)('%s', async (_, wrong, message) => {
    const deviceId = randomUUID()
    const input = { tenantId: 'demo', deviceId, ...full, ...wrong }
    const { errors } = await cashier.send(mutation, { input })
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }])
    expect(errors![0]!.message).toMatch(message)
    expect(await deviceOf(deviceId)).toBeUndefined()
  })

  it('a version of the greatest length is taken, in letters of any kind', async () => {
    const appVersion = 'ក'.repeat(100)
    await report('till-khmer', { ...minimal(), appVersion })
    expect((await deviceOf('till-khmer'))?.report).toMatchObject({ appVersion })
  })
})
