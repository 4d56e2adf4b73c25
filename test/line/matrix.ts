/**
 * `npm run matrix`: what can go wrong, against what a till is doing while it does. Each run is one till in a process of
 * its own, in a branch of its own, over a line of its own; one gateway and one PostgreSQL, in processes of theirs, serve
 * them all. A fault comes, lasts for a few seconds, and ends. From then on the till has ten seconds, and nobody helps.
 *
 * Then: everything that was recorded is at the gateway, once; the till and a fresh one see the same; nothing waits.
 *
 * `--runs` (of each pair, 8), `--seed`, and names of faults or states to try those alone. Runs with the same fault go
 * at the same time, `--at-once` of them (8).
 */
import { type ChildProcess, fork, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as wait } from 'node:timers/promises'
import { createSyncClient, memoryStore, type SyncClient } from '../../client/sdk/index.ts'
import { freePort } from '../../src/platform/embedded/free-port.ts'
import { type Clients, clientsOf } from '../support/gateway.ts'
import { constant, type Line, openLine } from './line.ts'
import type { Told, Wish } from './till-process.ts'

export const faults = ['up', 'down', 'both', 'pause', 'kill till', 'kill gateway', 'kill PostgreSQL'] as const
export const states = ['idle', 'selling', 'draining', 'catching up', 'rebuilding'] as const
export type Fault = (typeof faults)[number]
export type State = (typeof states)[number]

/** Faults of the house: they strike every till at once. */
const shared: ReadonlySet<Fault> = new Set(['kill gateway', 'kill PostgreSQL'])

const root = join(import.meta.dirname, '../..')
/** What a till has from the end of the fault on. The gateway itself must be up again before it counts. */
export const graceMs = 10_000

/** A process of the project's, whose first lines are waited for. */
async function spawned(file: string, args: string[], env: Record<string, string>, says: RegExp) {
  const child = spawn(process.execPath, [join(root, file), ...args], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const said = new Promise<string>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`${file} ended with ${code}`)))
    createInterface({ input: child.stdout! }).on('line', (line) => {
      const found = says.exec(line)
      if (found) resolve(found[1]!)
    })
  })
  return { child, said: await said }
}

async function killed(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = once(child, 'exit')
  child.kill('SIGKILL')
  await exited
}

/** The gateway and its PostgreSQL, which can be killed and come back at the same address. */
export class House {
  url = ''
  clients: Clients = clientsOf('')
  #folder = ''
  #port = 0
  #postgres!: ChildProcess
  #gateway!: ChildProcess
  /** Between the gateway and PostgreSQL, whose port is another after each start. */
  #pipe!: Line

  static async open(): Promise<House> {
    const house = new House()
    house.#folder = await mkdtemp(join(tmpdir(), 'modula-matrix-'))
    house.#port = await freePort()
    await house.startPostgres()
    await house.startGateway()
    house.url = `http://127.0.0.1:${house.#port}/graphql`
    house.clients = clientsOf(house.url)
    return house
  }

