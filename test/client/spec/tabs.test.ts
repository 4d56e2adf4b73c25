/**
 * Tabs that share a store: what they must keep however slow a store is and whenever one of them dies. Clients of one
 * process stand for them, with Node's own locks and channels. In a browser: `test/client/browser/tabs.test.ts`.
 */
import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest'
import { createSyncClient, memoryStore, type Store, type SyncClient } from '../../../client/sdk/index.ts'
import { type Gateway, startGateway } from '../../support/gateway.ts'
import { textOf } from '../support/sent.ts'
import { createNetwork, type Network, NoSocket, newBranch, pushed, sale } from '../support/till.ts'

let gateway: Gateway
beforeAll(async () => {
  gateway = await startGateway()
})
afterAll(() => gateway.close())

type Tab = {
  client: SyncClient
  network: Network
  /** What it writes from now on it tells nobody. */
  mute(): void
  /** Pushes arrive at the gateway, and are never answered. */
  holdPushes(): void
  /** Each reading of the store takes so long from now on. */
  readSlowly(ms: number): void
  /** It does nothing any more, and holds what it holds; until it thaws. */
  freeze(): () => void
  /** At once: it writes and tells nothing any more. */
  die(): void
}

let open: SyncClient[] = []
afterEach(async () => {
  await Promise.all(open.map((client) => client.close()))
  open = []
})

/** Somebody signed in, in so many tabs; the first of them leads. */
async function openTabs(count: number): Promise<{ tabs: Tab[]; another(): Promise<Tab>; branchId: string }> {
  const kept = memoryStore(`tabs ${randomUUID()}`)
  const branchId = await newBranch(gateway)
  const another = () => openTab(kept)
  const tabs = [await another()]
  const { client } = tabs[0]!
  const person = await client.people.signIn({ tenantId: 'demo', staffCode: 'admin', pin: '1234' })
  await client.switchContext({ tenantId: 'demo', branchId, actorId: person.accountId })
  await client.sync()
  while (tabs.length < count) tabs.push(await another())
  return { tabs, another, branchId }
}

async function openTab(kept: Store): Promise<Tab> {
  const network = createNetwork()
  let isMute = false
  const death = Promise.withResolvers<void>()
  let isDead = false
  let frozen: Promise<void> | null = null
  let isHeld = false
  let readMs = 30
  const store: Store = {
    ...kept,
    shared: true,
    async transact(mode, work) {
      if (isDead) return new Promise(() => {})
      await frozen
      // Slower than any message.
      if (mode === 'read') await wait(readMs)
      return kept.transact(mode, work)
    },
    close: async () => {},
  }
  const client = await createSyncClient({
    url: gateway.url,
    store,
    pullEveryMs: 3_600_000,
    environment: {
      WebSocket: NoSocket as unknown as typeof WebSocket,
      async fetch(input, init) {
        await frozen
        const response = await network.fetch(input, init)
        return isHeld && textOf(init).includes('syncPushBatch') ? new Promise(() => {}) : response
      },
      // Whoever dies lets go of what they hold.
      locks: {
        request: (name: string, options: LockOptions, work: () => unknown) =>
          navigator.locks.request(name, options, () => Promise.race([work(), death.promise])),
      } as LockManager,
      openChannel(name) {
        const channel = new BroadcastChannel(name)
        const post = channel.postMessage.bind(channel)
        channel.postMessage = (message) => isMute || post(message)
        return channel
      },
    },
  })
  open.push(client)
  return {
    client,
    network,
    mute: () => {
      isMute = true
    },
    holdPushes: () => {
      isHeld = true
    },
    readSlowly: (ms) => {
      readMs = ms
    },
    freeze() {
      const thaw = Promise.withResolvers<void>()
      frozen = thaw.promise
      isMute = true
      return () => {
        frozen = null
        isMute = false
        thaw.resolve()
      }
    },
    die() {
      isMute = true
      isDead = true
      open = open.filter((each) => each !== client)
      death.resolve()
      void client.close()
    },
  }
}

const openSession = async ({ client }: Tab, cashSessionId = randomUUID()) => {
  await client.perform('cashSession.open', { cashSessionId, openingFloat: { usd: 0, khr: 0 } })
  return cashSessionId
}
const soon = { timeout: 30_000, interval: 20 }

