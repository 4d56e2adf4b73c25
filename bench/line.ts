/**
 * Bad lines: a till that sends 200 sales and one that loads 5,000 changes, over lines of a constant rate, one way 300 ms,
 * and over recorded ones. Beside each the limit: a plain client that sends the whole in one request, or pulls pages of
 * 1,000, and has all the time there is. Bytes are those on the line, with what HTTP and the socket take.
 *
 * Recorded lines are read from the folder LINE_TRACES: pairs of files, NAME.up and NAME.down, one moment (ms) a line at
 * which a packet of 1,500 bytes may go.
 */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createSyncClient, memoryStore } from '../client/sdk/index.ts'
import {
  type Line as BadLine,
  constant,
  type Direction,
  openLine,
  recorded,
  type Way,
} from '../test/line/line.ts'
import { Till } from './support/cafe.ts'
import type { Place } from './support/device.ts'
import { timed } from './support/measure.ts'
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
  const branches = names.flatMap(() => [0, 0, changes])
  return withPlaces(stage, 'line', branches, async (places) => {
    const measured: Line[] = []
    for (const [i, name] of names.entries()) {
      const [ours, plain, full] = places.slice(3 * i, 3 * i + 3)
      measured.push(...(await measure(name, lines[name]!, { ours: ours!, plain: plain!, full: full! })))
    }
    return measured
  })
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
  of: Record<'ours' | 'plain' | 'full', Place>,
): Promise<Line[]> {
  const on = async (place: Place, work: (place: Place, line: BadLine) => Promise<Cost>) => {
    const bad = await openLine(place.url, ways())
    try {
      return await work({ ...place, url: bad.url }, bad)
    } finally {
      await bad.close()
    }
  }
  const sent = await on(of.ours, drain)
  const sentPlainly = await on(of.plain, push)
  const loaded = await on(of.full, load)
  const loadedPlainly = await on(of.full, pull)
  const queued = queueOf(of.ours, sales).text.length
  const against = (
    what: string,
    unit: Line['unit'],
    ours: number,
    value: number,
    target?: Line['target'],
  ): Line => ({
    what: `${name}: ${what}`,
    unit,
    ours,
    beside: { what: 'a plain client, all the time there is', value },
    target,
  })
  const [push_, load_] = [`${sales} sales sent`, `${changes.toLocaleString('en')} changes loaded`]
  return [
    against(push_, 'ms', sent.ms, sentPlainly.ms),
    against(`${push_}, bytes up`, 'KB', sent.up / 1000, sentPlainly.up / 1000),
    {
      ...against(`${push_}, bytes up`, 'KB', sent.up / 1000, 1, times(1.3)),
      beside: { what: 'what was queued', value: queued / 1000 },
    },
    against(`${push_}, bytes down`, 'KB', sent.down / 1000, sentPlainly.down / 1000),
    against(load_, 'ms', loaded.ms, loadedPlainly.ms),
    against(`${load_}, bytes down`, 'KB', loaded.down / 1000, loadedPlainly.down / 1000),
    against(`${load_}, bytes up`, 'KB', loaded.up / 1000, loadedPlainly.up / 1000),
  ]
}

const costOf = async ({ bytes }: BadLine, work: () => Promise<unknown>): Promise<Cost> => {
  const before = { ...bytes }
  const ms = await timed(work)
  return { ms, up: bytes.up - before.up, down: bytes.down - before.down }
}

const openTill = ({ url, token, tenantId, branchId, actorId }: Place) =>
  createSyncClient({
    url,
    store: memoryStore(),
    getToken: async () => token,
    context: { tenantId, branchId, actorId },
    deviceId: 'bench',
    pullEveryMs: 3_600_000,
  })

/** Resolves when nothing waits any more. Nobody helps. */
const emptied = (client: Awaited<ReturnType<typeof openTill>>) =>
  new Promise<void>((resolve) => {
    const look = ({ pending, syncing } = client.status()) => pending + syncing === 0 && resolve()
    client.subscribe(look)
    look()
  })

async function drain(place: Place, line: BadLine): Promise<Cost> {
  const client = await openTill(place)
  await client.sync().catch(() => {})
  line.pause(true)
  await client.importQueue(queueOf(place, sales).text)
  const cost = await costOf(line, () => {
    line.pause(false)
    return emptied(client)
  })
  await client.close()
  return cost
}

async function load(place: Place, line: BadLine): Promise<Cost> {
  let client: Awaited<ReturnType<typeof openTill>> | undefined
  const cost = await costOf(line, async () => {
    client = await openTill(place)
    await new Promise<void>((resolve) => {
      const look = () => client!.status().hydrated && resolve()
      client!.subscribe(look)
      look()
    })
  })
  const { length } = client!.query('sale')
  await client!.close()
  if (length < changes / 2) throw new Error(`${length} sales are there`)
  return cost
}

async function push(place: Place, line: BadLine): Promise<Cost> {
  const [body] = new Till(place.branchId, 'bench').batches(1, sales)
  return costOf(line, () => post(place, body!))
}

const pull = (place: Place, line: BadLine): Promise<Cost> => costOf(line, () => pullAll(place, null))
