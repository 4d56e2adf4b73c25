/**
 * Enqueue: `perform` of a sale until it is kept durably and shown, with nothing, 1,000 and 10,000 operations waiting,
 * beside one plain durable write of the same record. In SQLite, in IndexedDB in Chromium, and in memory, where no disk
 * hides what the SDK itself takes.
 */
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { memoryStore, type Store, sqliteStore } from '../client/sdk/index.ts'
import type { TillPage } from './pages/till.ts'
import { withPage } from './support/browser.ts'
import { saleOperation } from './support/cafe.ts'
import { type Device, openDevice, type Place } from './support/device.ts'
import { enqueueInTurn, type Sale } from './support/enqueue.ts'
import { quantile } from './support/measure.ts'
import { withPlaces } from './support/places.ts'
import { openPlainSqlite } from './support/plain-sqlite.ts'
import { queued, queueOf } from './support/queue.ts'
import { type Line, times } from './support/report.ts'
import type { Stage } from './support/stage.ts'

const waiting = [0, 1_000, 10_000]
const most = waiting.at(-1)!
const samples = 400
const warmUp = 40

export const clientEnqueue = (stage: Stage): Promise<Line[]> =>
  withPlaces(stage, 'enqueue', [0], async ([place]) => [
    ...(await withPage(stage, 'till.ts', async (tab) =>
      lines('IndexedDB in Chromium', 'idb: one put', await inChromium(tab, place!)),
    )),
    ...lines('SQLite', 'node:sqlite: one insert', await inSqlite(stage, place!)),
    ...growth('memory', await inMemory(place!)),
  ])

type Taken = Record<string, number[]>

function lines(where: string, plain: string, taken: Taken): Line[] {
  const line = (count: number, q: number): Line => ({
    what: `enqueue to durable in ${where}, ${count.toLocaleString('en')} waiting, p${100 * q}`,
    unit: 'ms',
    ours: quantile(taken[count]!, q),
    beside: { what: plain, value: quantile(taken.plain!, q) },
    ...(q === 0.5 ? { target: times(2) } : {}),
  })
  return [...waiting.flatMap((count) => [line(count, 0.5), line(count, 0.99)]), ...growth(where, taken)]
}

const growth = (where: string, taken: Taken): Line[] => [
  {
    what: `enqueue in ${where}, ${most.toLocaleString('en')} waiting, p50`,
    unit: 'ms',
    ours: quantile(taken[most]!, 0.5),
    beside: { what: 'none waiting', value: quantile(taken[0]!, 0.5) },
    target: times(1.2),
  },
]

const newSales = ({ branchId }: Place) =>
  Array.from({ length: warmUp + samples }, (_, i) => saleOperation(branchId, i))
const payloads = (sales: ReturnType<typeof newSales>) => sales.map(({ payload }) => payload as Sale)
/** What the queue keeps of the sales. */
const records = (place: Place, sales: ReturnType<typeof newSales>) =>
  sales.map((sale, i): [string, unknown] => [sale.clientOpId, queued(place, sale, i + 1)])

async function inSqlite(stage: Stage, place: Place): Promise<Taken> {
  const path = () => join(stage.folder, `${randomUUID()}.db`)
  const plain = openPlainSqlite(path())
  const sales = newSales(place)
  const rows = records(place, sales)
  const devices = await openDevices(place, () => sqliteStore(path()))
  const taken = await enqueueInTurn(devices, (i) => plain.insert([rows[i]!]), payloads(sales), warmUp)
  plain.close()
  await closeDevices(devices)
  return taken
}

async function inMemory(place: Place): Promise<Taken> {
  const devices = await openDevices(place, memoryStore)
  const taken = await enqueueInTurn(devices, () => {}, payloads(newSales(place)), warmUp)
  await closeDevices(devices)
  return taken
}

/** Devices that are offline, with so many operations waiting. */
async function openDevices(place: Place, openStore: () => Store): Promise<Record<string, Device>> {
  const devices: Record<string, Device> = {}
  for (const count of waiting) {
    const device = await openDevice(place, openStore())
    await device.join()
    await device.cut()
    await device.client.importQueue(queueOf(place, count).text)
    devices[count] = device
  }
  return devices
}

async function closeDevices(devices: Record<string, Device>): Promise<void> {
  for (const { client } of Object.values(devices)) await client.close()
}

declare const page: TillPage

async function inChromium(tab: Page, place: Place): Promise<Taken> {
  const names = waiting.map(String)
  for (const count of waiting)
    await tab.evaluate(([name, place, queue]) => page.openQueue(name, place, queue), [
      String(count),
      place,
      queueOf(place, count).text,
    ] as const)
  const sales = newSales(place)
  const taken = await tab.evaluate(
    ([names, records, sales, warmUp]) => page.enqueue(names, records, sales, warmUp),
    [names, records(place, sales), payloads(sales), warmUp] as const,
  )
  for (const name of names) await tab.evaluate((name) => page.close(name), name)
  return taken
}
