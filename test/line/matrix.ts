/**
 * What can go wrong, against what a till is doing while it does. Each run is one till in a branch of its own, over a
 * line of its own; one gateway and one PostgreSQL serve them all. A fault comes, lasts for a few seconds, and ends.
 * From then on nobody helps, and:
 *
 *   1. what waits is sent and the till hears of changes again, both within their time;
 *   2. everything that was recorded is at the gateway, once: receipts are numbered without a gap;
 *   3. the till comes to see what a fresh one does, everything of every kind, and says that nothing is wrong;
 *   4. what somebody else sells then, it hears of.
 */
import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { createSyncClient, memoryStore, type SyncClient } from '../../client/sdk/index.ts'
import { salePayload } from '../support/cafe.ts'
import { type Site, serveModule } from '../support/page.ts'
import type { House } from './house.ts'
import { constant, type Line, openLine } from './line.ts'
import { type Sale, viewOf } from './till-work.ts'
import { type Opening, type Till, tillHere, tillInChromium, tillInProcess } from './tills.ts'

export const faults = ['up', 'down', 'both', 'pause', 'kill till', 'kill gateway', 'kill PostgreSQL'] as const
export const states = ['idle', 'selling', 'draining', 'catching up', 'rebuilding'] as const
export const places = ['Node', 'Chromium'] as const
export type Fault = (typeof faults)[number]
export type State = (typeof states)[number]
/** One run: what is done to which till, while it does what. */
export type Case = { fault: Fault; state: State; place: (typeof places)[number]; seed: number }
/** `emptyMs`, `hearsMs`: from the end of the fault on. */
export type Outcome = Case & { wrong: string[]; emptyMs: number; hearsMs: number }

/** Faults of the house: they strike every till at once. */
export const isShared = (fault: Fault) => fault === 'kill gateway' || fault === 'kill PostgreSQL'

/**
 * What a till has from the end of the fault on (for one of the house, from when that is up again), and how many sales
 * there are: of others, of its own that wait, and while the fault lasts.
 */
export type Terms = {
  emptyMs: number
  hearsMs: number
  seesMs: number
  sales: Record<'others' | 'waiting' | 'meanwhile', number>
}
export const strict: Terms = {
  ...{ emptyMs: 10_000, hearsMs: 3_000, seesMs: 30_000 },
  sales: { others: 120, waiting: 80, meanwhile: 40 },
}

class Run {
  readonly #house: House
  readonly #site: Site | null
  readonly of: Case
  readonly #terms: Terms
  readonly #cashSessionId = randomUUID()
  #line!: Line
  #till!: Till
  #folder = ''
  #branchId = ''
  #elsewhere = 0
  #selling: Promise<unknown> = Promise.resolve()

  constructor(house: House, site: Site | null, terms: Terms, of: Case) {
    this.#house = house
    this.#site = site
    this.#terms = terms
    this.of = of
  }

  async prepare(): Promise<void> {
    const { clients, url } = this.#house
    const deviceId = `till-${randomUUID().slice(0, 8)}`
    const admin = await clients.as('admin', { deviceId })
    const branchId = `b-${randomUUID().slice(0, 8)}`
    this.#branchId = branchId
    await admin.direct('branchSave', { name: 'A branch' }, { branchId })
    const session = { cashSessionId: this.#cashSessionId, openingFloat: { usd: 0, khr: 0 } }
    await admin.direct('cashSessionOpen', session, { branchId })
    this.#folder = await mkdtemp(join(tmpdir(), 'modula-matrix-till-'))
    const way = () => ({ clock: constant(1_000_000), delayMs: 40 })
    this.#line = await openLine(url, { up: way(), down: way() })
    this.#till = this.#tillOf({
      ...{ wish: 'open', url: this.#line.url, store: join(this.#folder, 'till.db'), token: admin.token! },
      ...{ deviceId, branchId, pageSize: 20 },
    })
    await this.#prepareState()
  }