it('sync() in a tab that does not lead pushes what this tab has just performed', async () => {
  const { tabs } = await openTabs(2)
  const [leader, follower] = tabs as [Tab, Tab]
  const cashSessionId = await openSession(follower)
  await follower.client.sync()
  expect(follower.client.status()).toMatchObject({ leader: false, pending: 0, syncing: 0 })
  expect(follower.client.get('cashSession', cashSessionId)).toMatchObject({ pending: false })
  expect(pushed(follower.network)).toEqual([])
  expect(pushed(leader.network)).toHaveLength(1)
})

it('a verdict is told once in every tab, also where its operation is done with before the tab looks at it', async () => {
  const { tabs } = await openTabs(3)
  const [leader, follower, slow] = tabs as [Tab, Tab, Tab]
  slow.readSlowly(600)
  const told = tabs.map(({ client }) => {
    const verdicts: string[] = []
    client.onVerdict(({ clientOpId, status }) => verdicts.push(`${clientOpId} ${status}`))
    return verdicts
  })
  const cashSessionId = await openSession(leader)
  const done = new Promise<void>((resolve) => leader.client.onVerdict(() => resolve()))
  await leader.client.sync()
  await done
  await expect.poll(() => slow.client.get('cashSession', cashSessionId)?.pending, soon).toBe(false)
  await expect.poll(() => follower.client.get('cashSession', cashSessionId)?.pending, soon).toBe(false)
  await expect.poll(() => told.map(({ length }) => length), soon).toEqual([1, 1, 1])
  expect(new Set(told.flat()).size).toBe(1)
})

it('when it resolves, what was pulled is to be seen in the tab that asked', async () => {
  const { tabs, branchId } = await openTabs(2)
  const admin = await gateway.as('admin')
  const cashSessionId = randomUUID()
  await admin.direct('cashSessionOpen', { cashSessionId, openingFloat: { usd: 1, khr: 0 } }, { branchId })
  await tabs[1]!.client.sync()
  expect(tabs[1]!.client.get('cashSession', cashSessionId)).toMatchObject({ status: 'OPEN' })
})

it('somebody who goes to another branch in any tab, and syncs, sees that branch', async () => {
  const { tabs } = await openTabs(2)
  const [leader, follower] = tabs as [Tab, Tab]
  const elsewhere = await newBranch(gateway)
  await follower.client.switchContext({ ...follower.client.status().context!, branchId: elsewhere })
  await follower.client.sync()
  expect(follower.client.status().hydrated).toBe(true)
  for (const { client } of [leader, follower])
    expect(client.query('branch').map(({ id }) => id)).toEqual([elsewhere])
})

it('what a leader has marked as under way before it died, unheard of by anybody, is sent by the next', async () => {
  const { tabs } = await openTabs(2)
  const [leader, follower] = tabs as [Tab, Tab]
  leader.mute()
  leader.holdPushes()
  const cashSessionId = await openSession(leader)
  await vi.waitFor(() => expect(pushed(leader.network)).toHaveLength(1), soon)
  expect(follower.client.get('cashSession', cashSessionId)).toBeUndefined()
  leader.die()
  await vi.waitFor(() => {
    expect(follower.client.get('cashSession', cashSessionId)).toMatchObject({ pending: false })
  }, soon)
  expect(pushed(follower.network)).toEqual(pushed(leader.network))
  expect(follower.client.status()).toMatchObject({ leader: true, pending: 0, syncing: 0, failed: [] })
})

it('what a tab has queued before it died, unheard of by anybody, is sent when a tab is opened', async () => {
  const { tabs, another } = await openTabs(2)
  const [leader, follower] = tabs as [Tab, Tab]
  follower.mute()
  const cashSessionId = await openSession(follower)
  follower.die()
  const opened = await another()
  await vi.waitFor(() => {
    expect(opened.client.get('cashSession', cashSessionId)).toMatchObject({ pending: false })
  }, soon)
  expect(pushed(leader.network)).toHaveLength(1)
})

it('sync() outlives the leader that it has asked', async () => {
  const { tabs } = await openTabs(3)
  const [leader, second, third] = tabs as [Tab, Tab, Tab]
  leader.holdPushes()
  await openSession(leader)
  await vi.waitFor(() => expect(pushed(leader.network)).toHaveLength(1), soon)
  const asked = [second, third].map(({ client }) => client.sync())
  await wait(100)
  leader.die()
  await Promise.all(asked)
  for (const { client } of [second, third]) expect(client.status()).toMatchObject({ pending: 0, syncing: 0 })
})

