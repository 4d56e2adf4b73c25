/**
 * What the proof costs (docs/proof.md): a push of chained sales beside one of sales without a chain, in turns; queueing a sale
 * beside the same without its link; and a day of 2,000 sales verified.
 */
import { createHash, randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { memoryStore, type Store, sqliteStore } from '../client/sdk/index.ts'
import { verify } from '../scripts/verify.ts'
import { exportPage } from '../src/modules/closing/export.ts'
import { canonicalLink, canonicalOrigin } from '../src/sync/chain.ts'
import { pushAll } from './push.ts'
import {
  admin,
  branchName,
  decide,
  makeCafe,
  type Operation,
  operation,
  saleOperation,
  sessionOf,
  signIn,
  Till,
  tenantId,
} from './support/cafe.ts'
import type { Place } from './support/device.ts'
import type { Sale } from './support/enqueue.ts'
import { openLine } from './support/http.ts'
import { switchedDevice } from './support/link-switch.ts'
import { quantile, takeTurns, timed } from './support/measure.ts'
import { withPlaces } from './support/places.ts'
import { type Line, share, times, under } from './support/report.ts'
import { type Stage, withClient, withServices } from './support/stage.ts'

const rounds = 9
const batches = 10
const daySales = 2_000
/** So many that the middle of two runs of the same lies within half a percent. */
const samples = 18_000
const warmUp = 1_200

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

/** A till whose operations are links of one chain. */
class ChainedTill extends Till {
  readonly #chain = randomUUID()
  #prev = sha256(canonicalOrigin({ tenantId, deviceId: this.deviceId, chain: this.#chain }))

  protected override sent(made: Operation & { deviceSeq: number }): object {
    const { clientOpId, payloadHash, occurredAt, deviceSeq } = made
    const of = { clientOpId, payloadHash, occurredAt, deviceSeq, chain: this.#chain, prev: this.#prev }
    const chain = { id: this.#chain, prev: this.#prev }
    this.#prev = sha256(canonicalLink({ ...of, actorId: admin }))
    return { ...made, chain }
  }
}

export async function chain(stage: Stage): Promise<Line[]> {
  return [...(await pushed(stage)), ...(await queued(stage))]
}

async function pushed(stage: Stage): Promise<Line[]> {
  const databaseUrl = await stage.createDatabase('chain')
  await withServices(databaseUrl, (services) => makeCafe(services, 2))
  const gateway = await stage.openGateway(databaseUrl)
  try {
    const tills = {
      plain: new Till(branchName(0), 'plain'),
      chained: new ChainedTill(branchName(1), 'chained'),
    }
    const turn = async (till: Till) => {
      const connection = openLine(`${gateway.url}/graphql`, await signIn(gateway.url, till))
      return { run: () => pushAll([till], [connection], batches), close: () => connection.close() }
    }
    const [plain, chained] = [await turn(tills.plain), await turn(tills.chained)]
    await plain.run()
    await chained.run()
    await withClient(databaseUrl, (db) => db.query('analyze'))
    const rates = await takeTurns(rounds, { plain: plain.run, chained: chained.run })
    plain.close()
    chained.close()
    return [
      {
        ...{ what: 'push of chained sales, 1 device', unit: 'sales/s', ours: rates.chained },
        beside: { what: 'the same without a chain', value: rates.plain },
        target: share(0.97),
      },
      await verified(databaseUrl),
    ]
  } finally {
    await gateway.stop()
    await stage.dropDatabase('chain')
  }
}

/** A session of 2,000 sales by a chained till of its own: closed, exported, and verified. */
async function verified(databaseUrl: string): Promise<Line> {
  return withServices(databaseUrl, async (services) => {
    const branchId = branchName(2)
    await decide(services, [operation('branch.save', branchId, { name: branchId })])
    const cashSessionId = sessionOf(branchId)
    await decide(services, [
      operation('cashSession.open', branchId, { cashSessionId, openingFloat: { usd: 5000, khr: 0 } }),
    ])
    const sales = Array.from({ length: daySales }, (_, i) => saleOperation(branchId, i))
    for (let i = 0; i < daySales; i += 100) await decide(services, sales.slice(i, i + 100))
    await decide(services, [
      operation('cashSession.close', branchId, { cashSessionId, counted: { usd: 5000, khr: 0 } }),
    ])
    const lines: string[] = []
    let after: string | null = null
    do {
      const of = { tenantId, branchId, from: new Date(0), to: new Date(Date.now() + 60_000) }
      const page = await exportPage(services.engine.db.tenant(of.tenantId), of, after)
      lines.push(...page.lines)
      after = page.next
    } while (after !== null)
    const taken: number[] = []
    for (let i = 0; i < 5; i += 1)
      taken.push(
        await timed(async () => {
          const faults = verify(lines)
          if (faults.length > 0) throw new Error(`${faults[0]!.name} ${faults[0]!.what}`)
        }),
      )
    return {
      what: `verify a day of ${daySales.toLocaleString('en')} sales (${lines.length} lines)`,
      ...{ unit: 'ms', ours: quantile(taken, 0.5), target: under(2_000) },
    }
  })
}

const queued = (stage: Stage): Promise<Line[]> =>
  withPlaces(stage, 'chained', [0], async ([place]) => [
    await enqueued('SQLite', place!, () => sqliteStore(join(stage.folder, `${randomUUID()}.db`))),
    await enqueued('memory', place!, memoryStore),
  ])

/** `perform` of a sale with its link and without, by one device in turns. */
async function enqueued(where: string, place: Place, openStore: () => Store): Promise<Line> {
  const { openDevice, links } = await switchedDevice()
  const device = await openDevice(place, openStore())
  await device.join()
  await device.cut()
  const taken = { linked: [] as number[], unlinked: [] as number[] }
  for (let i = 0; i < warmUp + samples; i += 1) {
    const name = i % 6 < 3 ? 'linked' : 'unlinked'
    links.on = name === 'linked'
    const { payload } = saleOperation(place.branchId, i)
    const ms = await timed(() => device.client.perform('sale.finalize', payload as Sale))
    // Of each three the first finds what the others before it left.
    if (i >= warmUp && i % 3 > 0) taken[name].push(ms)
  }
  await device.client.close()
  return {
    what: `enqueue in ${where} with its link, p50`,
    ...{ unit: 'ms', ours: quantile(taken.linked, 0.5) },
    beside: { what: 'the same without', value: quantile(taken.unlinked, 0.5) },
    target: times(1.03),
  }
}
