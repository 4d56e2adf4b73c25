import { pbkdf2Sync } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { createNewsDesk } from '../../client/sdk/news.ts'
import { loadPeople, type PeopleKeeper } from '../../client/sdk/people/people.ts'
import type { PersonRecord } from '../../client/sdk/people/person.ts'
import { TokenBook } from '../../client/sdk/people/token-book.ts'
import { memoryStore } from '../../client/sdk/store/memory.ts'
import { migrate } from '../../client/sdk/store/migrate.ts'
import { type Store, StoreError } from '../../client/sdk/store/store.ts'
import { createTransport } from '../../client/sdk/transport/http.ts'
import { startBrokenServer } from '../support/broken-server.ts'
import { type Client, type Gateway, startGateway } from '../support/gateway.ts'
import { dismiss, employ } from '../support/people.ts'

let gateway: Gateway
let admin: Client
beforeAll(async () => {
  gateway = await startGateway({ env: { TRUST_PROXY: '1' } })
  admin = await gateway.as('admin')
})
afterAll(() => gateway?.close())

/** Each device is at an address of its own: PINs of one are looked at with a rest between them. */
let devices = 0
const fetchAt =
  (address: string): typeof fetch =>
  (input, init) => {
    const headers = new Headers(init?.headers)
    headers.set('x-forwarded-for', address)
    return fetch(input, { ...init, headers })
  }

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

const nowhere = 'http://127.0.0.1:9/graphql'

/** With whose token it would ask, and what it tells the other tabs. */
type PeopleInTab = PeopleKeeper & {
  tokenFor(
    tenantId: string,
    accountId: string,
    asked: { refused: string | null },
  ): { token: string; accountId: string; role: string } | null
  onStored(listener: () => void): void
}

/** A device: its store and clock outlive what runs on it. `url`: where it believes the gateway to be. */
type AtWork = { tenantId: string; actorId: string } | null
async function openDevice({
  store = memoryStore() as Store,
  url = gateway.url,
  atWork = null as AtWork,
} = {}) {
  await store.open()
  devices += 1
  const address = `10.0.0.${devices}`
  const device = {
    store,
    url,
    online: true,
    /** Milliseconds by which its clock is ahead. */
    ahead: 0,
    people: undefined as unknown as PeopleInTab,
    atWork,
    /** As the client does it when somebody begins to work; null: when they leave. */
    async enter(accountId: string | null) {
      const who = accountId === null ? null : { tenantId: 'demo', actorId: accountId }
      await device.people.enter(who)
      device.atWork = who
    },
    /** As after the app was closed and opened again, or in another tab. */
    async load(): Promise<PeopleInTab> {
      const transport = createTransport({
        url: device.url,
        // The people's tokens are given with the requests; the transport has none of its own.
        token: async () => null,
        fetch: fetchAt(address),
        WebSocket: globalThis.WebSocket,
        random: Math.random,
      })
      closing.push(() => transport.close())
      const tokens = new TokenBook({ atWork: () => null })
      const news = createNewsDesk()
      const people = await loadPeople({
        store,
        deviceId: 'till-1',
        transport,
        tokens,
        news,
        isOnline: () => device.online,
        atWork: () => device.atWork,
        now: () => new Date(Date.now() + device.ahead),
        pinRounds: 1000,
      })
      return Object.assign(people, {
        tokenFor(tenantId: string, accountId: string, asked: { refused: string | null }) {
          const token = tokens.tokenOf({ tenantId, actorId: accountId }, asked)
          const person = people.list(tenantId).find((each) => each.accountId === accountId)
          return token !== null && person ? { token, accountId, role: person.role } : null
        },
        onStored: (listener: () => void) => news.on('people', listener),
      })
    },
    async reopen() {
      device.people = await device.load()
    },
    /** From now on there is no network, and the app knows. */
    async goOffline() {
      device.online = false
      device.url = nowhere
      await device.reopen()
    },
  }
  await device.reopen()
  return device
}
type Device = Awaited<ReturnType<typeof openDevice>>

