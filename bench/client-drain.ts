/**
 * Draining: a queue of sales until each is applied, pulled and gone from the device, through a gateway in a process of
 * its own. Beside it the same sales pushed by bare `fetch` in batches of the same size, and their changes pulled.
 */
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { memoryStore, type Store, sqliteStore } from '../client/sdk/index.ts'
import { Till } from './support/cafe.ts'
import { openDevice, type Place } from './support/device.ts'
import { takeTurns, timed } from './support/measure.ts'
import { withPlaces } from './support/places.ts'
import { post, pullAll } from './support/plain-fetch.ts'
import { queueOf } from './support/queue.ts'
import { type Line, share } from './support/report.ts'
import type { Stage } from './support/stage.ts'

const rounds = 3
/** As the SDK has it. */
const batchSize = 200
const usual = 10_000
const few = 1_000
const many = 20_000

export function clientDrain(stage: Stage): Promise<Line[]> {
  const variants = 6
  // Each drain in a branch of its own: what it pulls is what it sold.
  const branches = Array<number>(variants * rounds + 2).fill(0)
  return withPlaces(stage, 'drain', branches, async (places) => {
    const next = places.values()
    const place = () => next.next().value!
    const inFile = () => sqliteStore(join(stage.folder, `${randomUUID()}.db`))
    const drained = (count: number, openStore: () => Store, watched = false) =>
      drain(place(), openStore(), count, watched)

    await drained(few, inFile, true)
    await plain(place(), few)
    let plainRates = { pushed: 0, pulled: 0 }
    const rates = await takeTurns(
      rounds,
      {
        memory: () => drained(usual, memoryStore),
        file: () => drained(usual, inFile),
        watched: () => drained(usual, inFile, true),
        pushed: async () => {
          plainRates = await plain(place(), usual)
          return plainRates.pushed
        },
        pulled: async () => plainRates.pulled,
        few: () => drained(few, inFile, true),
        many: () => drained(many, inFile, true),
      },
      { warm: true },
    )
    const line = (what: string, ours: number, beside: Line['beside'], target?: Line['target']): Line => ({
      what: `draining ${what}`,
      unit: 'sales/s',
      ours,
      beside,
      target,
    })
    const [name, most] = [usual.toLocaleString('en'), many.toLocaleString('en')]
    const pushed = { what: 'fetch: the same batches pushed', value: rates.pushed }
    const pulled = { what: 'fetch: the same pushed and pulled', value: rates.pulled }
    const short = { what: `of ${few.toLocaleString('en')}`, value: rates.few }
    return [
      line(`${name} queued sales from memory`, rates.memory, pushed),
      line(`${name} queued sales from memory`, rates.memory, pulled, share(0.5)),
      line(`${name} queued sales from SQLite`, rates.file, pushed),
      line(`${name} queued sales from SQLite`, rates.file, pulled, share(0.5)),
      line(
        `${name} from SQLite, sales watched`,
        rates.watched,
        { what: 'not watched', value: rates.file },
        share(0.8),
      ),
      line(`${name} from SQLite, sales watched`, rates.watched, short, share(0.8)),
      line(`${most} from SQLite, sales watched`, rates.many, short, share(0.8)),
    ]
  })
}

const perSecond = (count: number, ms: number) => (1_000 * count) / ms

/** Sales a second. `watched`: a screen shows the branch's sales meanwhile. */
async function drain(place: Place, store: Store, count: number, watched: boolean): Promise<number> {
  const device = await openDevice(place, store)
  const { client } = device
  await device.join()
  await device.cut()
  await client.importQueue(queueOf(place, count).text)
  let shown = 0
  if (watched)
    client.watch('sale', undefined, (sales) => {
      shown = sales.filter(({ pending }) => !pending).length
    })
  const ms = await timed(() => device.join())
  const confirmed = client.query('sale', { where: { pending: false } }).length
  if (confirmed !== count || (watched && shown !== count))
    throw new Error(`${confirmed} of ${count} sales are confirmed, ${shown} shown`)
  await client.close()
  return perSecond(count, ms)
}

type Pushed = { syncPushBatch: { results: { status: string; message: string | null }[] } }

/** Sales a second, until all are pushed, and until all of them are pulled too. */
async function plain(place: Place, count: number): Promise<{ pushed: number; pulled: number }> {
  const bodies = new Till(place.branchId, 'bench').batches(count / batchSize, batchSize)
  const cursor = await pullAll(place, null)
  const push = await timed(async () => {
    for (const body of bodies) {
      const { syncPushBatch } = await post<Pushed>(place, body)
      const other = syncPushBatch.results.find(({ status }) => status !== 'APPLIED')
      if (other) throw new Error(`${other.status}: ${other.message}`)
    }
  })
  let sales = 0
  const pull = await timed(() =>
    pullAll(place, cursor, ({ changes }) => {
      sales += changes.filter(({ entityKind }) => entityKind === 'sale').length
    }),
  )
  if (sales !== count) throw new Error(`${sales} of ${count} sales were pulled`)
  return { pushed: perSecond(count, push), pulled: perSecond(count, push + pull) }
}
