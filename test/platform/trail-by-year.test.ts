/**
 * The audit trail in partitions by year: a database of before comes to it as it is, while somebody writes; each year has its
 * place, whatever a clock says; and nobody sees more of a partition than of the trail.
 */
import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { idsOfYear, partsOf } from '../../src/modules/audit/years.ts'
import { type Database, openDatabase } from '../../src/platform/database.ts'
import { createLogger } from '../../src/platform/log.ts'
import { migrate } from '../../src/platform/migrate.ts'
import { prismaFolders, readMigrations } from '../../src/platform/migrations.ts'
import { secureRows } from '../../src/platform/row-security.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { ofEveryTenant } from '../support/every-tenant.ts'

/** The first of the migrations that are about it. */
const since = '20261130100000_trail_of_before'
const log = createLogger('silent')
const reader = `reader_${randomUUID().replaceAll('-', '')}`
const events = 2_000

let database: TestDatabase
let db: Database
let beside: pg.Client
let superuser: pg.Client
/** What the trail consists of, in files: before and after the migration. */
let files: { then: unknown[]; now: unknown[] }
/** Ids of what was written all the while, in the order of writing. */
let written: { id: number; at: string }[]

/** It has the view for some time before it wants the table: what takes them the other way round is in its way for ever. */
const insert = `insert into audit_event (tenant_id, branch_id, name, actor_id, submitted_by, lane, client_op_id, occurred_at, recorded_at)
  select $1, 'riverside', 'BRANCH_FROZEN', 'a', 'a', 'DIRECT', $2, now(), now() from pg_sleep(0.05)`

const filesOf = async (table: string) =>
  (
    await beside.query(
      `select pg_relation_filenode(oid) as file from pg_class
       where oid = $1::regclass or oid in (select indexrelid from pg_index where indrelid = $1::regclass) order by 1`,
      [table],
    )
  ).rows

beforeAll(async () => {
  database = await createTestDatabase('nothing')
  const { migrationDirectories } = await readMigrations(prismaFolders.migrations)
  const before = migrationDirectories.map(({ path }) => path).filter((name) => name < since)
  await migrate(database.url, { log, only: new Set(before) })
  beside = new pg.Client(ofEveryTenant(database.url))
  superuser = new pg.Client(database.superuserUrl)
  await Promise.all([beside.connect(), superuser.connect()])
  for (const tenant of ['demo', 'rival'])
    await beside.query(
      `insert into audit_trail (tenant_id, branch_id, name, client_op_id) select $1, 'riverside', 'SALE_VOIDED', gen_random_uuid()
       from generate_series(1, ${events})`,
      [tenant],
    )
  await secureRows(database.url, true)
  await superuser.query(
    `create role ${reader}; grant select on audit_trail, audit_event, sync_operation to ${reader}`,
  )
  const then = await filesOf('audit_trail')
  written = await whileSomebodyWrites(() => migrate(database.url, { log }))
  files = { then, now: await filesOf('audit_trail_before') }
  db = openDatabase({ url: database.url, poolSize: 2, statementTimeoutMs: 10_000, lockTimeoutMs: 5_000 })
})
afterAll(async () => {
  await db?.close()
  await superuser?.query(`drop owned by ${reader}; drop role ${reader}`)
  await beside?.end()
  await superuser?.end()
  await database?.drop()
})

/** As a gateway of before does, by statements that it has prepared, from before the migration until after it. */
async function whileSomebodyWrites(migration: () => Promise<unknown>) {
  const writer = new pg.Client(ofEveryTenant(database.url))
  await writer.connect()
  try {
    let isDone = false
    const migrated = migration().finally(() => {
      isDone = true
    })
    const keys: string[] = []
    for (let last = 0; last < 5; last += isDone ? 1 : 0) {
      keys.push(randomUUID())
      await writer.query({ name: 'written', text: insert, values: ['demo', keys.at(-1)] })
    }
    await migrated
    const { rows } = await writer.query(
      'select id, tableoid::regclass as at from audit_trail where client_op_id = any($1) order by array_position($1, client_op_id)',
      [keys],
    )
    expect(rows).toHaveLength(keys.length)
    return rows.map(({ id, at }) => ({ id: Number(id), at }))
  } finally {
    await writer.end()
  }
}

