/**
 * Hydrate: the bootstrap of a branch with 50,000 changes into SQLite and into IndexedDB in Chromium, and opening what
 * is there. Beside it bare `fetch` of the same pages, written by plain `node:sqlite` and `idb`, a transaction a page and
 * as durable: both sides download, as the SDK writes one page while it could not yet have the next.
 */
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { sqliteStore } from '../client/sdk/index.ts'
import type { TillPage } from './pages/till.ts'
import { withPage } from './support/browser.ts'
import { openDevice, type Place } from './support/device.ts'
import { takeTurns, timed } from './support/measure.ts'
import { withPlaces } from './support/places.ts'
import { pullAll } from './support/plain-fetch.ts'
import { openPlainSqlite, type Row } from './support/plain-sqlite.ts'
import { type Line, share, times } from './support/report.ts'
import type { Stage } from './support/stage.ts'

const rounds = 3
const few = 10_000
const many = 50_000

export const clientHydrate = (stage: Stage): Promise<Line[]> =>
  withPlaces(stage, 'hydrate', [few, many], async ([short, long]) => [
    ...lines('SQLite', 'node:sqlite', await compare(inSqlite(stage), short!, long!)),
    ...(await withPage(stage, 'till.ts', async (tab) =>
      lines('IndexedDB in Chromium', 'idb', await compare(inChromium(tab), short!, long!)),
    )),
  ])

/** Milliseconds each, with stores by name: a bootstrap makes one, an opening reads it. */
type Where = Record<
  'bootstrap' | 'open' | 'plainBootstrap' | 'plainOpen',
  (name: string, place: Place) => Promise<number>
>

/** Every round bootstraps new stores, and opens those of the round. */
async function compare(where: Where, short: Place, long: Place) {
  let names = { few: '', many: '', plain: '' }
  await where.bootstrap(randomUUID(), short)
  await where.plainBootstrap(randomUUID(), short)
  return takeTurns(
    rounds,
    {
      many: () => {
        names = { few: randomUUID(), many: randomUUID(), plain: randomUUID() }
        return where.bootstrap(names.many, long)
      },
      plain: () => where.plainBootstrap(names.plain, long),
      few: () => where.bootstrap(names.few, short),
      openMany: () => where.open(names.many, long),
      openPlain: () => where.plainOpen(names.plain, long),
      openFew: () => where.open(names.few, short),
    },
    { warm: true },
  )
}

function lines(where: string, plain: string, ms: Awaited<ReturnType<typeof compare>>): Line[] {
  const bootstrap = `bootstrap of ${many.toLocaleString('en')} changes into ${where}`
  const opening = `opening a cache of ${many.toLocaleString('en')} in ${where}, to its first query`
  const perSecond = (count: number, of: number) => (1_000 * count) / of
  const ours = perSecond(many, ms.many)
  return [
    {
      what: bootstrap,
      unit: 'changes/s',
      ours,
      beside: { what: `fetch and ${plain}: the same rows`, value: perSecond(many, ms.plain) },
      target: share(0.6),
    },
    {
      what: bootstrap,
      unit: 'changes/s',
      ours,
      beside: { what: `of ${few.toLocaleString('en')}`, value: perSecond(few, ms.few) },
      target: share(0.8),
    },
    {
      what: opening,
      unit: 'ms',
      ours: ms.openMany,
      beside: { what: `${plain}: the same rows read`, value: ms.openPlain },
      target: times(2),
    },
    {
      what: opening,
      unit: 'ms',
      ours: ms.openMany,
      beside: { what: `a cache of ${few.toLocaleString('en')}`, value: ms.openFew },
      target: times(6),
    },
  ]
}

const rowOf = ({ entityKind, entityId, ...change }: { entityKind: string; entityId: string }): Row => [
  `${entityKind} ${entityId}`,
  change,
]

function inSqlite(stage: Stage): Where {
  const pathOf = (name: string) => join(stage.folder, `${name}.db`)
  return {
    async bootstrap(name, place) {
      const device = await openDevice(place, sqliteStore(pathOf(name)), { line: 'down' })
      const ms = await timed(() => device.join())
      await device.client.close()
      return ms
    },
    async plainBootstrap(name, place) {
      const db = openPlainSqlite(pathOf(name))
      const ms = await timed(() => pullAll(place, null, ({ changes }) => db.insert(changes.map(rowOf))))
      db.close()
      return ms
    },
    async open(name, place) {
      const begun = performance.now()
      const { client } = await openDevice(place, sqliteStore(pathOf(name)), { line: 'down' })
      const { length } = client.query('sale')
      const ms = performance.now() - begun
      await client.close()
      if (length === 0) throw new Error('the cache is empty')
      return ms
    },
    async plainOpen(name) {
      const begun = performance.now()
      const db = openPlainSqlite(pathOf(name))
      const rows = new Map(db.all())
      const ms = performance.now() - begun
      db.close()
      if (rows.size === 0) throw new Error('the plain cache is empty')
      return ms
    },
  }
}

declare const page: TillPage

const inChromium = (tab: Page): Where => ({
  bootstrap: (name, place) =>
    tab.evaluate(([name, place]) => page.bootstrap(name, place), [name, place] as const),
  plainBootstrap: (name, place) =>
    tab.evaluate(([name, place]) => page.plainBootstrap(name, place), [name, place] as const),
  open: (name, place) => tab.evaluate(([name, place]) => page.open(name, place), [name, place] as const),
  plainOpen: (name) => tab.evaluate((name) => page.plainOpen(name), name),
})
