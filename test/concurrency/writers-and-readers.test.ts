/**
 * Eight writers (both lanes, several devices, repeats of the same keys) at two gateways over one PostgreSQL, while
 * four readers page through the streams.
 */
import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openSession, salePayload } from '../support/cafe.ts'
import {
  type Client,
  type Envelope,
  type Gateway,
  operation,
  type PulledChange,
  type Result,
  startGateway,
} from '../support/gateway.ts'

const writerCount = 8
const rounds = 7
const salesARound = 4
const readersOf = { limits: [1, 7, 50, 500] }

let gateways: Gateway[]

beforeEach(async () => {
  const first = await startGateway()
  gateways = [first, await startGateway({ databaseUrl: first.databaseUrl })]
})
afterEach(() => Promise.all(gateways.reverse().map((gateway) => gateway.close())))

/** The administrator, who is assigned to every branch, at one of the gateways. */
const person = (i: number, deviceId: string) => gateways[i % gateways.length]!.as('admin', { deviceId })

type Till = { branchId: string; cashSessionId: string }

async function openTills(branchIds: readonly string[]): Promise<Till[]> {
  const admin = await person(0, 'opener')
  const tills = branchIds.map((branchId) => ({ branchId, cashSessionId: randomUUID() }))
  for (const { branchId, cashSessionId } of tills)
    expect(await admin.push([openSession(cashSessionId, { branchId })])).toMatchObject([
      { status: 'APPLIED' },
    ])
  return tills
}

/** Sales of one writer, each with some that another writer sends as well, in the other lane as often as not. */
function intentsOf(tills: readonly Till[]): Envelope[][] {
  const own = Array.from({ length: writerCount }, (_, writer) =>
    Array.from({ length: rounds * salesARound }, () => {
      const { branchId, cashSessionId } = tills[writer % tills.length]!
      return operation('sale.finalize', salePayload(cashSessionId), { branchId })
    }),
  )
  return own.map((sales, writer) =>
    sales.flatMap((sale, i) => [sale, ...(i % 3 === 0 ? [own[(writer + 1) % writerCount]![i]!] : [])]),
  )
}

async function write(writer: number, intents: readonly Envelope[]): Promise<Result[]> {
  const client = await person(writer, `device-${writer}`)
  const results: Result[] = []
  const size = Math.ceil(intents.length / rounds)
  for (let from = 0; from < intents.length; from += size) {
    const batch = intents.slice(from, from + size)
    if (writer % 2 === 0) {
      results.push(...(await client.push(batch)))
      continue
    }
    for (const { clientOpId, branchId, payload } of batch)
      results.push(await client.direct('saleFinalize', payload as object, { branchId, key: clientOpId }))
  }
  return results
}

/** Follows a stream from nothing to its head again and again, until `done`; then once more. */
async function follow(client: Client, branchId: string, limit: number, done: () => boolean) {
  const seen = new Map<string, PulledChange>()
  let cursor: string | undefined
  let seq = 0
  for (let last = false; ; ) {
    const page = await client.pull({ branchId, cursor, limit })
    if ('reason' in page) throw new Error(`a reader was reset: ${page.reason}`)
    for (const change of page.changes) {
      expect(change.seq, 'seq goes up').toBeGreaterThan(seq)
      seq = change.seq
      seen.set(`${change.entityKind} ${change.entityId}`, change)
    }
    cursor = page.nextCursor
    if (page.hasMore) continue
    if (last) return seen
    last = done()
  }
}

async function race(branchIds: readonly string[], meanwhile: () => Promise<unknown> = async () => {}) {
  const tills = await openTills(branchIds)
  const intents = intentsOf(tills)
  let writing = true
  const readers = readersOf.limits.map(async (limit, i) => {
    const branchId = branchIds[i % branchIds.length]!
    return { branchId, seen: await follow(await person(i, `reader-${i}`), branchId, limit, () => !writing) }
  })
  const written = await Promise.all([
    ...intents.map((each, writer) => write(writer, each)),
    meanwhile(),
  ]).finally(() => {
    writing = false
  })
  const verdicts = written.slice(0, writerCount).flat() as Result[]
  return { tills, intents, verdicts, readers: await Promise.all(readers) }
}