describe('a database of before', () => {
  it('has all that was in the trail where it was, in the oldest partition: nothing was copied, and no index made anew', async () => {
    expect(files.then.length).toBe(4)
    expect(files.now).toEqual(files.then)
    const { rows } = await beside.query(
      `select tableoid::regclass as at, count(*)::int as n, max(id) as last from audit_trail where name = 'SALE_VOIDED' group by 1`,
    )
    expect(rows).toEqual([{ at: 'audit_trail_before', n: 2 * events, last: String(2 * events) }])
  })

  it('takes what gateways of before write meanwhile, and it is newer than all that was there', () => {
    const year = new Date().getUTCFullYear()
    const ids = written.map(({ id }) => id)
    expect(ids).toEqual(ids.toSorted((a, b) => a - b))
    expect(ids[0]).toBeGreaterThan(2 * events)
    expect(written.at(-1)!.at).toBe(`audit_trail_${year}`)
    expect(Math.floor(ids.at(-1)! / idsOfYear)).toBe(year)
  })
})

describe('an event', () => {
  const idOf = async (n: number) =>
    Number((await beside.query('select audit_trail_id($1) as id', [n])).rows[0].id)

  it('has an id that begins with the year; where ids have come to a later one, the clock brings none before it', async () => {
    const { rows } = await beside.query(`select date_part('year', now() at time zone 'UTC')::int as year`)
    expect(await idOf(7)).toBe(rows[0].year * idsOfYear + 7)
    expect(await idOf(1999 * idsOfYear + 7)).toBe(rows[0].year * idsOfYear + 7)
    expect(await idOf(2999 * idsOfYear + 7)).toBe(2999 * idsOfYear + 7)
  })

  it('has its place in whichever year, and before and after all that there are', async () => {
    const years = Array.from({ length: 7 }, (_, i) => String(2026 + i))
    expect((await partsOf(db.own)).map(({ table }) => table)).toEqual(
      ['before', ...years, 'later'].map((each) => `audit_trail_${each}`),
    )
    for (const [year, place] of [
      ...years.map((each) => [Number(each), each] as const),
      ...([1970, 2025] as const).map((each) => [each, 'before'] as const),
      ...([2033, 9007] as const).map((each) => [each, 'later'] as const),
    ])
      for (const id of [year * idsOfYear + 1, (year + 1) * idsOfYear - 1]) {
        const { rows } = await beside.query(
          `insert into audit_trail (tenant_id, id, name, client_op_id) values ('years', $1, 'X', gen_random_uuid())
           returning tableoid::regclass as at`,
          [id],
        )
        expect(rows[0].at, String(id)).toBe(`audit_trail_${place}`)
      }
  })
})

describe('a partition', () => {
  it('is seen by nobody but the tenant, as the trail', async () => {
    for (const table of ['audit_trail', ...(await partsOf(db.own)).map((part) => part.table)]) {
      const seen = `select distinct tenant_id as "of" from ${table} order by 1`
      expect(await db.own.rows(seen, []), table).toEqual([])
      const all = await db.everyTenant.rows<{ of: string }>(seen, [])
      expect(all).toContainEqual({ of: 'years' })
      for (const { of } of all) expect(await db.tenant(of).rows(seen, []), table).toEqual([{ of }])
      await expect(
        db.own.run(
          `insert into ${table} (tenant_id, id, name, client_op_id) values ('x', 1, 'X', gen_random_uuid())`,
          [],
        ),
      ).rejects.toMatchObject({ code: expect.stringMatching(/^(42501|23514)$/) })
    }
  })

  it('is not to be had by who may read the trail; the trail, and its view, are as ever', async () => {
    await superuser.query(`begin; set local role ${reader}; set local modula.tenant = 'rival'`)
    for (const of of ['audit_trail', 'audit_event']) {
      const { rows } = await superuser.query(`select distinct tenant_id as of from ${of}`)
      expect(rows, of).toEqual([{ of: 'rival' }])
    }
    const year = `audit_trail_${new Date().getUTCFullYear()}`
    await expect(superuser.query(`select from ${year}`)).rejects.toMatchObject({ code: '42501' })
    await superuser.query('rollback')
  })
})
