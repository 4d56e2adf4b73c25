/** Tries of PINs are counted before a PIN is looked at, by staff code, device, address and day. */
import { randomBytes, randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { PinTurns } from '../../src/modules/access/pin-turns.ts'
import { createTries, purgeTries, type Tried, type Tries } from '../../src/modules/access/tries.ts'
import { type Gateway, startGateway } from '../support/gateway.ts'

const minute = 60_000
const hour = 60 * minute
let now = Date.parse('2026-03-01T08:00:00Z')
const clock = () => new Date(now)
let gateway: Gateway
let second: Gateway
let tries: Tries

beforeAll(async () => {
  // Requests say where they come from, as a proxy would.
  gateway = await startGateway({ clock, env: { TRUST_PROXY: '1' } })
  second = await startGateway({ clock, env: { TRUST_PROXY: '1' }, databaseUrl: gateway.databaseUrl })
  tries = createTries(gateway.app.db.own, randomBytes(32))
})
afterAll(async () => {
  await second?.close()
  await gateway?.close()
})
beforeEach(() => {
  now += 49 * hour
})

const signIn = 'mutation ($input: SignInInput!) { signIn(input: $input) { token } }'
type From = { deviceId?: string; address?: string; at?: Gateway; tenantId?: string }

/** What a try is answered: its code, with the message and whatever else comes with it; `SIGNED IN` where it was right. */
async function answer(staffCode: string, pin: string, from: From = {}) {
  const { deviceId = 'till-1', address = '203.0.113.1', at = gateway, tenantId = 'demo' } = from
  const response = await fetch(at.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-forwarded-for': address },
    body: JSON.stringify({
      query: signIn,
      variables: { input: { tenantId, staffCode, pin, deviceId } },
    }),
  })
  const { errors } = (await response.json()) as {
    errors?: { message: string; extensions: { code: string } }[]
  }
  return errors ? JSON.stringify(errors[0]) : 'SIGNED IN'
}
const codeIn = (text: string) => /"code":"(\w+)"/.exec(text)?.[1] ?? text
const tried = async (...args: Parameters<typeof answer>) => codeIn(await answer(...args))

async function fail(times: number, staffCode: string, from: From = {}) {
  for (let i = 0; i < times; i += 1) expect(await tried(staffCode, `000${i}`, from)).toBe('UNAUTHENTICATED')
}

describe('five failures in a row', () => {
  it('lock the code for the device and for the address that they came from; nobody else', async () => {
    await fail(5, 'cashier-1', { deviceId: 'thief', address: '198.51.100.7' })
    expect(await tried('cashier-1', '1234', { deviceId: 'thief', address: '203.0.113.9' })).toBe(
      'TOO_MANY_ATTEMPTS',
    )
    expect(await tried('cashier-1', '1234', { deviceId: 'other', address: '198.51.100.7' })).toBe(
      'TOO_MANY_ATTEMPTS',
    )
    expect(await tried('cashier-1', '1234', { deviceId: 'till-1' })).toBe('SIGNED IN')
    expect(await tried('cashier-2', '1234', { deviceId: 'thief', address: '198.51.100.7' })).toBe('SIGNED IN')
  })

  it('lock longer each time: a minute, five, fifteen, an hour, and an hour again', async () => {
    for (const pause of [1, 5, 15, 60, 60]) {
      await fail(5, 'barista-1')
      expect(await answer('barista-1', '1234')).toContain(`"retryAfterMs":${pause * minute}`)
      now += pause * minute - 1
      expect(await tried('barista-1', '1234')).toBe('TOO_MANY_ATTEMPTS')
      now += 1
    }
    expect(await tried('barista-1', '1234')).toBe('SIGNED IN')
    await fail(5, 'barista-1')
    expect(await answer('barista-1', '1234')).toContain(`"retryAfterMs":${minute}`)
  })

  it('are answered alike, right or wrong, for a code that there is and one that there is not', async () => {
    for (const staffCode of ['cashier-1', 'nobody']) await fail(5, staffCode)
    const answers = await Promise.all(
      [
        ['cashier-1', '1234'],
        ['cashier-1', '9999'],
        ['nobody', '1234'],
        ['nobody', 'x'],
      ].map(([staffCode, pin]) => answer(staffCode!, pin!)),
    )
    expect(new Set(answers).size).toBe(1)
    expect(answers[0]).toContain('TOO_MANY_ATTEMPTS')
  })
})