async function expectOneEffectEach({ tills, intents, verdicts, readers }: Awaited<ReturnType<typeof race>>) {
  const { db } = gateways[0]!.app
  const distinct = new Map(intents.flat().map((intent) => [intent.clientOpId, intent]))

  expect(verdicts.filter(({ status }) => status !== 'APPLIED')).toEqual([])
  expect(verdicts.filter(({ duplicate }) => !duplicate)).toHaveLength(distinct.size)
  const [counted] = await db.everyTenant.rows<{ sales: number; records: number; movements: number }>(
    `select (select count(*)::int from sale) as sales,
       (select count(*)::int from sync_operation where type = 'sale.finalize') as records,
       (select count(*)::int from cash_movement where kind = 'SALE_IN') as movements`,
    [],
  )
  expect(counted).toEqual({ sales: distinct.size, records: distinct.size, movements: distinct.size })

  for (const { branchId, cashSessionId } of tills) {
    const sales = await db.everyTenant.rows<{ id: string; receiptNumber: number }>(
      'select id, receipt_number as "receiptNumber" from sale where branch_id = $1 order by receipt_number',
      [branchId],
    )
    expect(sales.map(({ receiptNumber }) => receiptNumber)).toEqual(sales.map((_, i) => i + 1))

    const [drawer] = await db.everyTenant.rows(
      `select s.expected_usd as usd, s.expected_khr as khr, s.opening_usd + sum(m.usd)::bigint as "sumUsd",
         s.opening_khr + sum(m.khr)::bigint as "sumKhr"
       from cash_session s join cash_movement m on m.cash_session_id = s.id where s.id = $1
       group by s.tenant_id, s.id`,
      [cashSessionId],
    )
    expect(drawer).toMatchObject({
      usd: (drawer as { sumUsd: number }).sumUsd,
      khr: (drawer as { sumKhr: number }).sumKhr,
    })

    const wrongStock = await db.everyTenant.rows(
      `select i.id from stock_item i left join stock_entry e using (tenant_id, branch_id)
       where i.branch_id = $1 and e.stock_item_id = i.id
       group by i.tenant_id, i.branch_id, i.id having i.on_hand <> sum(e.quantity)`,
      [branchId],
    )
    expect(wrongStock).toEqual([])

    const [stream] = await db.everyTenant.rows<{
      head: number
      last: number
      changes: number
      numbers: number
    }>(
      `select s.head_seq as head, max(c.seq) as last, count(*)::int as changes, count(distinct c.seq)::int as numbers
       from sync_stream s join sync_change c using (tenant_id, branch_id)
       where s.tenant_id = 'demo' and s.branch_id = $1 group by s.head_seq`,
      [branchId],
    )
    expect(stream?.head).toBe(stream?.last)
    expect(stream?.changes).toBe(stream?.numbers)
  }

  const admin = await person(0, 'bootstrap')
  for (const { branchId, seen } of readers) {
    const fresh = await admin.pullAll({ branchId })
    const latest = new Map(fresh.changes.map((change) => [`${change.entityKind} ${change.entityId}`, change]))
    expect([...latest.keys()].filter((name) => latest.get(name)?.seq !== seen.get(name)?.seq)).toEqual([])
    expect(seen.size).toBe(latest.size)
  }
}

describe('eight writers and four readers', () => {
  it('on one branch: every key has one effect, no reader misses a change', async () => {
    await expectOneEffectEach(await race(['riverside']))
  })

  it('on two branches', async () => {
    await expectOneEffectEach(await race(['riverside', 'market']))
  })

  it('with a menu that changes for every branch meanwhile: no deadlock', async () => {
    const changeMenu = async () => {
      const admin = await person(1, 'office')
      for (let i = 0; i < 12; i += 1) {
        const change = { menuItemId: 'latte', priceUsd: 300 + i }
        expect(await admin.direct('menuItemSave', change, { branchId: null })).toMatchObject({
          status: 'APPLIED',
        })
      }
    }
    const raced = await race(['riverside', 'market'], changeMenu)
    await expectOneEffectEach(raced)
    for (const { seen } of raced.readers) expect(seen.get('menuItem latte')?.payload.revision).toBe(13)
  })
})