const cashier = { tenantId: 'demo', staffCode: 'cashier-1', pin: '1234' }
/** A device on which a person has signed in. */
async function deviceOf(credentials = cashier) {
  const device = await openDevice()
  const person = await device.people.signIn(credentials)
  return { device, person, confirm: (pin: string) => device.people.confirm(person.accountId, 'demo', pin) }
}
/** Someone whom no other test meets. */
async function newcomer(staffCode: string, role: 'CASHIER' | 'STAFF' = 'CASHIER') {
  await employ(admin, staffCode, { role, branchIds: ['riverside'] })
  return { tenantId: 'demo', staffCode, pin: '1234' }
}
const times = (count: number, act: () => Promise<unknown>) =>
  Promise.allSettled(Array.from({ length: count }, act))

const failsWith = (code: string, name = 'SyncFailed') => expect.objectContaining({ name, code })
const offline = failsWith('OFFLINE', 'Offline')
const recordsOf = (device: Device) => device.store.transact('read', (tx) => tx.list<PersonRecord>('people'))
/** Everything that is kept, as whoever has the tablet would read it. */
const keptOn = async ({ store }: Device) =>
  JSON.stringify(await store.transact('read', async (tx) => [await tx.list('people'), await tx.list('meta')]))
const tokenOf = (device: Device, accountId: string) =>
  device.people.tokenFor('demo', accountId, { refused: null })?.token

describe('signing in', () => {
  test('the gateway lets them in, and who they are is remembered', async () => {
    const { device, person } = await deviceOf()
    expect(person).toMatchObject({
      tenantId: 'demo',
      staffCode: 'cashier-1',
      role: 'CASHIER',
      branchIds: ['riverside'],
      hasToken: true,
    })
    expect(person.name).toMatch(/\w/)
    await device.reopen()
    expect(device.people.list('demo')).toEqual([person])
    expect(device.people.list()).toEqual([person])
    expect(device.people.list('rival')).toEqual([])
  })

  test('the token is theirs, and good at the gateway', async () => {
    const { device, person } = await deviceOf()
    const found = device.people.tokenFor('demo', person.accountId, { refused: null })
    expect(found).toMatchObject({ accountId: person.accountId, role: 'CASHIER' })
    const { me } = await gateway
      .withToken(found!.token)
      .data<{ me: object }>('{ me(tenantId: "demo") { accountId } }')
    expect(me).toEqual({ accountId: person.accountId })
  })

  test('a wrong PIN, and a person or business that is not there: WRONG_PIN, and nothing is kept', async () => {
    const { people } = await openDevice()
    for (const wrong of [{ pin: '4321' }, { staffCode: 'nobody' }, { tenantId: 'nowhere' }])
      await expect(people.signIn({ ...cashier, ...wrong })).rejects.toEqual(failsWith('WRONG_PIN'))
    expect(people.list()).toEqual([])
  })

  test('a staff code that the gateway has locked: TOO_MANY_ATTEMPTS', async () => {
    const credentials = await newcomer('locked')
    const { people } = await openDevice()
    await times(5, () => people.signIn({ ...credentials, pin: '4321' }))
    await expect(people.signIn(credentials)).rejects.toEqual(failsWith('TOO_MANY_ATTEMPTS'))
  })

  test('a gateway that cannot be reached: Offline', async () => {
    const { people } = await openDevice({ url: nowhere })
    await expect(people.signIn(cashier)).rejects.toEqual(offline)
  })

  test('neither the PIN nor a hash of it is kept, and the token only sealed', async () => {
    await admin.direct(
      'staffSave',
      {
        accountId: 'demo-pin',
        staffCode: 'pin',
        name: 'P',
        role: 'STAFF',
        branchIds: ['riverside'],
        pin: '864297531',
      },
      { branchId: null },
    )
    const credentials = { tenantId: 'demo', staffCode: 'pin', pin: '864297531' }
    const { device, person } = await deviceOf(credentials)
    const token = tokenOf(device, person.accountId)!
    const kept = await keptOn(device)
    for (const secret of [credentials.pin, token, token.split('.')[2]!]) expect(kept).not.toContain(secret)
    const [record] = await recordsOf(device)
    expect(record!.value).toMatchObject({ open: null, pinHash: null, sealed: { iterations: 1000 } })
  })
})