describe('a burst over two gateways', () => {
  it('does not betray the right PIN: five are looked at, all others are answered alike', async () => {
    // Three that are known to have failed, so that two of the burst are looked at.
    await fail(3, 'cashier-2')
    const pins = Array.from({ length: 100 }, (_, i) => (i === 60 ? '1234' : String(5000 + i)))
    const answers = await Promise.all(
      pins.map((pin, i) => answer('cashier-2', pin, { at: i % 2 ? gateway : second })),
    )
    const looked = answers.filter((text) => /UNAUTHENTICATED|SIGNED IN/.test(text))
    // RATE_LIMITED comes before a try is counted, and says nothing of it.
    const turnedAway = answers.filter((text) => /TOO_MANY_ATTEMPTS|RATE_LIMITED/.test(text))
    expect(looked.length + turnedAway.length).toBe(100)
    const signedIn = answers.filter((text) => text === 'SIGNED IN').length
    // Only a try that was counted can be right; had it been, what came after would be five again.
    expect(looked.length).toBeLessThanOrEqual(signedIn ? 7 : 2)
    if (!signedIn) expect(['TOO_MANY_ATTEMPTS', 'RATE_LIMITED']).toContain(codeIn(answers[60]!))
    expect(new Set(turnedAway).size).toBeLessThanOrEqual(2)
  })
})

const someone = (more: Partial<Tried> = {}): Tried => ({
  ...{ tenantId: 'demo', staffCode: randomUUID(), deviceId: 'd', address: 'a', generation: 0 },
  known: 'NOWHERE',
  ...more,
})

describe('the day’s budget of a code', () => {
  it('ends guessing from everywhere; whoever is known on their device does not notice', async () => {
    const { staffCode } = someone()
    const from = (i: number) => someone({ staffCode, deviceId: `d${i}`, address: `a${i}` })
    for (let i = 0; i < 100; i += 1) expect(await tries.reserve(from(i), clock())).toBe(true)
    expect(await tries.reserve(from(100), clock())).toBe(false)
    expect(await tries.lockedFor(from(100), clock())).toBe(24 * hour)
    const known = { ...from(101), known: 'DEVICE' } as const
    expect(await tries.lockedFor(known, clock())).toBe(0)
    expect(await tries.reserve(known, clock())).toBe(true)
    now += 24 * hour
    expect(await tries.reserve(from(102), clock())).toBe(true)
  })

  it('is not used up by those who get in', async () => {
    const { staffCode } = someone()
    for (let i = 0; i < 101; i += 1) {
      const from = someone({ staffCode, deviceId: `d${i}`, address: `a${i}` })
      expect(await tries.reserve(from, clock())).toBe(true)
      await tries.succeed(from)
    }
  })
})

it('tries that come at once are each counted', async () => {
  const who = someone()
  const reserved = await Promise.all(Array.from({ length: 50 }, () => tries.reserve(who, clock())))
  expect(reserved.filter(Boolean)).toHaveLength(5)
})

it('a new PIN begins anew; success forgets the failures of its device and address alone', async () => {
  const who = someone()
  for (let i = 0; i < 5; i += 1) await tries.reserve(who, clock())
  expect(await tries.reserve(who, clock())).toBe(false)
  expect(await tries.reserve({ ...who, generation: 1 }, clock())).toBe(true)
  const [here, elsewhere] = [someone(), someone({ deviceId: 'e', address: 'b' })]
  const there = { ...elsewhere, staffCode: here.staffCode }
  for (const each of [here, here, here, here, there, there, there, there, there])
    await tries.reserve(each, clock())
  await tries.succeed(here)
  expect(await tries.reserve(here, clock())).toBe(true)
  expect(await tries.reserve(there, clock())).toBe(false)
})

it('what counts no more is forgotten; who typed what is not to be read', async () => {
  const { db } = gateway.app
  await db.own.run('delete from sign_in_try', [])
  await tries.reserve(someone({ staffCode: '471147114711' }), clock())
  now += hour
  await tries.reserve(someone(), clock())
  expect(await purgeTries(db.own, clock())).toBe(0)
  now += 23 * hour
  expect(await purgeTries(db.own, clock())).toBe(3)
  const rows = await db.own.rows<{ row: string }>('select t::text as row from sign_in_try t', [])
  expect(rows).toHaveLength(3)
  expect(rows.map(({ row }) => row).join()).not.toContain('471147114711')
})

