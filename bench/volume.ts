/**
 * What a sale of two lines takes in the database, table by table with its indexes: young, and 90 days later, when the feed
 * has forgotten it and its record keeps what the rows do not say again. `VOLUME_SALES=10000` makes fewer.
 */
import { forgetRetold, purge } from '../src/sync/retention.ts'
import { makeCafe } from './support/cafe.ts'
import { addPastSales, tablesOfSales } from './support/past-sales.ts'
import { type Line, under } from './support/report.ts'
import { type Stage, vacuumAnalyze, withClient, withServices } from './support/stage.ts'

const sales = Number(process.env.VOLUME_SALES ?? 100_000)

export async function volume(stage: Stage): Promise<Line[]> {
  const databaseUrl = await stage.createDatabase('volume')
  await withServices(databaseUrl, (services) => makeCafe(services, 1))
  const empty = await bytesOf(databaseUrl)
  await addPastSales(databaseUrl, sales)
  const young = await bytesOf(databaseUrl)
  await age(databaseUrl)
  const old = await bytesOf(databaseUrl)
  await stage.dropDatabase('volume')
  const kept = (bytes: ReadonlyMap<string, number>, table: string) =>
    (bytes.get(table)! - empty.get(table)!) / sales
  const sum = (bytes: ReadonlyMap<string, number>) =>
    tablesOfSales.reduce((all, table) => all + kept(bytes, table), 0)
  return [
    ...tablesOfSales.map(
      (table): Line => ({
        what: `a sale of two lines after 90 days: ${table}`,
        unit: 'bytes',
        ours: kept(old, table),
        beside: { what: 'young', value: kept(young, table) },
      }),
    ),
    {
      what: 'a sale of two lines after 90 days',
      unit: 'bytes',
      ours: sum(old),
      beside: { what: 'young', value: sum(young) },
      target: under(2_500),
    },
  ]
}

/**
 * Lets 91 days pass. What was freed is given back, as `vacuum full` does: in a database that goes on selling, the next
 * sales fill it.
 */
async function age(databaseUrl: string): Promise<void> {
  await withServices(databaseUrl, async ({ engine: { db } }) => {
    const later = new Date(Date.now() + 91 * 86_400_000)
    await purge(db, { tombstoneDays: 30, feedDays: 30 }, later)
    await forgetRetold(db, 90, later)
  })
  await withClient(databaseUrl, async (db) => {
    await db.query('vacuum full sync_operation, sync_change')
    await vacuumAnalyze(db)
  })
}

const bytesOf = (databaseUrl: string) =>
  withClient(databaseUrl, async (db) => {
    const { rows } = await db.query<{ table: string; bytes: string }>(
      `select name as table, sum(pg_total_relation_size(relid)) as bytes from unnest($1::text[]) as name, lateral (
         select name::regclass as relid union select relid from pg_partition_tree(name::regclass)) as parts group by 1`,
      [tablesOfSales],
    )
    return new Map(rows.map(({ table, bytes }) => [table, Number(bytes)]))
  })