describe('what lies open', () => {
  test('only what whoever is at work has, until they leave or somebody takes over', async () => {
    const { device, person } = await deviceOf()
    const manager = await device.people.signIn({ ...cashier, staffCode: 'manager' })
    const tokens = [person, manager].map(({ accountId }) => tokenOf(device, accountId)!)
    const openOn = async () => tokens.map((token) => keptOn(device).then((kept) => kept.includes(token)))
    const areOpen = async () => Promise.all(await openOn())
    expect(await areOpen()).toEqual([false, false])
    await device.enter(person.accountId)
    expect(await areOpen()).toEqual([true, false])
    expect(tokenOf(device, manager.accountId)).toBeUndefined()
    await device.reopen()
    expect(tokenOf(device, person.accountId)).toBe(tokens[0])

    device.online = false
    await device.people.confirm(manager.accountId, 'demo', '1234')
    expect(await areOpen()).toEqual([true, false])
    await device.enter(manager.accountId)
    expect(await areOpen()).toEqual([false, true])
    expect(tokenOf(device, manager.accountId)).toBe(tokens[1])
    await device.enter(null)
    expect(await areOpen()).toEqual([false, false])
    await device.people.confirm(person.accountId, 'demo', '1234')
    expect(tokenOf(device, person.accountId)).toBe(tokens[0])
  })

  test('of somebody who was not at work any more when the app died, nothing', async () => {
    const { device, person } = await deviceOf()
    await device.enter(person.accountId)
    // The word on who is at work is stored after what they have.
    device.atWork = null
    await device.reopen()
    expect(tokenOf(device, person.accountId)).toBeUndefined()
    expect((await recordsOf(device))[0]!.value).toMatchObject({ open: null })
  })

  test('a device key that is gone takes the seals with it: a connection is needed, and no PIN is called wrong', async () => {
    const { device, confirm } = await deviceOf()
    await device.goOffline()
    await device.store.transact('write', (tx) => tx.delete('meta', 'deviceKey'))
    await expect(confirm('1234')).rejects.toEqual(offline)
    expect((await recordsOf(device))[0]!.value).toMatchObject({ failedAttempts: 0 })
  })
})

describe('a device that is shut out', () => {
  test('everything of its people goes but their names, and the key; another business keeps what it has', async () => {
    const { device, person } = await deviceOf()
    await device.enter(person.accountId)
    const rival = await device.people.signIn({ tenantId: 'rival', staffCode: 'admin', pin: '1234' })
    await device.people.shutOut('demo')
    expect(tokenOf(device, person.accountId)).toBeUndefined()
    const records = new Map((await recordsOf(device)).map(({ value }) => [value!.tenantId, value!]))
    expect(records.get('demo')).toMatchObject({ open: null, sealed: null, name: person.name })
    expect(records.get('rival')?.sealed).not.toBeNull()
    expect([device.people.isShutOut('demo'), device.people.isShutOut('rival')]).toEqual([true, false])

    await device.goOffline()
    await expect(device.people.confirm(person.accountId, 'demo', '1234')).rejects.toEqual(offline)
    await device.people.confirm(rival.accountId, 'rival', '1234')
    await device.people.shutOut('rival')
    expect(await keptOn(device)).not.toContain('deviceKey')
  })

  test('it is known after the app was closed, until the gateway lets somebody in again', async () => {
    const { device, person, confirm } = await deviceOf()
    await device.people.shutOut('demo')
    await device.reopen()
    expect(device.people.isShutOut('demo')).toBe(true)
    await confirm('1234')
    expect(device.people.isShutOut('demo')).toBe(false)
    await device.reopen()
    expect(device.people.isShutOut('demo')).toBe(false)
    device.online = false
    expect(await confirm('1234')).toMatchObject({ accountId: person.accountId })
  })
})

