/**
 * Bad lines: a till that sends 200 sales and one that loads 5,000 changes, in Node and in Chromium (on IndexedDB), over
 * lines of a constant rate, one way 300 ms, and over recorded ones. Beside each the limit: a plain client that sends the
 * whole in one request, or pulls pages of 1,000, and has all the time there is. Bytes are those on the line, with what
 * HTTP and the socket take. Each has a line and a branch of its own, and they go side by side: nearly all of the time is
 * waiting.
 *
 * Recorded lines are read from the folder LINE_TRACES: pairs of files, NAME.up and NAME.down, one moment (ms) a line at
 * which a packet of 1,500 bytes may go.
 */
import { randomUUID } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { memoryStore } from '../client/sdk/index.ts'
import {
  type Line as BadLine,
  constant,
  type Direction,
  openLine,
  recorded,
  type Way,
} from '../test/line/line.ts'
import type { TillPage } from './pages/till.ts'
import { withPage } from './support/browser.ts'
import { signIn, Till } from './support/cafe.ts'
import type { Place } from './support/device.ts'
import { timed } from './support/measure.ts'
import { type OnLine, openOnLine } from './support/on-line.ts'
import { withPlaces } from './support/places.ts'
import { post, pullAll } from './support/plain-fetch.ts'
import { queueOf } from './support/queue.ts'
import { type Line, times } from './support/report.ts'
import type { Stage } from './support/stage.ts'

const sales = 200
const changes = 5_000
const delayMs = 300

type Ways = () => Record<Direction, Way>

/** Where each works: a till in Node, one in Chromium, the plain client, and all of them where there is much. */
const roles = ['node', 'chromium', 'plain', 'full'] as const
type Places = Record<(typeof roles)[number], Place>

export async function line(stage: Stage): Promise<Line[]> {
  const [constants, traces] = [constantLines(), await recordedLines()]
  const names = [...Object.keys(constants), ...Object.keys(traces)]
  const branches = names.flatMap(() => roles.map((role) => (role === 'full' ? changes : 0)))
  return withPlaces(stage, 'line', branches, (places) =>
    withPage(stage, 'till.ts', async (tab) => {
      const measured = (name: string, ways: Ways) => {
        const first = roles.length * names.indexOf(name)
        const of = Object.fromEntries(roles.map((role, i) => [role, places[first + i]!])) as Places
        return measure(name, ways, of, tab)
      }
      // Recorded ones may be fast: they have the machine in turn.
      async function inTurn(): Promise<Line[]> {
        const lines: Line[][] = []
        for (const [name, ways] of Object.entries(traces)) lines.push(await measured(name, ways))
        return lines.flat()
      }
      const slow = Object.entries(constants).map(([name, ways]) => measured(name, ways))
      return (await Promise.all([...slow, inTurn()])).flat()
    }),
  )
}

function constantLines(): Record<string, Ways> {
  return Object.fromEntries(
    [32, 64, 128].map((kbit) => {
      const way = () => ({ clock: constant(1_000 * kbit), delayMs })
      return [`${kbit} kbit/s`, () => ({ up: way(), down: way() })]
    }),
  )
}

async function recordedLines(): Promise<Record<string, Ways>> {
  const folder = process.env.LINE_TRACES ?? join(import.meta.dirname, '../../shared/data/line-traces')
  const files = await readdir(folder).catch(() => [])
  const names = files.filter((file) => file.endsWith('.up')).map((file) => file.slice(0, -'.up'.length))
  if (names.length === 0) console.log(`line: no recorded lines in ${folder} (LINE_TRACES), they are left out`)
  const momentsOf = async (file: string) =>
    (await readFile(join(folder, file), 'utf8')).trim().split('\n').map(Number)
  const traces = await Promise.all(
    names.map(async (name) => {
      const [up, down] = await Promise.all([momentsOf(`${name}.up`), momentsOf(`${name}.down`)])
      const ways: Ways = () => ({
        up: { clock: recorded(up), delayMs: 30 },
        down: { clock: recorded(down), delayMs: 30 },
      })
      return [name, ways] as const
    }),
  )
  return Object.fromEntries(traces)
}

type Cost = { ms: number; up: number; down: number }

async function measure(name: string, ways: Ways, of: Places, tab: Page): Promise<Line[]> {
  /** On a line of its own. */
  const on = async <C extends Cost>(place: Place, work: (place: Place, line: BadLine) => Promise<C>) => {
    const bad = await openLine(place.url, ways())
    try {
      return await work({ ...place, url: bad.url }, bad)
    } finally {
      await bad.close()
    }
  }
  const tills = { 'in Node': [of.node, inNode], 'in Chromium': [of.chromium, inChromium(tab)] } as const
  const [plain, ...ours] = await Promise.all([
    plainly(on, of),
    ...Object.entries(tills).map(async ([where, [place, open]]) => {
      const deviceId = randomUUID()
      const token = await signIn(new URL(place.url).origin, { deviceId })
      const till = (at: Place) => open({ ...at, token, deviceId })
      const sent = await on(place, (at, line) => drain(till, at, line))
      const loaded = await on(of.full, (at, line) => load(till, at, line))
      return { where, sent, loaded }
    }),
  ])
  return ours.flatMap((one) => linesOf(name, one, plain))
}