  async startPostgres(): Promise<void> {
    const { child, said } = await spawned(
      'test/support/hold-postgres.ts',
      [this.#folder],
      {},
      /^(postgres\S+)$/,
    )
    this.#postgres = child
    if (this.#pipe) this.#pipe.aim(said)
    else this.#pipe = await openLine(said)
  }

  async startGateway(): Promise<void> {
    const env = { DATABASE_URL: this.#pipe.url, PORT: String(this.#port), DEMO: '1' }
    const quiet = { LOG_LEVEL: 'fatal', RATE_LIMIT_PER_SECOND: '0' }
    this.#gateway = (await spawned('src/main.ts', [], { ...env, ...quiet }, /^ready (\S+)$/)).child
  }

  async killGateway(): Promise<void> {
    await killed(this.#gateway)
  }

  /** The postmaster and all that work for it. */
  async killPostgres(): Promise<void> {
    const [pid] = (await readFile(join(this.#folder, 'postgres/postmaster.pid'), 'utf8')).split('\n')
    process.kill(Number(pid), 'SIGKILL')
    await killed(this.#postgres)
    this.#pipe.reset()
  }

  async close(): Promise<void> {
    await killed(this.#gateway)
    this.#postgres.kill('SIGTERM')
    await once(this.#postgres, 'exit')
    await this.#pipe.close()
    await rm(this.#folder, { recursive: true, force: true })
  }
}

/** A till in a process of its own, which can be killed and started again on its store. */
class TillProcess {
  #child!: ChildProcess
  #ended: Promise<unknown> = Promise.resolve()
  /** What it has recorded, as it said when it had. */
  readonly recorded: string[] = []
  readonly #start: Wish & { wish: 'open' }

  constructor(start: Wish & { wish: 'open' }) {
    this.#start = start
  }

  async open(): Promise<void> {
    this.#child = fork(join(import.meta.dirname, 'till-process.ts'), { execArgv: [] })
    this.#ended = once(this.#child, 'exit')
    this.#child.on('message', (told: Told) => told.recorded && this.recorded.push(told.recorded))
    await this.ask(this.#start)
  }

  async ask(wish: Wish): Promise<Told> {
    const child = this.#child
    const id = randomUUID()
    return new Promise((resolve, reject) => {
      function hear(told: Told) {
        if (told.id !== id) return
        child.off('message', hear)
        if (told.fault) reject(new Error(told.fault))
        else resolve(told)
      }
      child.on('message', hear)
      this.#ended.then(() => reject(new Error('the till has ended')))
      child.send({ id, ...wish })
    })
  }

  kill = () => killed(this.#child)
}

export type Outcome = { fault: Fault; state: State; seed: number; wrong: string[]; ms: number }

/** One branch, one till, one line: what it does, until the fault comes. */
class Run {
  readonly #house: House
  readonly #of: { fault: Fault; state: State; seed: number }
  #line!: Line
  #till!: TillProcess
  #folder = ''
  #branchId = ''
  #token = ''
  #elsewhere = 0
  #selling: Promise<unknown> = Promise.resolve()

  constructor(house: House, of: { fault: Fault; state: State; seed: number }) {
    this.#house = house
    this.#of = of
  }

  async prepare(): Promise<void> {
    const { clients, url } = this.#house
    const deviceId = `till-${randomUUID().slice(0, 8)}`
    const admin = await clients.as('admin', { deviceId })
    this.#token = admin.token!
    this.#branchId = `b-${randomUUID().slice(0, 8)}`
    await admin.direct('branchSave', { name: 'A branch' }, { branchId: this.#branchId })
    this.#folder = await mkdtemp(join(tmpdir(), 'modula-matrix-till-'))
    const way = () => ({ clock: constant(1_000_000), delayMs: 40 })
    this.#line = await openLine(url, { up: way(), down: way() })
    this.#till = new TillProcess({
      ...{ wish: 'open', url: this.#line.url, store: join(this.#folder, 'till.db'), token: this.#token },
      ...{ deviceId, branchId: this.#branchId, pageSize: 20 },
    })
    const { state } = this.#of
    // Others have sold here before.
    if (state === 'rebuilding') await this.#sellElsewhere(120)
    await this.#till.open()
    if (state === 'rebuilding') return
    await this.#till.ask({ wish: 'settle' })
    await this.#till.ask({ wish: 'sell', count: 3 })
    if (state === 'selling') return
    await this.#till.ask({ wish: 'settle' })
    this.#line.pause(true)
    if (state === 'draining') await this.#till.ask({ wish: 'sell', count: 80 })
    if (state === 'catching up') await this.#sellElsewhere(120)
    this.#line.pause(false)
    if (state === 'catching up') void this.#till.ask({ wish: 'sync' }).catch(() => {})
  }

  /** From here on the fault may come at any time. */
  begin(): void {
    if (this.#of.state === 'selling')
      this.#selling = this.#till.ask({ wish: 'sell', count: 40, everyMs: 100 }).catch(() => {})
  }

  async strike(): Promise<void> {
    const { fault } = this.#of
    if (fault === 'up' || fault === 'down') this.#line.swallow(fault)
    if (fault === 'both') this.#line.swallow('up', 'down')
    if (fault === 'pause') this.#line.pause(true)
    if (fault === 'kill till') await this.#till.kill()
  }

  async mend(): Promise<void> {
    this.#line.swallow()
    this.#line.pause(false)
    if (this.#of.fault === 'kill till') await this.#till.open()
  }

  /** What is wrong, once the time is over. */
  async judge(): Promise<string[]> {
    await this.#selling
    const deadline = performance.now() + graceMs
    let waiting = Infinity
    while (waiting > 0 && performance.now() < deadline) {
      waiting = (await this.#till.ask({ wish: 'look' })).waiting!
      if (waiting > 0) await wait(100)
    }
    const wrong = waiting > 0 ? [`${waiting} wait after ${graceMs / 1000} s`] : []
    await this.#till.ask({ wish: 'settle' })
    const here = await this.#till.ask({ wish: 'look' })
    if (here.failed) wrong.push(`${here.failed} failed`)
    const there = await this.#fresh()
    const receipts = there.map(({ receiptNumber }) => receiptNumber).sort((a, b) => a! - b!)
    if (receipts.some((number, i) => number !== i + 1)) wrong.push(`receipts are ${receipts.join(' ')}`)
    const ids = new Set(there.map(({ id }) => id))
    const lost = this.#till.recorded.filter((id) => !ids.has(id))
    if (lost.length > 0) wrong.push(`lost: ${lost.join(' ')}`)
    const known = this.#till.recorded.length + this.#elsewhere
    // A till that was killed may have recorded one without having said so.
    const unsaid = this.#of.fault === 'kill till' ? 1 : 0
    if (ids.size > known + unsaid) wrong.push(`${ids.size} sales of ${known}`)
    if (here.sales!.toSorted().join() !== [...ids].toSorted().join())
      wrong.push(`the till shows ${here.sales!.length} sales of ${ids.size}`)
    return wrong
  }

  async close(): Promise<void> {
    await this.#till.kill()
    await this.#line.close()
    await rm(this.#folder, { recursive: true, force: true })
  }

  async #client(deviceId: string, pageSize = 1_000) {
    const { token } = await this.#house.clients.as('admin', { deviceId })
    return createSyncClient({
      url: this.#house.url,
      store: memoryStore(),
      deviceId,
      getToken: async () => token,
      context: { tenantId: 'demo', branchId: this.#branchId, actorId: 'demo-admin' },
      pageSize,
    })
  }

  async #sellElsewhere(count: number): Promise<void> {
    const { sellAll } = await import('./till-process.ts')
    const client = await this.#client(`other-${randomUUID().slice(0, 8)}`)
    await settle(client)
    await sellAll(client, count, () => {})
    await settle(client)
    this.#elsewhere += count
    await client.close()
  }

  /** What a till that begins anew sees. */
  async #fresh() {
    const client = await this.#client(`fresh-${randomUUID().slice(0, 8)}`)
    await settle(client)
    const sales = client.query('sale').map(({ id, receiptNumber }) => ({ id, receiptNumber }))
    await client.close()
    return sales
  }
}

/** Synchronises to the end; the gateway may be busy with others. */
async function settle(client: SyncClient): Promise<void> {
  for (let tries = 5; tries > 0; tries -= 1)
    try {
      return await client.sync()
    } catch (error) {
      if (tries === 1) throw error
    }
}

/** Small, seeded (mulberry32). */
function seeded(seed: number): () => number {
  let a = seed
  return () => {
    a = (a + 0x6d2b79f5) | 0
    let t = Math.imul(a ^ (a >>> 15), 1 | a)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Runs with one fault, at the same time. */
export async function tryAll(
  house: House,
  fault: Fault,
  of: readonly { state: State; seed: number }[],
): Promise<Outcome[]> {
  const runs = of.map(({ state, seed }) => ({ state, seed, run: new Run(house, { fault, state, seed }) }))
  try {
    await Promise.all(runs.map(({ run }) => run.prepare()))
    const random = seeded(of[0]!.seed)
    const lasts = 1_000 + 6_000 * random()
    for (const { run } of runs) run.begin()
    if (shared.has(fault)) {
      await wait(500 * random())
      await (fault === 'kill gateway' ? house.killGateway() : house.killPostgres())
      await wait(lasts)
      await (fault === 'kill gateway' ? house.startGateway() : house.startPostgres())
    }
    return await Promise.all(
      runs.map(async ({ run, state, seed }) => {
        const own = seeded(seed)
        if (!shared.has(fault)) {
          await wait(1_000 * own())
          await run.strike()
          await wait(1_000 + 6_000 * own())
          await run.mend()
        }
        const begun = performance.now()
        const wrong = await run.judge()
        return { fault, state, seed, wrong, ms: performance.now() - begun }
      }),
    )
  } finally {
    await Promise.all(runs.map(({ run }) => run.close().catch(() => {})))
  }
}