describe('a device of the first edition', () => {
  /** As that edition has kept two people, of whom the cashier is at work. */
  async function firstEdition() {
    const salt = Buffer.from('00112233445566778899aabbccddeeff', 'hex')
    const key = pbkdf2Sync('1234', salt, 1000, 32, 'sha256').toString('hex')
    const store = memoryStore()
    await store.open()
    await store.transact('write', async (tx) => {
      void tx.put('meta', 'schemaVersion', 1)
      void tx.put('meta', 'context', { tenantId: 'demo', branchId: 'riverside', actorId: 'demo-cashier-1' })
      for (const staffCode of ['cashier-1', 'manager'])
        void tx.put('people', `demo\u0000demo-${staffCode}`, {
          ...{
            accountId: `demo-${staffCode}`,
            tenantId: 'demo',
            staffCode,
            name: staffCode,
            role: 'CASHIER',
          },
          ...{ branchIds: ['riverside'], lastSignedInAt: '2026-03-01T12:00:00.000Z' },
          token: { value: `token of ${staffCode}`, expiresAt: '2099-01-01T00:00:00.000Z' },
          pinHash: `pbkdf2-sha256$1000$${salt.toString('hex')}$${key}`,
          ...{ failedAttempts: 0, lockedAt: null },
        })
    })
    await migrate(store)
    return openDevice({ store, atWork: { tenantId: 'demo', actorId: 'demo-cashier-1' } })
  }

  test('who is at work goes on; the tokens of the others are gone from the disk', async () => {
    const device = await firstEdition()
    expect(tokenOf(device, 'demo-cashier-1')).toBe('token of cashier-1')
    expect(tokenOf(device, 'demo-manager')).toBeUndefined()
    expect(await keptOn(device)).not.toContain('token of manager')
  })

  test('the others take over by their PIN, and have a token again once they sign in with a connection', async () => {
    const device = await firstEdition()
    device.online = false
    const confirm = (pin: string) => device.people.confirm('demo-manager', 'demo', pin)
    await expect(confirm('4321')).rejects.toEqual(failsWith('WRONG_PIN'))
    expect(await confirm('1234')).toMatchObject({ accountId: 'demo-manager', hasToken: false })
    await device.enter('demo-manager')
    expect(tokenOf(device, 'demo-manager')).toBeUndefined()
    device.online = true
    expect(await confirm('1234')).toMatchObject({ hasToken: true, role: 'MANAGER' })
    const manager = (await recordsOf(device)).find(({ value }) => value?.accountId === 'demo-manager')
    expect(manager?.value).toMatchObject({ pinHash: null, sealed: { iterations: 1000 } })
    device.online = false
    await expect(confirm('4321')).rejects.toEqual(failsWith('WRONG_PIN'))
    await confirm('1234')
  })
})

describe('taking over without a network', () => {
  test('by the PIN, also after the app was closed', async () => {
    const { device, person, confirm } = await deviceOf()
    await device.goOffline()
    device.ahead = 5000
    const confirmed = await confirm('1234')
    expect(confirmed).toEqual({ ...person, lastSignedInAt: confirmed.lastSignedInAt })
    expect(confirmed.lastSignedInAt > person.lastSignedInAt).toBe(true)
  })

  test('also when the token has run out', async () => {
    const { device, confirm } = await deviceOf()
    await device.goOffline()
    device.ahead = 30 * 24 * 3600_000
    expect(await confirm('1234')).toMatchObject({ hasToken: false })
  })

  test('a wrong PIN: WRONG_PIN; a person who never signed in here: UNKNOWN_PERSON', async () => {
    const { device, person, confirm } = await deviceOf()
    await device.goOffline()
    await expect(confirm('4321')).rejects.toEqual(failsWith('WRONG_PIN'))
    await expect(confirm('')).rejects.toEqual(failsWith('WRONG_PIN'))
    await expect(device.people.confirm('demo-manager', 'demo', '1234')).rejects.toEqual(
      failsWith('UNKNOWN_PERSON'),
    )
    await expect(device.people.confirm(person.accountId, 'rival', '1234')).rejects.toEqual(
      failsWith('UNKNOWN_PERSON'),
    )
  })

  test('five wrong PINs in a row lock for a minute, also after the app was closed', async () => {
    const { device, confirm } = await deviceOf()
    await device.goOffline()
    for (let each = 0; each < 5; each += 1) {
      await expect(confirm('4321')).rejects.toEqual(failsWith('WRONG_PIN'))
      await device.reopen()
    }
    await expect(confirm('1234')).rejects.toEqual(failsWith('TOO_MANY_ATTEMPTS'))
    device.ahead = 58_000
    await device.reopen()
    await expect(confirm('1234')).rejects.toEqual(failsWith('TOO_MANY_ATTEMPTS'))
    device.ahead = 61_000
    await confirm('1234')
  })

  test('a lock holds with a network too', async () => {
    const { device, confirm } = await deviceOf()
    device.online = false
    await times(5, () => confirm('4321'))
    device.online = true
    await expect(confirm('1234')).rejects.toEqual(failsWith('TOO_MANY_ATTEMPTS'))
  })

  test('a right PIN between wrong ones begins the count anew', async () => {
    const { device, confirm } = await deviceOf()
    await device.goOffline()
    for (let round = 0; round < 2; round += 1) {
      await times(4, () => confirm('4321'))
      await confirm('1234')
    }
  })

  test('wrong PINs tried beside each other are all counted', async () => {
    const { device, confirm } = await deviceOf()
    await device.goOffline()
    const tries = await times(8, () => confirm('4321'))
    const codes = tries.map((each) => each.status === 'rejected' && each.reason.code)
    expect(codes.toSorted()).toEqual([...Array(3).fill('TOO_MANY_ATTEMPTS'), ...Array(5).fill('WRONG_PIN')])
  })

  test('a tab that has not heard of a lock heeds it, and does not lift it', async () => {
    const { device, person, confirm } = await deviceOf()
    await device.goOffline()
    const other = await device.load()
    await times(5, () => confirm('4321'))
    await expect(other.confirm(person.accountId, 'demo', '1234')).rejects.toEqual(
      failsWith('TOO_MANY_ATTEMPTS'),
    )
    await expect(confirm('1234')).rejects.toEqual(failsWith('TOO_MANY_ATTEMPTS'))
    await device.reopen()
    await expect(confirm('1234')).rejects.toEqual(failsWith('TOO_MANY_ATTEMPTS'))
  })
})

