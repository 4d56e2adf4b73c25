/**
 * The socket for nudges on bad days: it never gives up, and needs nobody to help it. Against a real gateway; `random`
 * is 0, so that no wait is longer than it must be.
 */
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket as NodeWebSocket } from 'ws'
import { createTransport, type TransportOptions } from '../../client/sdk/transport/http.ts'
import type { Nudge, Transport } from '../../client/sdk/transport/transport.ts'
import { moduleScopes } from '../../src/modules/words.ts'
import { freePort } from '../../src/platform/embedded/free-port.ts'
import { openLine } from '../line/line.ts'
import { assign, newBranch } from '../support/branch.ts'
import { startBrokenServer, startFreezer } from '../support/broken-server.ts'
import { type Client, type Gateway, operation, startGateway } from '../support/gateway.ts'
import { dismiss, forgeToken, hire } from '../support/people.ts'

let gateway: Gateway
let admin: Client
let cashier: Client
beforeAll(async () => {
  gateway = await startGateway()
  admin = await gateway.as('admin')
  cashier = await gateway.as('cashier-1')
})
afterAll(() => gateway?.close())

const opened: { close(): unknown }[] = []
afterEach(async () => {
  for (const each of opened.splice(0).reverse()) await each.close()
})
const toClose = <T extends { close(): unknown }>(each: T): T => {
  opened.push(each)
  return each
}

const transportTo = (options: Partial<TransportOptions> = {}): Transport =>
  toClose(
    createTransport({
      url: gateway.url,
      token: async () => cashier.token,
      fetch,
      WebSocket,
      random: () => 0,
      ...options,
    }),
  )

/** Listens, and writes down what is heard, in order. */
function listen(transport: Transport, of: Partial<Parameters<Transport['listen']>[0]> = {}) {
  const heard: ('open' | 'closed')[] = []
  const nudges: Nudge[] = []
  const stop = transport.listen(
    { tenantId: 'demo', branchId: 'riverside', moduleScopes, ...of },
    {
      nudge: (nudge) => nudges.push(nudge),
      open: () => heard.push('open'),
      closed: () => heard.push('closed'),
    },
  )
  return {
    heard,
    nudges,
    stop,
    /** Waits until this, and nothing else but nudges, has been heard. */
    hears: (...expected: string[]) => expect.poll(() => heard, { timeout: 20_000 }).toEqual(expected),
    /** Resolves when so much has been heard. */
    hasHeard: (count: number) =>
      expect.poll(() => heard.length, { timeout: 20_000 }).toBeGreaterThanOrEqual(count),
  }
}

const nudge = (branchId: string, ...modules: string[]) => ({
  branchId,
  modules,
  headSeq: expect.any(Number),
  pullAfterMs: expect.any(Number),
})

/** Renames the branch until that is heard of: a subscription that was only just begun may miss the first times. */
async function nudged({ nudges }: ReturnType<typeof listen>, branchId = 'riverside', by = admin) {
  const before = nudges.length
  for (let n = 0; nudges.length === before; n += 1) {
    expect(n, 'tries').toBeLessThan(50)
    const renamed = await by.direct('branchSave', { name: `${branchId} ${n}` }, { branchId })
    expect(renamed.status).toBe('APPLIED')
    await wait(200)
  }
  return nudges.slice(before)
}

describe('listening for nudges', () => {
  it.each([
    ["the platform's WebSocket", WebSocket],
    ['that of ws', NodeWebSocket as unknown as typeof WebSocket],
  ])('hears of commits, with %s', async (_, WebSocket) => {
    const listening = listen(transportTo({ WebSocket }))
    await listening.hears('open')
    expect(await nudged(listening)).toContainEqual(nudge('riverside', 'BRANCH'))
  })

  it('hears of the scopes that it wants, and with no branch of all branches', async () => {
    const transport = transportTo({ token: async () => admin.token })
    const menu = listen(transport, { moduleScopes: ['MENU'] })
    const everywhere = listen(transport, { branchId: null, moduleScopes: ['BRANCH'] })
    await Promise.all([menu.hears('open'), everywhere.hears('open')])
    const heard = await nudged(everywhere, 'market')
    expect(heard).toContainEqual(nudge('market', 'BRANCH'))
    expect(menu.nudges).toEqual([])
  })

  it('when it is stopped, it says nothing more', async () => {
    const transport = transportTo()
    const listening = listen(transport)
    const other = listen(transport)
    await Promise.all([listening.hears('open'), other.hears('open')])
    listening.stop()
    await nudged(other)
    expect(listening).toMatchObject({ heard: ['open'], nudges: [] })
  })

  it('when the transport is closed, it is stopped', async () => {
    const transport = transportTo()
    const listening = listen(transport)
    await listening.hears('open')
    transport.close()
    const other = listen(transportTo())
    await other.hears('open')
    await nudged(other)
    expect(listening).toMatchObject({ heard: ['open'], nudges: [] })
  })

  it('on a platform without sockets nobody listens, and nobody minds', async () => {
    const listening = listen(transportTo({ WebSocket: undefined }))
    listening.stop()
    expect(listening.heard).toEqual([])
  })
})

