/**
 * Bad lines: a till that sends 200 sales and one that loads 5,000 changes, in Node and in Chromium (on IndexedDB), over
 * lines of a constant rate, one way 300 ms, and over recorded ones. Beside each the limit: a plain client that sends the whole in one request, or pulls pages of
 * 1,000, and has all the time there is. Bytes are those on the line, with what HTTP and the socket take.
 *
 * Recorded lines are read from the folder LINE_TRACES: pairs of files, NAME.up and NAME.down, one moment (ms) a line at
 * which a packet of 1,500 bytes may go.
 */
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
import { Till } from './support/cafe.ts'
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

export async function line(stage: Stage): Promise<Line[]> {
  const lines = { ...constantLines(), ...(await recordedLines()) }
  const names = Object.keys(lines)
  const branches = names.flatMap(() => [0, 0, 0, changes])
  return withPlaces(stage, 'line', branches, (places) =>
    withPage(stage, 'till.ts', async (tab) => {
      const measured: Line[] = []
      for (const [i, name] of names.entries()) {
        const [node, chromium, plain, full] = places.slice(4 * i, 4 * i + 4) as [Place, Place, Place, Place]
        measured.push(...(await measure(name, lines[name]!, { node, chromium, plain, full }, tab)))
      }
      return measured
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

async function measure(
  name: string,
  ways: Ways,
  of: Record<'node' | 'chromium' | 'plain' | 'full', Place>,
  tab: Page,
): Promise<Line[]> {
  const on = async <C extends Cost>(place: Place, work: (place: Place, line: BadLine) => Promise<C>) => {
    const bad = await openLine(place.url, ways())
    try {
      return await work({ ...place, url: bad.url }, bad)
    } finally {
      await bad.close()
    }
  }
  const sentPlainly = await on(of.plain, push)
  const loadedPlainly = await on(of.full, pull)
  const queued = queueOf(of.node, sales).text.length
  const tills = { 'in Node': [of.node, inNode], 'in Chromium': [of.chromium, inChromium(tab)] } as const
  const lines: Line[] = []
  for (const [where, [place, till]] of Object.entries(tills)) {
    const sent = await on(place, (place, line) => drain(till, place, line))
    const loaded = await on(of.full, (place, line) => load(till, place, line))
    const against = (what: string, unit: Line['unit'], ours: number, value: number): Line => ({
      what: `${name}, ${where}: ${what}`,
      unit,
      ours,
      beside: { what: 'a plain client, all the time there is', value },
    })
    const [push_, load_] = [`${sales} sales sent`, `${changes.toLocaleString('en')} changes loaded`]
    lines.push(
      against(push_, 'ms', sent.ms, sentPlainly.ms),
      {
        ...against(`${push_}, bytes up`, 'KB', sent.up / 1000, 1),
        beside: { what: 'what was queued', value: queued / 1000 },
        target: times(1.3),
      },
      against(`${push_}, bytes down`, 'KB', sent.down / 1000, sentPlainly.down / 1000),
      { what: `${name}, ${where}: a fresh till can sell`, unit: 'ms', ours: loaded.readyMs },
      against(load_, 'ms', loaded.ms, loadedPlainly.ms),
      against(`${load_}, bytes down`, 'KB', loaded.down / 1000, loadedPlainly.down / 1000),
      against(`${load_}, bytes up`, 'KB', loaded.up / 1000, loadedPlainly.up / 1000),
    )
  }
  return lines
}

const costOf = async ({ bytes }: BadLine, work: () => Promise<unknown>): Promise<Cost> => {
  const before = { ...bytes }
  const ms = await timed(work)
  return { ms, up: bytes.up - before.up, down: bytes.down - before.down }
}

/** A till, wherever it is. */
type OnDevice = { [Name in keyof OnLine]: (...given: Parameters<OnLine[Name]>) => Promise<unknown> }
type Open = (place: Place) => Promise<OnDevice>

const inNode: Open = (place) => openOnLine(place, memoryStore())

declare const page: TillPage

/** One at a time. */
const inChromium =
  (tab: Page): Open =>
  async (place) => {
    await tab.evaluate((place) => page.openOnLine(place), place)
    return {
      synced: () => tab.evaluate(() => page.onLine().synced()),
      fill: (queue) => tab.evaluate((queue) => page.onLine().fill(queue), queue),
      emptied: () => tab.evaluate(() => page.onLine().emptied()),
      ready: () => tab.evaluate(() => page.onLine().ready()),
      hydrated: () => tab.evaluate(() => page.onLine().hydrated()),
      close: () => tab.evaluate(() => page.onLine().close()),
    }
  }

/** From the end of an outage until nothing waits any more. Nobody helps. */
async function drain(open: Open, place: Place, line: BadLine): Promise<Cost> {
  const till = await open(place)
  await till.synced()
  line.pause(true)
  await till.fill(queueOf(place, sales).text)
  const cost = await costOf(line, () => {
    line.pause(false)
    return till.emptied()
  })
  await till.close()
  return cost
}

async function load(open: Open, place: Place, line: BadLine): Promise<Cost & { readyMs: number }> {
  let till: OnDevice | undefined
  let readyMs = 0
  const begun = performance.now()
  const cost = await costOf(line, async () => {
    till = await open(place)
    await till.ready()
    readyMs = performance.now() - begun
    const count = await till.hydrated()
    if (Number(count) < changes / 2) throw new Error(`${count} sales are there`)
  })
  await till!.close()
  return { ...cost, readyMs }
}

async function push(place: Place, line: BadLine): Promise<Cost> {
  const [body] = new Till(place.branchId, 'bench').batches(1, sales)
  return costOf(line, () => post(place, body!))
}

const pull = (place: Place, line: BadLine): Promise<Cost> => costOf(line, () => pullAll(place, null))
