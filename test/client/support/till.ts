/**
 * Tills for tests: SDK clients of a real gateway, over a line that can be cut, each in a branch of its own.
 */
import { randomUUID } from 'node:crypto'
import type { ClientOptions, OfflinePayloads } from '../../../client/sdk/index.ts'
import { createSyncClient, memoryStore, type Store, type SyncClient } from '../../../client/sdk/index.ts'
import { type SaleOptions, salePayload } from '../../support/cafe.ts'
import type { Client, Gateway } from '../../support/gateway.ts'
import { textOf } from './sent.ts'

/** The line between a till and its gateway. `loses`: requests arrive, answers do not. */
export type Network = {
  state: 'up' | 'down' | 'loses'
  fetch: typeof fetch
  /** What brings requests to the gateway; a test may put another in its place. */
  through: typeof fetch
  /** Bodies of what arrived at the gateway. */
  sent: { query: string; variables: { input?: Record<string, unknown> } }[]
}

export function createNetwork(): Network {
  const network: Network = {
    state: 'up',
    sent: [],
    through: (input, init) => fetch(input, init),
    async fetch(input, init) {
      if (network.state === 'down') throw new TypeError('fetch failed')
      network.sent.push(JSON.parse(textOf(init)))
      const response = await network.through(input, init)
      if ((network.state as string) === 'loses') {
        await response.arrayBuffer()
        throw new TypeError('fetch failed')
      }
      return response
    },
  }
  return network
}

/** Operations that a network has brought to the gateway, in the order sent. */
export const pushed = ({ sent }: Network) =>
  sent
    .filter(({ query }) => query.includes('syncPushBatch'))
    .map(({ variables }) => variables.input!.operations as { clientOpId: string; [name: string]: unknown }[])

/** Never connects: nudges are lost, and tests decide when to pull. */
export class NoSocket extends EventTarget {
  static readonly CONNECTING = 0
  static readonly OPEN = 1
  static readonly CLOSING = 2
  static readonly CLOSED = 3
  readonly readyState = 3
  close() {}
  send() {}
}

export type Till = {
  client: SyncClient
  network: Network
  store: Store
  context: { tenantId: string; branchId: string; actorId: string }
  /** Ends without a goodbye, as a crash would, and opens the same store again. */
  restart(options?: Partial<ClientOptions>): Promise<Till>
}

export type TillOptions = Partial<ClientOptions> & {
  staffCode?: string
  pin?: string
  tenantId?: string
  branchId?: string
  /** Nudges come, by a real socket. */
  nudged?: boolean
  /** Not pulled yet. */
  fresh?: boolean
}

/** Who opens the branches of a gateway: signed in once. */
const openers = new WeakMap<Gateway, Promise<Client>>()
function openerAt(gateway: Gateway): Promise<Client> {
  const opener = openers.get(gateway) ?? gateway.as('admin')
  openers.set(gateway, opener)
  return opener
}

/** Makes a branch with a policy, to which `admin` and, if named, others are assigned. */
export async function newBranch(gateway: Gateway, staff: readonly string[] = []): Promise<string> {
  const branchId = `b-${randomUUID().slice(0, 8)}`
  const admin = await openerAt(gateway)
  const made = await admin.direct('branchSave', { name: 'A branch' }, { branchId })
  if (made.status !== 'APPLIED') throw new Error(`no branch: ${made.message}`)
  for (const staffCode of staff) {
    const branchIds = [branchId, staffCode === 'cashier-2' ? 'market' : 'riverside']
    const input = { accountId: `demo-${staffCode}`, branchIds }
    const saved = await admin.direct('staffSave', input, { branchId: null })
    if (saved.status !== 'APPLIED') throw new Error(`not assigned: ${saved.message}`)
  }
  return branchId
}

/** Opens a till, signed in and pulled; by default as `admin` in a new branch, without nudges. */
export async function openTill(gateway: Gateway, options: TillOptions = {}): Promise<Till> {
  const {
    staffCode = 'admin',
    pin = '1234',
    tenantId = 'demo',
    nudged = false,
    fresh = false,
    ...more
  } = options
  const branchId = options.branchId ?? (await newBranch(gateway))
  const network = createNetwork()
  const store = options.store ?? memoryStore()
  const environment = {
    fetch: network.fetch,
    pinRounds: 1000,
    ...(nudged ? {} : { WebSocket: NoSocket as unknown as typeof WebSocket }),
    ...options.environment,
  }
  const open = (with_: Partial<ClientOptions>) =>
    createSyncClient({
      url: gateway.url,
      deviceId: `till-${randomUUID().slice(0, 8)}`,
      pullEveryMs: 3_600_000,
      ...more,
      ...with_,
      store,
      environment,
    })
  const till = (client: SyncClient): Till => ({
    client,
    network,
    store,
    context: client.status().context!,
    async restart(with_ = {}) {
      const { context: _, ...kept } = with_
      return till(await open({ deviceId: client.deviceId, ...kept }))
    },
  })
  const client = await open({ context: null })
  const person = await client.people.signIn({ tenantId, staffCode, pin })
  await client.switchContext({ tenantId, branchId, actorId: person.accountId })
  if (!fresh) await client.sync()
  return till(client)
}

/** Takes the line away, and waits until the till shows it. */
export async function goOffline({ network, client }: Pick<Till, 'network' | 'client'>): Promise<void> {
  network.state = 'down'
  await client.sync().catch(() => {})
  await until(client, ({ connectivity }) => connectivity === 'offline')
}

/** Gives the line back and synchronises to the end. */
export async function goOnline({ network, client }: Pick<Till, 'network' | 'client'>): Promise<void> {
  network.state = 'up'
  await client.sync()
}

export function until(client: SyncClient, holds: (status: ReturnType<SyncClient['status']>) => boolean) {
  return new Promise<void>((resolve) => {
    if (holds(client.status())) return resolve()
    const stop = client.subscribe((status) => {
      if (!holds(status)) return
      stop()
      resolve()
    })
  })
}

/** Opens a session; its id. */
export async function openCashSession({ client }: Pick<Till, 'client'>, usd = 10_000): Promise<string> {
  const cashSessionId = randomUUID()
  await client.perform('cashSession.open', { cashSessionId, openingFloat: { usd, khr: 0 } })
  return cashSessionId
}

/** A sale at the prices that the till knows; its ids. */
export async function sell(
  { client }: Pick<Till, 'client'>,
  cashSessionId: string,
  options: SaleOptions = {},
) {
  const payload = sale(cashSessionId, options)
  const { clientOpId } = await client.perform('sale.finalize', payload)
  return { clientOpId, saleId: payload.saleId, payload }
}

export const sale = (cashSessionId: string, options: SaleOptions = {}) =>
  salePayload(cashSessionId, options) as OfflinePayloads['sale.finalize']