describe('a socket that ends is followed by another', () => {
  it('when its token runs out, with a new token', async () => {
    const short = await forgeToken(gateway, 'demo-cashier-1', new Date(Date.now() + 2000))
    const asked: (string | null)[] = []
    const token = async ({ refused }: { refused: string | null }) => {
      asked.push(refused)
      return refused === short ? cashier.token : short
    }
    const listening = listen(transportTo({ token }))
    await listening.hears('open', 'closed', 'open')
    expect(asked).toEqual([null, short])
    expect(await nudged(listening)).toContainEqual(nudge('riverside', 'BRANCH'))
  })

  it('when its token was bad from the start, with a new token', async () => {
    const listening = listen(
      transportTo({ token: async ({ refused }) => (refused === 'bad' ? cashier.token : 'bad') }),
    )
    await listening.hears('open')
  })

  it('after a wait that grows, where it fails again and again', async () => {
    const tries: number[] = []
    const away = await startBrokenServer((response) => {
      tries.push(performance.now())
      response.writeHead(503).end()
    })
    listen(transportTo({ url: toClose(away).url, random: () => 0.999 }))
    await expect.poll(() => tries.length, { timeout: 20_000 }).toBe(3)
    const [first = 0, second = 0, third = 0] = tries
    expect(second - first).toBeGreaterThan(990)
    expect(third - second).toBeGreaterThan(1990)
  })

  it('when there is a token at last', async () => {
    let signedIn = false
    let asked = 0
    const token = async () => {
      asked += 1
      if (asked === 2) throw new Error('the identity provider is away')
      return signedIn ? cashier.token : null
    }
    const listening = listen(transportTo({ token }))
    await expect.poll(() => asked).toBeGreaterThan(3)
    expect(listening.heard).toEqual([])
    signedIn = true
    await listening.hears('open')
  })

  it('when the gateway is stopped and started again', async () => {
    const env = { PORT: String(await freePort()) }
    const first = await startGateway({ databaseUrl: gateway.databaseUrl, env })
    const listening = listen(transportTo({ url: first.url }))
    await listening.hears('open')
    await first.close()
    await listening.hears('open', 'closed')
    const second = toClose(await startGateway({ databaseUrl: gateway.databaseUrl, env }))
    await listening.hears('open', 'closed', 'open')
    expect(await nudged(listening, 'riverside', second.withToken(admin.token))).toContainEqual(
      nudge('riverside', 'BRANCH'),
    )
  })

  const { clientOpId, type, payloadHash, occurredAt } = operation('menuItem.unknown', {})
  const work = { clientOpId, type, payloadHash, occurredAt, branchId: 'riverside', dependsOn: [] }
  const requests: [name: string, send: (transport: Transport) => Promise<unknown>][] = [
    ['probe', (transport) => transport.probe()],
    [
      'push',
      (transport) =>
        transport.push({
          tenantId: 'demo',
          deviceId: cashier.deviceId,
          operations: [{ ...work, payload: {}, actorId: 'demo-cashier-1', deviceSeq: 1, retry: false }],
        }),
    ],
  ]
  it.each(requests)(
    'when it lost something while nobody asked: a %s that is answered asks it as well',
    async (_, send) => {
      const line = toClose(await openLine(gateway.url))
      const probe = () => void transport.probe().catch(() => {})
      const transport = transportTo({ url: line.url, onSilence: probe })
      const listening = listen(transport)
      await listening.hears('open')
      await nudged(listening)
      line.swallow('down')
      await admin.direct('branchSave', { name: 'Not heard of' }, { branchId: 'riverside' })
      await wait(300)
      line.swallow()
      await send(transport)
      // By its next ping it would take 17 s.
      await expect.poll(() => listening.heard, { timeout: 12_000 }).toEqual(['open', 'closed', 'open'])
    },
  )

  it('when the network is frozen and nobody says so', async () => {
    const network = toClose(await startFreezer(gateway.url))
    const listening = listen(transportTo({ url: network.url, timeoutMs: 300, pingEveryMs: 100 }))
    await listening.hears('open')
    await wait(1000)
    expect(listening.heard, 'while it answers pings it stays').toEqual(['open'])
    network.freeze()
    await listening.hears('open', 'closed')
    network.thaw()
    await listening.hears('open', 'closed', 'open')
    await nudged(listening)
  })

  it('when somebody is let into a branch at last, and when they are let out', async () => {
    const branchId = await newBranch(admin)
    const barista = await hire(gateway, admin, 'newcomer', { role: 'STAFF', branchIds: ['riverside'] })
    const listening = listen(transportTo({ token: async () => barista.token }), { branchId })
    // It is answered FORBIDDEN, and asks again and again.
    await listening.hasHeard(4)
    expect(new Set(listening.heard)).toEqual(new Set(['open', 'closed']))
    await assign(admin, branchId, 'demo-newcomer')
    const heard = await nudged(listening, branchId)
    expect(heard).toContainEqual(nudge(branchId, 'BRANCH'))
    expect(listening.heard.filter((each) => each === 'open').length).toBe(
      listening.heard.filter((each) => each === 'closed').length + 1,
    )
    const before = listening.heard.length
    await dismiss(admin, 'demo-newcomer')
    await listening.hasHeard(before + 1)
    expect(listening.heard.slice(before)).toContain('closed')
  })
})
