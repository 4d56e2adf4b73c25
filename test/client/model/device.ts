/**
 * A tablet with the SDK on it. Its store survives when its power goes; everything else is made anew.
 */

import type { Entity, EntityKind, OfflinePayloads } from '../../../client/sdk/index.ts'
import { createSyncClient, memoryStore, type SyncClient, SyncClientError } from '../../../client/sdk/index.ts'
import { type DiscardedOperation, keys } from '../../../client/sdk/store/layout.ts'
import { type Store, StoreError } from '../../../client/sdk/store/store.ts'
import type { Context, QueuedOperation } from '../../../client/sdk/words.ts'
import { roomOf } from '../support/room.ts'
import { Eyes } from './eyes.ts'
import { chance, type Line } from './faulty-network.ts'
import type { Post, World } from './world.ts'

/** One window on the device's store: a process of its own, which may end at any moment. */
type Tab = {
  client: SyncClient
  /** What a screen would show of each kind. */
  shown: Map<EntityKind, readonly Entity[]>
  /** Aborted when it dies. */
  life: AbortController
}

export class Device {
  readonly name: string
  readonly id: string
  readonly line: Line
  /** A sale that was put together and is not paid yet, as it was priced then. */
  cart: { branchId: string; payload: OfflinePayloads['sale.finalize'] } | null = null
  readonly #world: World
  readonly #disk: Store
  #isFull = false
  /** What was confirmed while it was full, it could not keep. */
  wasFull = false
  /** Its people sign in by their PINs, as at the café's own till; otherwise a provider says who they are. */
  readonly byPin: boolean
  /** How many tabs it is opened with. */
  readonly windows: number
  /** The first is the one that somebody looks at; empty: it has no power. */
  #tabs: Tab[] = []
  /** What somebody who looked at its tabs all the time saw, and should not have seen. */
  readonly sights: string[][] = []
  readonly #givenUp = new Map<string, DiscardedOperation>()
  #ids = 0
  #drawn = 0

  static async open(
    world: World,
    name: string,
    post: Post,
    of: { windows: number; byPin: boolean },
  ): Promise<Device> {
    const device = new Device(world, name, of)
    await world.welcome(device.id)
    await device.#start(device.byPin ? null : post)
    if (device.byPin) await device.comes(post)
    return device
  }

  private constructor(world: World, name: string, { windows, byPin }: { windows: number; byPin: boolean }) {
    this.#world = world
    this.name = name
    this.byPin = byPin
    this.id = `${name} of ${world.tenantOf('demo')}`
    this.line = world.network.line(name)
    this.#disk = memoryStore(this.id)
    this.windows = windows
  }

  /** What somebody looks at. */
  get client(): SyncClient {
    return this.#tabs[0]!.client
  }

  get tabs(): readonly Pick<Tab, 'client' | 'shown'>[] {
    return this.#tabs
  }

  /** Its disk takes nothing more. */
  get isFull(): boolean {
    return this.#isFull
  }

  set isFull(isFull: boolean) {
    this.#isFull = isFull
    this.wasFull ||= isFull
  }

  get hasPower(): boolean {
    return this.#tabs.length > 0
  }

  /** Who works where with it now; null: nobody. */
  get post(): Post | null {
    const { context } = this.client.status()
    return context && this.#world.postOf(context)
  }

  /** Whose token it has when this person works. */
  tokenAt(post: Post): string {
    return 'token' in post && !this.byPin ? post.token : post.actorId
  }

  /** Whoever works here may see neither sales nor the drawer. */
  isBlind(context: Context | null): boolean {
    return context !== null && this.#world.roleOf(this.tokenAt(this.#world.postOf(context))) === 'STAFF'
  }