describe('from outside', () => {
  it('nobody is locked out of their own till, though its name is known and every budget is used up', async () => {
    const till = { deviceId: 'till-1', address: '203.0.113.1' }
    expect(await tried('cashier-1', '1234', till)).toBe('SIGNED IN')
    // The till's name from elsewhere, and the café's address with another name: as guests on its network have it.
    await fail(5, 'cashier-1', { ...till, address: '198.51.100.7' })
    await fail(5, 'cashier-1', { ...till, deviceId: 'guest' })
    const elsewhere = { ...till, address: '198.51.100.8' }
    expect(await tried('cashier-1', '1234', elsewhere)).toBe('TOO_MANY_ATTEMPTS')
    await fail(3, 'cashier-1', till)
    expect(await tried('cashier-1', '1234', till)).toBe('SIGNED IN')
  })

  it('guesses that name the till are as few as any device’s; at the till itself too', async () => {
    const { staffCode } = someone()
    const named = (i: number): Tried => someone({ staffCode, address: `a${i}`, known: 'DEVICE' })
    for (let i = 0; i < 5; i += 1) expect(await tries.reserve(named(i), clock())).toBe(true)
    expect(await tries.reserve(named(5), clock())).toBe(false)
    const there = someone({ staffCode, known: 'DEVICE_AND_ADDRESS' })
    for (let i = 0; i < 5; i += 1) expect(await tries.reserve(there, clock())).toBe(true)
    expect(await tries.reserve(there, clock())).toBe(false)
  })

  it('a person who moves with their till is known where they are now', async () => {
    const [old, here] = ['203.0.113.50', '203.0.113.51'].map((address) => ({ deviceId: 'moving', address }))
    expect(await tried('cashier-2', '1234', old)).toBe('SIGNED IN')
    expect(await tried('cashier-2', '1234', here)).toBe('SIGNED IN')
    await fail(5, 'cashier-2', { ...here, deviceId: 'guest' })
    expect(await tried('cashier-2', '1234', here)).toBe('SIGNED IN')
    await fail(5, 'cashier-2', { ...old, deviceId: 'another guest' })
    expect(await tried('cashier-2', '1234', old)).toBe('TOO_MANY_ATTEMPTS')
  })
})

describe('those who wait to be looked at', () => {
  const turnsOf = () => new PinTurns({ atOnce: 2, waiting: 10, ofAddress: 4 })
  const gate = () => Promise.withResolvers<void>()

  it('are bounded, by address too; what is finished makes room', async () => {
    const turns = turnsOf()
    const { promise, resolve } = gate()
    const crowd = Array.from({ length: 4 }, () => turns.try('demo', 'a', () => promise.then(() => 1)))
    expect(await turns.try('demo', 'a', async () => 1)).toBeNull()
    expect(await turns.try('rival', 'a', async () => 1)).toBeNull()
    const others = Array.from({ length: 6 }, (_, i) =>
      turns.try('demo', `b${i}`, () => promise.then(() => 1)),
    )
    expect(await turns.try('rival', 'c', async () => 1)).toBeNull()
    resolve()
    expect(await Promise.all([...crowd, ...others])).toEqual(Array(10).fill(1))
    expect(await turns.try('demo', 'a', async () => 2)).toBe(2)
  })

  it('take turns: tenants, and the addresses of a tenant', async () => {
    const turns = new PinTurns({ atOnce: 1, waiting: 100, ofAddress: 100 })
    const order: string[] = []
    const come = (tenantId: string, address: string) =>
      turns.try(tenantId, address, async () => void order.push(`${tenantId} ${address}`))
    const all = [
      ...Array.from({ length: 20 }, () => come('demo', 'crowd')),
      come('demo', 'till'),
      come('rival', 'till'),
    ]
    await Promise.all(all)
    expect(order.indexOf('rival till')).toBeLessThan(4)
    expect(order.indexOf('demo till')).toBeLessThan(6)
  })

  it('rest between two of an address, in which others are looked at', async () => {
    const turns = new PinTurns({ atOnce: 1, waiting: 100, ofAddress: 100 })
    const order: string[] = []
    const come = (address: string) => turns.try('demo', address, async () => void order.push(address))
    await Promise.all(['crowd', 'crowd', 'crowd', 'till', 'tablet'].map(come))
    expect(order).toEqual(['crowd', 'till', 'tablet', 'crowd', 'crowd'])
  })

  it('a failure gives its place back', async () => {
    const turns = turnsOf()
    for (let i = 0; i < 20; i += 1)
      await expect(turns.try('demo', 'a', () => Promise.reject(new Error('x')))).rejects.toThrow('x')
    expect(await turns.try('demo', 'a', async () => 1)).toBe(1)
  })
})