describe('taking over with a network', () => {
  test('renews the token', async () => {
    const { device, person, confirm } = await deviceOf()
    const first = device.people.tokenFor('demo', person.accountId, { refused: null })
    await wait(1100)
    expect(await confirm('1234')).toMatchObject({ accountId: person.accountId, hasToken: true })
    const second = device.people.tokenFor('demo', person.accountId, { refused: null })
    expect(second?.token).not.toBe(first?.token)
    await device.people.signOut(person.accountId, 'demo')
    expect(await confirm('1234')).toMatchObject({ hasToken: true })
  })

  test('learns of a new role, name and branches', async () => {
    const { confirm, person } = await deviceOf(await newcomer('promoted'))
    const changes = { name: 'Sokha', role: 'MANAGER', branchIds: ['market', 'riverside'] }
    await admin.direct('staffSave', { accountId: person.accountId, ...changes }, { branchId: null })
    expect(await confirm('1234')).toMatchObject(changes)
  })

  test('a wrong PIN: WRONG_PIN; five in a row: TOO_MANY_ATTEMPTS, here and at the gateway', async () => {
    const { device, confirm } = await deviceOf(await newcomer('forgetful'))
    for (let each = 0; each < 5; each += 1)
      await expect(confirm('4321')).rejects.toEqual(failsWith('WRONG_PIN'))
    await expect(confirm('1234')).rejects.toEqual(failsWith('TOO_MANY_ATTEMPTS'))
    device.ahead = 61_000
    const atGateway = expect.objectContaining({
      code: 'TOO_MANY_ATTEMPTS',
      details: { retryAfterMs: expect.toSatisfy((ms: number) => ms > 0 && ms <= 60_000) },
    })
    await expect(confirm('1234')).rejects.toEqual(atGateway)
    expect(device.people.list()).toMatchObject([{ hasToken: true }])
  })

  test.each([
    ['cannot be reached', nowhere],
    ['is behind a proxy that answers for it', null],
  ])('when the gateway %s, the PIN kept here decides', async (_, url) => {
    const proxy = await startBrokenServer((response) => response.writeHead(502).end('<h1>Bad Gateway</h1>'))
    closing.push(proxy.close)
    const { device, confirm } = await deviceOf()
    device.url = url ?? proxy.url
    await device.reopen()
    await expect(confirm('4321')).rejects.toEqual(failsWith('WRONG_PIN'))
    expect(await confirm('1234')).toMatchObject({ hasToken: true })
  })

  test('nobody waits for long at the till; a token that comes late is kept all the same', async () => {
    const { device, person, confirm } = await deviceOf()
    await device.enter(person.accountId)
    await device.people.signOut(person.accountId, 'demo')
    const first = tokenOf(device, person.accountId)
    await wait(1100)
    let letThrough = () => {}
    const patience = new Promise<void>((resolve) => {
      letThrough = resolve
    })
    const slow = await startBrokenServer(async (response, { headers }, body) => {
      await patience
      const { authorization } = headers
      const answer = await fetch(gateway.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...(authorization && { authorization }) },
        body: new Uint8Array(body),
      })
      response.writeHead(answer.status, { 'content-type': 'application/json' }).end(await answer.text())
    })
    closing.push(slow.close)
    device.url = slow.url
    await device.reopen()
    const since = Date.now()
    await confirm('1234')
    expect(Date.now() - since).toBeLessThan(15_000)
    const unsealed = tokenOf(device, person.accountId)
    expect([first, unsealed]).toEqual([undefined, expect.any(String)])
    letThrough()
    await vi.waitFor(() => expect(tokenOf(device, person.accountId)).not.toBe(unsealed), 20_000)
  })

  test('who was let go loses the token and may not take over any more; what they queued stays', async () => {
    const { device, person, confirm } = await deviceOf(await newcomer('let-go'))
    await device.store.transact('write', (tx) => tx.put('operations', '1', { actorId: person.accountId }))
    await dismiss(admin, person.accountId)
    // A wrong PIN tells nothing about them.
    await expect(confirm('4321')).rejects.toEqual(failsWith('WRONG_PIN'))
    expect(device.people.list()).toMatchObject([{ hasToken: true }])

    await expect(confirm('1234')).rejects.toEqual(failsWith('WRONG_PIN'))
    expect(device.people.list()).toMatchObject([{ hasToken: false }])
    expect(device.people.tokenFor('demo', person.accountId, { refused: null })).toBeNull()
    await device.goOffline()
    await expect(confirm('1234')).rejects.toEqual(offline)
    const queued = await device.store.transact('read', (tx) => tx.list('operations'))
    expect(queued).toEqual([{ key: '1', value: { actorId: person.accountId } }])
  })

  test('after their PIN was changed the old one is good for nothing, and the new one is, here too', async () => {
    const { device, person, confirm } = await deviceOf(await newcomer('new-pin'))
    await admin.direct('staffSave', { accountId: person.accountId, pin: '567890' }, { branchId: null })
    await expect(confirm('1234')).rejects.toEqual(failsWith('WRONG_PIN'))
    device.url = nowhere
    await device.reopen()
    await expect(confirm('1234')).rejects.toEqual(offline)
    device.url = gateway.url
    await device.reopen()
    expect(await confirm('567890')).toMatchObject({ hasToken: true })
    device.online = false
    await confirm('567890')
    await expect(confirm('1234')).rejects.toEqual(failsWith('WRONG_PIN'))
  })

  test('a staff code that is now somebody else’s does not let them in under this name', async () => {
    const { device, person, confirm } = await deviceOf(await newcomer('code-1'))
    await admin.direct('staffSave', { accountId: person.accountId, staffCode: 'code-2' }, { branchId: null })
    await employ(admin, 'code-1', {
      accountId: 'somebody-else',
      role: 'STAFF',
      branchIds: ['riverside'],
    })
    await expect(confirm('1234')).rejects.toEqual(failsWith('UNKNOWN_PERSON'))
    expect(device.people.list()).toMatchObject([{ accountId: person.accountId, role: 'CASHIER' }])
  })
})