  #tillOf(opening: Opening): Till {
    const { fault, place } = this.of
    if (place === 'Chromium')
      return tillInChromium(opening, { profile: join(this.#folder, 'profile'), origin: this.#site!.origin })
    return fault === 'kill till' ? tillInProcess(opening) : tillHere(opening)
  }

  async #prepareState(): Promise<void> {
    const { state, seed } = this.of
    const till = this.#till
    // A fresh till, or one that has to begin anew.
    const isFresh = state === 'rebuilding' && seed % 2 === 0
    if (state === 'rebuilding') await this.#sellElsewhere(this.#terms.sales.others)
    await till.open()
    if (isFresh) return
    await this.#synced()
    await till.ask({ wish: 'sell', sales: this.#sales(3) })
    if (state === 'selling') return
    await this.#synced()
    this.#line.pause(true)
    if (state === 'draining') await till.ask({ wish: 'sell', sales: this.#sales(this.#terms.sales.waiting) })
    if (state === 'catching up') await this.#sellElsewhere(this.#terms.sales.others)
    if (state === 'rebuilding') await this.#house.rebuild(this.#branchId)
    this.#line.pause(false)
    if (state === 'catching up' || state === 'rebuilding') void till.ask({ wish: 'sync' }).catch(() => {})
  }

  #synced = () => insisting(() => this.#till.ask({ wish: 'sync' }))

  #sales = (count: number): Sale[] =>
    Array.from({ length: count }, () => salePayload(this.#cashSessionId) as Sale)

  /** From here on the fault may come at any time. */
  begin(): void {
    if (this.of.state !== 'selling') return
    const sales = this.#sales(this.#terms.sales.meanwhile)
    this.#selling = this.#till.ask({ wish: 'sell', sales, everyMs: 100 }).catch(() => {})
  }

  async strike(): Promise<void> {
    const { fault } = this.of
    if (fault === 'up' || fault === 'down') this.#line.swallow(fault)
    if (fault === 'both') this.#line.swallow('up', 'down')
    if (fault === 'pause') this.#line.pause(true)
    if (fault === 'kill till') await this.#till.kill()
  }

  async mend(): Promise<void> {
    this.#line.swallow()
    this.#line.pause(false)
    if (this.of.fault === 'kill till') await this.#till.open()
  }

  /** What is wrong, from the end of the fault on. */
  async judge(): Promise<Outcome> {
    const terms = this.#terms
    const whole = performance.now()
    const soldMs = this.#selling.then(() => performance.now() - whole)
    const [emptyAt, hearsMs] = await Promise.all([
      this.#selling.then(() => this.#when(async () => (await this.#look()).waiting === 0, whole)),
      this.#when(async () => (await this.#look()).nudges === true, whole),
    ])
    // While somebody sells there is always something that waits.
    const emptyMs = emptyAt - Math.max(0, await soldMs)
    const wrong: string[] = []
    if (emptyMs > terms.emptyMs) wrong.push(`the queue was empty after ${seconds(emptyMs)}`)
    if (hearsMs > terms.hearsMs) wrong.push(`it heard of changes after ${seconds(hearsMs)}`)
    wrong.push(...(await this.#compare(whole)))
    return { ...this.of, wrong, emptyMs, hearsMs }
  }

  #look = () => this.#till.ask({ wish: 'look' })

  /** Milliseconds after `begun` at which it holds; Infinity: not within a time in which a person gives up. */
  async #when(holds: () => Promise<boolean>, begun: number): Promise<number> {
    for (;;) {
      const ms = performance.now() - begun
      if (await holds()) return ms
      if (ms > 60_000) return Infinity
      await wait(100)
    }
  }

  async #compare(whole: number): Promise<string[]> {
    const { seesMs } = this.#terms
    const wrong: string[] = []
    const fresh = await this.#client('fresh')
    await settle(fresh)
    wrong.push(...this.#countSales(fresh))
    const there = viewOf(fresh)
    let here: string[] = []
    const sameMs = await this.#when(async () => {
      here = (await this.#till.ask({ wish: 'view' })).view!
      return here.join('\n') === there.join('\n')
    }, whole)
    if (sameMs > seesMs)
      wrong.push(`it saw what is there after ${seconds(sameMs)}: ${difference(here, there)}`)
    const { failed } = await this.#look()
    if (failed!.length > 0) wrong.push(`failed: ${failed!.join(' ')}`)
    // What was under way as the fault ended may still fail of it.
    let trouble: string | null | undefined
    const calmMs = await this.#when(async () => {
      const { trouble: now } = await this.#look()
      trouble = now ?? trouble
      return !now
    }, whole)
    if (trouble && calmMs > this.#terms.emptyMs) wrong.push(`it said ${trouble} for ${seconds(calmMs)}`)
    wrong.push(...(await this.#hears(fresh, seesMs)))
    await fresh.close()
    return wrong
  }

  /** Lost, twice, or from nowhere. */
  #countSales(fresh: SyncClient): string[] {
    const wrong: string[] = []
    const there = fresh.query('sale')
    const receipts = there.map(({ receiptNumber }) => receiptNumber!).sort((a, b) => a - b)
    if (receipts.some((number, i) => number !== i + 1)) wrong.push(`receipts are ${receipts.join(' ')}`)
    const ids = new Set(there.map(({ id }) => id))
    const { recorded } = this.#till
    const lost = recorded.filter((id) => !ids.has(id))
    if (lost.length > 0) wrong.push(`lost: ${lost.join(' ')}`)
    // A till that was killed may have recorded one without having said so.
    const unsaid = this.of.fault === 'kill till' ? 1 : 0
    const known = recorded.length + this.#elsewhere
    if (ids.size > known + unsaid) wrong.push(`${ids.size} sales of ${known}`)
    return wrong
  }

  async #hears(fresh: SyncClient, withinMs: number): Promise<string[]> {
    const [sale] = this.#sales(1)
    await fresh.perform('sale.finalize', sale!)
    await settle(fresh)
    const ms = await this.#when(
      async () => (await this.#till.ask({ wish: 'view' })).view!.some((text) => text.includes(sale!.saleId)),
      performance.now(),
    )
    return ms > withinMs ? [`it heard of another sale after ${seconds(ms)}`] : []
  }

  async close(): Promise<void> {
    await this.#till?.kill()
    await this.#line?.close()
    await rm(this.#folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
  }

  async #client(name: 'fresh' | 'other') {
    const { deviceId, token } = await this.#house.device(name)
    return createSyncClient({
      url: this.#house.url,
      store: memoryStore(),
      deviceId,
      getToken: async () => token,
      context: { tenantId: 'demo', branchId: this.#branchId, actorId: 'demo-admin' },
    })
  }

  async #sellElsewhere(count: number): Promise<void> {
    const client = await this.#client('other')
    await settle(client)
    for (const sale of this.#sales(count)) await client.perform('sale.finalize', sale)
    await settle(client)
    this.#elsewhere += count
    await client.close()
  }
}

const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`

function difference(here: readonly string[], there: readonly string[]): string {
  const only = (some: readonly string[], others: readonly string[]) =>
    some.filter((text) => !others.includes(text)).map((text) => text.slice(0, 160))
  const [more, less] = [only(here, there), only(there, here)]
  return `${more.length} more, such as ${more[0]}; ${less.length} less, such as ${less[0]}`
}

/** The gateway may be busy with others. */
async function insisting<T>(ask: () => Promise<T>, tries = 5): Promise<T> {
  try {
    return await ask()
  } catch (error) {
    if (tries === 1) throw error
    return insisting(ask, tries - 1)
  }
}

const settle = (client: SyncClient) => insisting(() => client.sync())

/** Small, seeded (mulberry32). */
export function seeded(seed: number): () => number {
  let a = seed
  return () => {
    a = (a + 0x6d2b79f5) | 0
    let t = Math.imul(a ^ (a >>> 15), 1 | a)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

/** When a fault comes, and for how long it lasts: in one of eight so long that a socket is missed. */
function timesOf(random: () => number) {
  const comesMs = 1_000 * random()
  return { comesMs, lastsMs: random() < 0.125 ? 20_000 : 1_000 + 6_000 * random() }
}

/** Tries all of them at the same time; a fault of the house must be the same for all. */
export async function tryAll(house: House, cases: readonly Case[], terms = strict): Promise<Outcome[]> {
  const [{ fault, seed }] = cases as [Case]
  const site = cases.some(({ place }) => place === 'Chromium') ? await pageOfTill() : null
  const runs = cases.map((of) => new Run(house, site, terms, of))
  try {
    await Promise.all(runs.map((run) => run.prepare()))
    for (const run of runs) run.begin()
    if (isShared(fault)) await strikeHouse(house, fault, timesOf(seeded(seed)))
    return await Promise.all(
      runs.map(async (run) => {
        const { comesMs, lastsMs } = timesOf(seeded(run.of.seed))
        if (!isShared(fault)) {
          await wait(comesMs)
          await run.strike()
          await wait(lastsMs)
          await run.mend()
        }
        return run.judge()
      }),
    )
  } finally {
    await Promise.all(runs.map((run) => run.close().catch(() => {})))
    await site?.close()
  }
}

const pageOfTill = () => serveModule(join(import.meta.dirname, 'till-page.ts'))

async function strikeHouse(house: House, fault: Fault, times: ReturnType<typeof timesOf>): Promise<void> {
  await wait(times.comesMs)
  await (fault === 'kill gateway' ? house.killGateway() : house.killPostgres())
  await wait(times.lastsMs)
  await (fault === 'kill gateway' ? house.startGateway() : house.startPostgres())
}