it('sync() rejects when its tab is closed, whoever leads', async () => {
  const { tabs } = await openTabs(2)
  const [leader, follower] = tabs as [Tab, Tab]
  leader.network.state = 'down'
  leader.holdPushes()
  const asked = expect(follower.client.sync()).rejects.toMatchObject({ code: 'CLOSED' })
  await follower.client.close()
  await asked
  await expect(follower.client.sync()).rejects.toMatchObject({ code: 'CLOSED' })
})

it('a tab that takes over shows at once what was under way as waiting, also without a network', async () => {
  const { tabs } = await openTabs(2)
  const [leader, follower] = tabs as [Tab, Tab]
  leader.holdPushes()
  const cashSessionId = await openSession(leader)
  await leader.client.perform('sale.finalize', sale(cashSessionId))
  await vi.waitFor(() => expect(follower.client.status().syncing).toBeGreaterThan(0), soon)
  // Its own link has to find out, so that it does not try.
  follower.network.state = 'down'
  await expect(follower.client.read('query { __typename }', {})).rejects.toMatchObject({ code: 'OFFLINE' })
  await wait(200)
  leader.die()
  await vi.waitFor(
    () => expect(follower.client.status()).toMatchObject({ leader: true, pending: 2, syncing: 0 }),
    soon,
  )
})

it('the status is the same object until something in it changes', async () => {
  const { tabs } = await openTabs(1)
  const { client, network } = tabs[0]!
  network.state = 'down'
  await client.sync().catch(() => {})
  await vi.waitFor(() => expect(client.status().connectivity).toBe('offline'), soon)
  const before = client.status()
  let told = 0
  client.subscribe(() => {
    told += 1
  })
  await client.people.forget('nobody', 'demo')
  await vi.waitFor(() => expect(told).toBeGreaterThan(0), soon)
  expect(client.status()).toBe(before)
})

it('a leader that the system has frozen loses its lead to whoever waits for it, and takes it back from nobody', async () => {
  const { tabs } = await openTabs(2)
  const [first, second] = tabs as [Tab, Tab]
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'], shouldAdvanceTime: true, advanceTimeDelta: 5 })
  try {
    const thaw = first.freeze()
    const cashSessionId = await openSession(second)
    await vi.advanceTimersByTimeAsync(9_000)
    expect(second.client.status().leader).toBe(false)
    await vi.advanceTimersByTimeAsync(2_000)
    await vi.waitFor(() => expect(second.client.status()).toMatchObject({ leader: true, pending: 0 }), soon)
    expect(second.client.get('cashSession', cashSessionId)).toMatchObject({ status: 'OPEN' })
    thaw()
    await vi.waitFor(() => expect(first.client.status().leader).toBe(false), soon)
    await first.client.sync()
    expect(first.client.get('cashSession', cashSessionId)).toMatchObject({ pending: false })
    // One that answers keeps its lead.
    await openSession(first).catch(() => {})
    await vi.advanceTimersByTimeAsync(11_000)
    expect([first, second].map(({ client }) => client.status().leader)).toEqual([false, true])
  } finally {
    vi.useRealTimers()
  }
})

it('a tab that reads slowly sees the drawer as what is in it, at each moment', async () => {
  const { tabs } = await openTabs(2)
  const [leader, other] = tabs as [Tab, Tab]
  leader.network.state = 'down'
  const cashSessionId = await openSession(leader)
  for (let i = 0; i < 8; i += 1) await leader.client.perform('sale.finalize', sale(cashSessionId))
  await vi.waitFor(() => expect(other.client.query('sale')).toHaveLength(8), soon)
  const counted = () => ({
    drawer: other.client.get('cashSession', cashSessionId)?.expected.usd,
    sales: other.client.query('sale').length,
  })
  const seen = [counted()]
  other.client.subscribe(() => {
    const now = counted()
    if (JSON.stringify(now) !== JSON.stringify(seen.at(-1))) seen.push(now)
  })
  other.readSlowly(120)
  leader.network.state = 'up'
  await leader.client.sync()
  await vi.waitFor(() => expect(other.client.query('sale', { where: { pending: true } })).toEqual([]), soon)
  await wait(500)
  expect(seen).toHaveLength(1)
})