describe('tokens', () => {
  test("one that was refused is not given again, and nobody else's stands in for it", async () => {
    const { device, person } = await deviceOf()
    await device.people.signIn({ ...cashier, staffCode: 'manager' })
    const tokenFor = (refused: string | null) => device.people.tokenFor('demo', person.accountId, { refused })
    const own = tokenFor(null)!
    expect(own.accountId).toBe(person.accountId)
    expect(tokenFor(own.token)).toBeNull()
    expect(tokenFor(null)).toBeNull()
    await wait(1100)
    await device.people.confirm(person.accountId, 'demo', '1234')
    expect(tokenFor(null)).toMatchObject({ accountId: person.accountId })
  })

  test('who signs out has none open, stays in the list, and takes over by PIN', async () => {
    const { device, person, confirm } = await deviceOf()
    await device.enter(person.accountId)
    await device.people.signOut(person.accountId, 'demo')
    expect(tokenOf(device, person.accountId)).toBeUndefined()
    expect(device.people.list()).toEqual([person])
    await device.goOffline()
    expect(await confirm('1234')).toMatchObject({ accountId: person.accountId })
    expect(tokenOf(device, person.accountId)).toBeDefined()
  })

  test('who is forgotten is gone from the device', async () => {
    const { device, person, confirm } = await deviceOf()
    await device.people.forget(person.accountId, 'demo')
    expect(device.people.list()).toEqual([])
    expect(await recordsOf(device)).toEqual([])
    await expect(confirm('1234')).rejects.toEqual(failsWith('UNKNOWN_PERSON'))
  })
})

