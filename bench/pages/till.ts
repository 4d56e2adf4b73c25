/**
 * What the benchmarks do in a page: the SDK on IndexedDB, and plain `idb` beside it, as durable.
 */
import { openDB } from 'idb'
import { indexedDbStore } from '../../client/sdk/index.ts'
import { type Device, openDevice, type Place } from '../support/device.ts'
import { enqueueInTurn, type Sale } from '../support/enqueue.ts'
import { type OnLine, openOnLine } from '../support/on-line.ts'
import { pullAll } from '../support/plain-fetch.ts'

const devices = new Map<string, Device>()
const device = (name: string) => devices.get(name)!

const openPlain = (name: string) => openDB(name, 1, { upgrade: (db) => void db.createObjectStore('rows') })
type Plain = Awaited<ReturnType<typeof openPlain>>

/** Objects, as one would; in one transaction, which resolves when they are on the disk. */
async function insert(db: Plain, rows: readonly [key: string, value: unknown][]): Promise<void> {
  const tx = db.transaction('rows', 'readwrite', { durability: 'strict' })
  for (const [key, value] of rows) void tx.store.put(value, key)
  await tx.done
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now()
  await work()
  return performance.now() - begun
}

async function opened(name: string, place: Place): Promise<{ ms: number; sales: number }> {
  const begun = performance.now()
  const { client } = await openDevice(place, indexedDbStore(name), { line: 'down' })
  const sales = client.query('sale').length
  const ms = performance.now() - begun
  await client.close()
  return { ms, sales }
}

const onLine = new Map<string, OnLine>()

const page = {
  /** Opens a till on a new store. */
  async openOnLine(name: string, place: Parameters<typeof openOnLine>[0]): Promise<void> {
    onLine.set(name, await openOnLine(place, indexedDbStore(`on line ${name}`)))
  },
  onLine: (name: string) => onLine.get(name)!,

  /** A device with what its branch has, offline, with this queue. */
  async openQueue(name: string, place: Place, queue: string): Promise<void> {
    const opened = await openDevice(place, indexedDbStore(name))
    devices.set(name, opened)
    await opened.join()
    await opened.cut()
    await opened.client.importQueue(queue)
  },
  close: (name: string) => device(name).client.close(),

  /** Sales by the devices of these names, and the records by plain `idb`. */
  async enqueue(names: string[], records: [string, unknown][], sales: Sale[], warmUp: number) {
    const db = await openPlain('plain queue')
    const chosen = Object.fromEntries(names.map((name) => [name, device(name)]))
    const taken = await enqueueInTurn(chosen, (i) => insert(db, [records[i]!]), sales, warmUp)
    db.close()
    return taken
  },

  /** Milliseconds until a store of this name has all of the branch. */
  async bootstrap(name: string, place: Place): Promise<number> {
    const opened = await openDevice(place, indexedDbStore(name), { line: 'down' })
    const ms = await timed(() => opened.join())
    await opened.client.close()
    return ms
  },
  /** The same pages by `fetch` and `idb`, a transaction a page. */
  async plainBootstrap(name: string, place: Place): Promise<number> {
    const db = await openPlain(name)
    const ms = await timed(() =>
      pullAll(place, null, ({ changes }) =>
        insert(
          db,
          changes.map(({ entityKind, entityId, ...change }) => [`${entityKind} ${entityId}`, change]),
        ),
      ),
    )
    db.close()
    return ms
  },

  /** Milliseconds from nothing until the sales that a store holds can be asked for. */
  async open(name: string, place: Place): Promise<number> {
    const { ms, sales } = await opened(name, place)
    if (sales === 0) throw new Error('the cache is empty')
    return ms
  },
  /** The same of a till whose past is over. */
  async openEmpty(name: string, place: Place): Promise<number> {
    const { ms, sales } = await opened(name, place)
    if (sales > 0) throw new Error('the past was not forgotten')
    return ms
  },
  async plainOpen(name: string): Promise<number> {
    const begun = performance.now()
    const db = await openPlain(name)
    const [keys, values] = await Promise.all([db.getAllKeys('rows'), db.getAll('rows')])
    const rows = new Map(keys.map((key, i) => [key, values[i]]))
    const ms = performance.now() - begun
    db.close()
    if (rows.size === 0) throw new Error('the plain cache is empty')
    return ms
  },
}

export type TillPage = typeof page
Object.assign(window, { page })
