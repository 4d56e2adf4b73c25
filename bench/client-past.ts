/**
 * A long past: opening a till that has sold 50,000 times in its life and needs none of it any more, beside one that has
 * sold 1,000 times. What is old has been forgotten (`forget.ts`), so both open what is left: in SQLite, and in IndexedDB
 * in Chromium, which keeps marks of what was deleted.
 */
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { sqliteStore } from '../client/sdk/index.ts'
import type { TillPage } from './pages/till.ts'
import { withPage } from './support/browser.ts'
import { tenantId } from './support/cafe.ts'
import { openDevice, type Place } from './support/device.ts'
import { takeTurns } from './support/measure.ts'
import { withPlaces } from './support/places.ts'
import { type Line, times } from './support/report.ts'
import { type Stage, withClient } from './support/stage.ts'

const rounds = 9
const few = 1_000
const many = 50_000

declare const page: TillPage

type Till = {
  /** Pulls all there is, and forgets what is old. */
  fill(name: string, place: Place): Promise<unknown>
  /** Milliseconds from nothing to the first query; there must be no sale. */
  open(name: string, place: Place): Promise<number>
}

export const clientPast = (stage: Stage): Promise<Line[]> =>
  withPlaces(stage, 'past', [few, many], async ([short, long], databaseUrl) => {
    await withClient(databaseUrl, (db) =>
      db.query(
        `update sync_change set ages_from = now() - interval '400 days'
         where tenant_id = $1 and entity_kind in ('sale', 'cashMovement')`,
        [tenantId],
      ),
    )
    return [
      await opening('SQLite', inSqlite(stage), short!, long!),
      await withPage(stage, 'till.ts', (tab) =>
        opening(
          'IndexedDB in Chromium',
          {
            fill: (name, place) =>
              tab.evaluate(([name, place]) => page.bootstrap(name, place), [name, place] as const),
            open: (name, place) =>
              tab.evaluate(([name, place]) => page.openEmpty(name, place), [name, place] as const),
          },
          short!,
          long!,
        ),
      ),
    ]
  })

async function opening(where: string, till: Till, short: Place, long: Place): Promise<Line> {
  const [fewName, manyName] = [randomUUID(), randomUUID()]
  await till.fill(fewName, short)
  await till.fill(manyName, long)
  const ms = await takeTurns(
    rounds,
    { few: () => till.open(fewName, short), many: () => till.open(manyName, long) },
    { warm: true },
  )
  return {
    what: `opening after ${many.toLocaleString('en')} sales in ${where}, none of them needed`,
    unit: 'ms',
    ours: ms.many,
    beside: { what: `after ${few.toLocaleString('en')}`, value: ms.few },
    target: times(1.1),
  }
}

function inSqlite(stage: Stage): Till {
  const storeOf = (name: string) => sqliteStore(join(stage.folder, `${name}.db`))
  return {
    async fill(name, place) {
      const device = await openDevice(place, storeOf(name), { line: 'down' })
      await device.join()
      await device.client.close()
    },
    async open(name, place) {
      const begun = performance.now()
      const { client } = await openDevice(place, storeOf(name), { line: 'down' })
      const { length } = client.query('sale')
      const ms = performance.now() - begun
      await client.close()
      if (length > 0) throw new Error('the past was not forgotten')
      return ms
    },
  }
}