describe('the list', () => {
  test('whoever signed in last comes first', async () => {
    const { device } = await deviceOf()
    await device.people.signIn({ ...cashier, staffCode: 'manager' })
    const codes = () => device.people.list().map(({ staffCode }) => staffCode)
    expect(codes()).toEqual(['manager', 'cashier-1'])
    device.ahead = 1000
    await device.people.confirm(device.people.list()[1]!.accountId, 'demo', '1234')
    expect(codes()).toEqual(['cashier-1', 'manager'])
  })

  test('is the same array until something in it changes', async () => {
    const { device, person } = await deviceOf()
    const before = device.people.list('demo')
    expect(device.people.list('demo')).toBe(before)
    device.ahead = 24 * 3600_000
    const later = device.people.list('demo')
    expect(later).toMatchObject([{ accountId: person.accountId, hasToken: false }])
    expect(device.people.list('demo')).toBe(later)
  })

  test('listeners are told of each change until they stop', async () => {
    const { device, person } = await deviceOf()
    const listener = vi.fn()
    const stop = device.people.subscribe(listener)
    await device.people.signOut(person.accountId, 'demo')
    expect(listener).toHaveBeenCalledTimes(1)
    stop()
    await device.people.forget(person.accountId, 'demo')
    expect(listener).toHaveBeenCalledTimes(1)
  })

  test('another tab reads what this one has stored, when it is told', async () => {
    const { device, person } = await deviceOf()
    await device.enter(person.accountId)
    const other = await device.load()
    const told = vi.fn()
    device.people.onStored(told)
    await device.people.signOut(person.accountId, 'demo')
    expect(told).toHaveBeenCalledTimes(1)
    expect(other.tokenFor('demo', person.accountId, { refused: null })).not.toBeNull()

    const [heard, stored] = [vi.fn(), vi.fn()]
    other.subscribe(heard)
    other.onStored(stored)
    await other.reload()
    expect(other.tokenFor('demo', person.accountId, { refused: null })).toBeNull()
    expect([heard.mock.calls.length, stored.mock.calls.length]).toEqual([1, 0])
  })
})

describe('a store in trouble', () => {
  test('a record that is no person costs itself, not the others', async () => {
    const { device, person } = await deviceOf()
    await device.store.transact('write', (tx) => tx.put('people', 'demo\u0000broken', { accountId: 7 }))
    await device.reopen()
    expect(device.people.list()).toEqual([person])
  })

  test('a full store keeps nobody from signing in, so that the queue that fills it can be sent', async () => {
    const store = memoryStore()
    const full: Store = {
      ...store,
      transact: (mode, work) =>
        mode === 'read'
          ? store.transact(mode, work)
          : Promise.reject(new StoreError('FULL', 'Nothing more fits.')),
    }
    const { people } = await openDevice({ store: full })
    const { accountId } = await people.signIn(cashier)
    expect(people.tokenFor('demo', accountId, { refused: null })).toMatchObject({ accountId })
  })

  test('any other fault of the store is told', async () => {
    const store = memoryStore()
    const { people } = await openDevice({ store })
    await store.close()
    await expect(people.signIn(cashier)).rejects.toEqual(expect.objectContaining({ fault: 'UNAVAILABLE' }))
  })
})