  /** Somebody takes it over, or nobody; false: it does not let them. */
  async comes(post: Post | null, pin = '1234'): Promise<boolean> {
    const { client } = this
    if (this.byPin && post) {
      const { tenantId, actorId } = this.#world.contextOf(post)
      const isKnown = client.people.list(tenantId).some(({ accountId }) => accountId === actorId)
      try {
        if (isKnown) await client.people.confirm(actorId, tenantId, pin)
        else await client.people.signIn({ tenantId, staffCode: actorId, pin })
      } catch (error) {
        if (!(error instanceof SyncClientError)) throw error
        this.#world.note(`    not let in: ${error.code}`)
        return false
      }
    }
    if (this.byPin && !post && this.post) {
      const { tenantId, actorId } = this.#world.contextOf(this.post)
      await client.people.signOut(actorId, tenantId)
    }
    await client.switchContext(post && this.#world.contextOf(post))
    return true
  }

  /** The same in every run of a seed. */
  newId(): string {
    this.#ids += 1
    const part = (i: number) =>
      Math.floor(chance(this.#world.network.seed, this.name, this.#ids, i) * 2 ** 32)
        .toString(16)
        .padStart(8, '0')
    const hex = [0, 1, 2, 3].map(part).join('')
    const id = hex.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/, '$1-$2-4$3-8$4-$5')
    // As some platforms write them.
    return this.#ids % 4 === 0 ? id.toUpperCase() : id
  }

  async #start(post: Post | null): Promise<void> {
    for (let i = 0; i < this.windows; i += 1) await this.openTab(i === 0 ? post : null)
  }

  /** In front of the others. `post`: left out, as the store remembers it. */
  async openTab(post: Post | null = null): Promise<void> {
    const world = this.#world
    const life = new AbortController()
    let client: SyncClient | null = null
    const at = () => {
      const context = client?.status().context
      return context ? world.postOf(context) : post
    }
    client = await createSyncClient({
      url: world.gateway.url,
      store: forALife(this.#disk, life.signal, this),
      deviceId: this.id,
      ...(this.byPin
        ? {}
        : {
            getToken: async ({ refused }: { refused: string | null }) => {
              const now = at()
              return now && world.tokenFor(now, this.tokenAt(now), refused, this.id)
            },
          }),
      ...(post ? { context: world.contextOf(post) } : {}),
      pageSize: 6,
      pullEveryMs: 400,
      environment: {
        ...this.line.environment,
        pinRounds: 1000,
        newId: () => this.newId(),
        now: () => world.gateway.now(),
        // Small, so that what waits a second in a café waits a moment here.
        random: () => {
          this.#drawn += 1
          return chance(world.network.seed, this.name, 'random', this.#drawn) / 20
        },
      },
    })
    const shown: Tab['shown'] = new Map()
    for (const kind of kinds) client.watch(kind, undefined, (entities) => shown.set(kind, entities))
    this.sights.push(new Eyes(client, world, this).sights)
    this.#tabs.unshift({ client, shown, life })
  }

  /** Somebody looks at another tab. */
  turnTo(place: number): void {
    const [tab] = this.#tabs.splice(place % this.#tabs.length, 1)
    this.#tabs.unshift(tab!)
  }

  /** The tab in front is gone, with or without a goodbye; another is opened if it was the last. */
  async leaveTab(how: 'closed' | 'killed'): Promise<void> {
    const tab = this.#tabs.shift()!
    if (how === 'closed') await tab.client.close()
    else kill(tab)
    if (this.#tabs.length === 0) await this.openTab()
  }

  /** The power goes in the middle of whatever goes on. */
  cutPower(): void {
    if (!this.hasPower) return
    this.#world.note(`    ${this.name} has lost its power`)
    this.line.die()
    for (const tab of this.#tabs.splice(0)) kill(tab)
  }

  /** Starts again on the same store. */
  async restart(): Promise<void> {
    await this.close()
    this.line.revive()
    await this.#start(null)
  }

  async close(): Promise<void> {
    for (const { client } of this.#tabs.splice(0)) await client.close()
  }

  /** The queue as it is kept. */
  async queue(): Promise<QueuedOperation[]> {
    return JSON.parse(await this.client.exportQueue()).operations
  }

  /** What was given up or replaced, also before the device has forgotten it. */
  async givenUp(): Promise<readonly DiscardedOperation[]> {
    const entries = await this.#disk.transact('read', (tx) => tx.list<DiscardedOperation>('discarded'))
    for (const { value } of entries) this.#givenUp.set(value!.operation.clientOpId, value!)
    return [...this.#givenUp.values()]
  }

  /** How many operations this device has numbered for the tenant. */
  async numbered(tenantId: string): Promise<number> {
    const last = await this.#disk.transact('read', (tx) => tx.get<number>('meta', keys.deviceSeq(tenantId)))
    return last ?? 0
  }
}

export const kinds: readonly EntityKind[] = [
  'branch',
  'policy',
  'menuCategory',
  'menuItem',
  'modifierGroup',
  'staffMember',
  'cashSession',
  'cashMovement',
  'sale',
  'stockItem',
  'attendance',
]

/** Nobody closes anything: what still runs of it has no store and no network any more. */
function kill({ client, life }: Tab): void {
  life.abort()
  void client.close().catch(() => {})
}

/** The store as one process sees it: after its end it reads and writes nothing. The disk stays where it is. */
function forALife(kept: Store, life: AbortSignal, device: Pick<Device, 'windows' | 'isFull'>): Store {
  const disk = roomOf(kept, () => device.isFull)
  const ifAlive = () => {
    if (life.aborted) throw new StoreError('UNAVAILABLE', 'The power is gone.')
  }
  return {
    name: disk.name,
    shared: device.windows > 1,
    open: () => disk.open(),
    async transact(mode, work) {
      ifAlive()
      return disk.transact(mode, (tx) => {
        ifAlive()
        return work(tx)
      })
    },
    persistence: () => disk.persistence(),
    estimate: () => disk.estimate(),
    close: async () => {},
  }
}
