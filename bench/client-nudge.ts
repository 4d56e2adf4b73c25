/**
 * From one till to the other: `perform` of a sale by one until the other's `watch` shows it, by way of push, nudge and
 * pull, with 1,000 and with 50,000 changes in the other's cache. Beside it the same road by hand: a push by `fetch`, a
 * nudge on a bare socket, a pull by `fetch`. The other till is in a process of its own, and each pair has a branch of
 * its own, so that every nudge goes out at once (a branch is nudged at most 10 times a second).
 */
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { sqliteStore } from '../client/sdk/index.ts'
import { saleOperation, Till } from './support/cafe.ts'
import { startHelper } from './support/children.ts'
import { wallClock } from './support/clock.ts'
import { openDevice, type Place } from './support/device.ts'
import type { Sale } from './support/enqueue.ts'
import { quantile } from './support/measure.ts'
import { subscribe } from './support/nudges.ts'
import { withPlaces } from './support/places.ts'
import { post, pullAll } from './support/plain-fetch.ts'
import { type Line, times } from './support/report.ts'
import type { Stage } from './support/stage.ts'

const samples = 200
const warmUp = 20
const few = 1_000
const many = 50_000
/** Between the sales of one branch: more than the 100 ms in which nudges are merged. */
const betweenMs = 150
/** A socket is live once its access was checked; the SDK pulls again a second after it has opened. */
const settleMs = 2_000

export const clientNudge = (stage: Stage): Promise<Line[]> =>
  withPlaces(stage, 'client_nudge', [few, many, few], async (places) => {
    const [small, large, bare] = places
    const pairs = {
      few: await openTills(stage, small!),
      many: await openTills(stage, large!),
      plain: await openPlain(bare!),
    }
    const names = Object.keys(pairs) as (keyof typeof pairs)[]
    const taken: Record<keyof typeof pairs, number[]> = { few: [], many: [], plain: [] }
    await delay(settleMs)
    for (let i = 0; i < warmUp + samples; i += 1)
      for (const name of names) {
        const next = delay(betweenMs / names.length)
        const ms = await pairs[name].sell(i)
        if (i >= warmUp) taken[name].push(ms)
        await next
      }
    for (const name of names) await pairs[name].close()

    const line = (count: number, q: number, beside: Line['beside'], target?: Line['target']): Line => ({
      what: `sale by one till to the other's watch, ${count.toLocaleString('en')} in its cache, p${100 * q}`,
      unit: 'ms',
      ours: quantile(taken[count === few ? 'few' : 'many'], q),
      beside,
      target,
    })
    const plain = (q: number) => ({ what: 'fetch, ws, fetch', value: quantile(taken.plain, q) })
    return [
      line(few, 0.5, plain(0.5), times(2)),
      line(few, 0.99, plain(0.99)),
      line(many, 0.5, plain(0.5), times(2)),
      line(many, 0.99, plain(0.99)),
      line(
        many,
        0.5,
        { what: `${few.toLocaleString('en')} in its cache`, value: quantile(taken.few, 0.5) },
        times(1.5),
      ),
    ]
  })

/** A till that sells, and another that shows it. */
async function openTills(stage: Stage, place: Place) {
  const path = () => join(stage.folder, `${randomUUID()}.db`)
  const other = startHelper('watching-till.ts')
  await other.ask({ open: place, path: path() })
  const seller = await openDevice(place, sqliteStore(path()))
  await seller.join()
  return {
    async sell(i: number): Promise<number> {
      const sale = saleOperation(place.branchId, i).payload as Sale
      const begun = wallClock()
      await seller.client.perform('sale.finalize', sale)
      return (await other.ask<number>({ shown: sale.saleId })) - begun
    },
    async close() {
      await seller.client.close()
      await other.ask({ close: true })
      await other.stop()
    },
  }
}

async function openPlain(place: Place) {
  const till = new Till(place.branchId, 'bench')
  const { url, token, tenantId, branchId } = place
  let cursor = await pullAll(place, null)
  let onNudge: () => void = () => {}
  const socket = await subscribe(url.replace('http', 'ws'), { tenantId, branchId, token }, () => onNudge())
  return {
    async sell(): Promise<number> {
      const [body] = till.batches(1, 1)
      const { promise: nudged, resolve } = Promise.withResolvers<void>()
      onNudge = resolve
      const begun = wallClock()
      const pushed = post(place, body!)
      await nudged
      let sales = 0
      cursor = await pullAll(place, cursor, ({ changes }) => {
        sales += changes.filter(({ entityKind }) => entityKind === 'sale').length
      })
      const ms = wallClock() - begun
      if (sales === 0) throw new Error('pulled, but not the sale')
      await pushed
      return ms
    },
    async close() {
      socket.terminate()
    },
  }
}