type On = <C extends Cost>(place: Place, work: (place: Place, line: BadLine) => Promise<C>) => Promise<C>

async function plainly(on: On, of: Places): Promise<{ sent: Cost; loaded: Cost }> {
  const sent = await on(of.plain, push)
  return { sent, loaded: await on(of.full, pull) }
}

type Ours = { where: string; sent: Cost & { queued: number }; loaded: Cost & { readyMs: number } }

function linesOf(name: string, { where, sent, loaded }: Ours, plain: { sent: Cost; loaded: Cost }): Line[] {
  const against = (what: string, unit: Line['unit'], ours: number, value: number): Line => ({
    what: `${name}, ${where}: ${what}`,
    unit,
    ours,
    beside: { what: 'a plain client, all the time there is', value },
  })
  const [push_, load_] = [`${sales} sales sent`, `${changes.toLocaleString('en')} changes loaded`]
  return [
    against(push_, 'ms', sent.ms, plain.sent.ms),
    {
      ...against(`${push_}, bytes up`, 'KB', sent.up / 1000, 1),
      beside: { what: 'what was queued', value: sent.queued / 1000 },
      target: times(1.3),
    },
    against(`${push_}, bytes down`, 'KB', sent.down / 1000, plain.sent.down / 1000),
    { what: `${name}, ${where}: a fresh till can sell`, unit: 'ms', ours: loaded.readyMs },
    against(load_, 'ms', loaded.ms, plain.loaded.ms),
    against(`${load_}, bytes down`, 'KB', loaded.down / 1000, plain.loaded.down / 1000),
    against(`${load_}, bytes up`, 'KB', loaded.up / 1000, plain.loaded.up / 1000),
  ]
}

const costOf = async ({ bytes }: BadLine, work: () => Promise<unknown>): Promise<Cost> => {
  const before = { ...bytes }
  const ms = await timed(work)
  return { ms, up: bytes.up - before.up, down: bytes.down - before.down }
}

/** A till, wherever it is. */
type Open = (place: Place & { deviceId: string }) => Promise<OnLine>

const inNode: Open = (place) => openOnLine(place, memoryStore())

declare const page: TillPage

const inChromium =
  (tab: Page): Open =>
  async (place) => {
    const name = randomUUID()
    await tab.evaluate(({ name, place }) => page.openOnLine(name, place), { name, place })
    return {
      synced: () => tab.evaluate((name) => page.onLine(name).synced(), name),
      fill: (queue) => tab.evaluate(({ name, queue }) => page.onLine(name).fill(queue), { name, queue }),
      emptied: () => tab.evaluate((name) => page.onLine(name).emptied(), name),
      ready: () => tab.evaluate((name) => page.onLine(name).ready(), name),
      hydrated: () => tab.evaluate((name) => page.onLine(name).hydrated(), name),
      close: () => tab.evaluate((name) => page.onLine(name).close(), name),
    }
  }

type OpenAt = (place: Place) => Promise<OnLine>

/** From the end of an outage until nothing waits any more. Nobody helps. */
async function drain(open: OpenAt, place: Place, line: BadLine): Promise<Cost & { queued: number }> {
  const till = await open(place)
  await till.synced()
  line.pause(true)
  const queued = await till.fill(queueOf(place, sales).text)
  const cost = await costOf(line, () => {
    line.pause(false)
    return till.emptied()
  })
  await till.close()
  return { ...cost, queued }
}

async function load(open: OpenAt, place: Place, line: BadLine): Promise<Cost & { readyMs: number }> {
  let till: OnLine | undefined
  let readyMs = 0
  const begun = performance.now()
  const cost = await costOf(line, async () => {
    till = await open(place)
    await till.ready()
    readyMs = performance.now() - begun
    const count = await till.hydrated()
    if (count < changes / 2) throw new Error(`${count} sales are there`)
  })
  await till!.close()
  return { ...cost, readyMs }
}

async function push(place: Place, line: BadLine): Promise<Cost> {
  const [body] = new Till(place.branchId, 'bench').batches(1, sales)
  return costOf(line, () => post(place, body!))
}

const pull = (place: Place, line: BadLine): Promise<Cost> => costOf(line, () => pullAll(place, null))
