/**
 * PostgreSQL itself keeps tenants apart: what does not say whose rows it is about reads nothing and writes nothing, by the
 * gateway's own pool and role. (The whole suite runs under it.)
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Database, openDatabase, type Queryable } from '../../src/platform/database.ts'
import { createLogger } from '../../src/platform/log.ts'
import { migrate } from '../../src/platform/migrate.ts'
import { secureRows } from '../../src/platform/row-security.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

const log = createLogger('silent')
let own: TestDatabase
let db: Database
/** The tables that have rows of tenants. */
let tables: string[]
let views: string[]

const limits = { statementTimeoutMs: 10_000, lockTimeoutMs: 5_000 }

beforeAll(async () => {
  own = await createTestDatabase('demo')
  // One session for all: what is left in it would be the next one's.
  db = openDatabase({ url: own.url, poolSize: 1, ...limits })
  const found = await db.own.rows<{ name: string; type: string }>(
    `select c.table_name as name, table_type as type from information_schema.columns c
     join information_schema.tables t using (table_schema, table_name)
     where table_schema = 'public' and column_name = 'tenant_id' order by 1`,
    [],
  )
  const named = (of: string) => found.filter(({ type }) => type === of).map(({ name }) => name)
  tables = named('BASE TABLE')
  views = named('VIEW')
})
afterAll(async () => {
  await db?.close()
  await own?.drop()
})

/** How many rows of each tenant there are to be seen, of all tables together. */
async function seen(by: Queryable): Promise<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const table of tables)
    for (const { id, n } of await by.rows<{ id: string; n: number }>(
      `select tenant_id as id, count(*) as n from ${table} group by 1`,
      [],
    ))
      counts[id] = (counts[id] ?? 0) + n
  return counts
}

const insert = (tenantId: string) =>
  [`insert into tenant (tenant_id, name) values ($1, 'Strange')`, [tenantId]] as const

describe('every table of tenants', () => {
  it('has it, for the role that owns it too, which has no way around it', async () => {
    expect(tables.length).toBeGreaterThan(30)
    const open = await db.own.rows(
      `select relname from pg_class c where relname = any($1) and relnamespace = 'public'::regnamespace
         and not (relrowsecurity and relforcerowsecurity and exists (select from pg_policy where polrelid = c.oid)
           and not exists (select from pg_policy where polrelid = c.oid and polname <> 'modula_tenant'))`,
      [tables],
    )
    expect(open).toEqual([])
    const [role] = await db.own.rows(
      'select rolsuper, rolbypassrls, rolcreaterole from pg_roles where rolname = current_user',
      [],
    )
    expect(role).toEqual({ rolsuper: false, rolbypassrls: false, rolcreaterole: false })
  })

  it('shows the rows of the tenant that was said, and without one none', async () => {
    const all = await seen(db.everyTenant)
    expect(Object.keys(all).sort()).toEqual(['demo', 'rival'])
    expect(await seen(db.own)).toEqual({})
    expect(await seen(db.tenant('demo'))).toEqual({ demo: all.demo })
    expect(await seen(db.tenant('rival'))).toEqual({ rival: all.rival })
    expect(await db.tenant('demo').transaction(seen)).toEqual({ demo: all.demo })
    expect(await seen(db.own)).toEqual({})
  })

  it('is written by nobody who does not say the tenant, nor for another', async () => {
    const refused = { code: '42501' }
    await expect(db.own.run(...insert('strange'))).rejects.toMatchObject(refused)
    await expect(db.tenant('demo').run(...insert('strange'))).rejects.toMatchObject(refused)
    await expect(
      db.tenant('demo').run(`update branch set tenant_id = 'rival' where tenant_id = 'demo'`, []),
    ).rejects.toMatchObject(refused)
    for (const by of [db.own, db.tenant('demo')])
      for (const table of tables) {
        expect(await by.run(`update ${table} set tenant_id = tenant_id where tenant_id = 'rival'`, [])).toBe(
          0,
        )
        expect(await by.run(`delete from ${table} where tenant_id = 'rival'`, [])).toBe(0)
      }
  })

  it("keeps a transaction of one tenant from the other's rows, also where its SQL names them", async () => {
    const before = await seen(db.tenant('rival'))
    await db.tenant('demo').transaction(async (tx) => {
      for (const table of [...tables, ...views])
        expect(await tx.rows(`select 1 from ${table} where tenant_id = 'rival'`, []), table).toEqual([])
      for (const table of tables)
        for (const change of [`update ${table} set tenant_id = 'demo'`, `delete from ${table}`])
          expect(await tx.run(`${change} where tenant_id = 'rival'`, []), change).toBe(0)
      await expect(tx.part(() => tx.run(...insert('rival')))).rejects.toMatchObject({ code: '42501' })
      // A key that is taken where it cannot see is refused, not overwritten.
      const over = `insert into branch (tenant_id, branch_id, name) select 'rival', branch_id, 'Taken' from branch
        on conflict (tenant_id, branch_id) do update set name = 'Taken'`
      await expect(tx.part(() => tx.run(over, []))).rejects.toMatchObject({ code: '42501' })
    })
    expect(await seen(db.tenant('rival'))).toEqual(before)
    expect(await db.tenant('rival').rows(`select 1 from branch where name = 'Taken'`, [])).toEqual([])
  })

  it('leaves the keys of a statement to its indexes, and reads whose rows are meant once for all of them', async () => {
    const asked = `select * from sync_change where tenant_id = 'demo' and branch_id = 'riverside' and module = 'menu'
      and seq > 3`
    const plan = await db.tenant('demo').transaction(async (tx) => {
      await tx.run('set local enable_seqscan = off', [])
      await tx.run('set local enable_bitmapscan = off', [])
      return (await tx.texts(`explain ${asked}`, [])).join('\n')
    })
    const [, keys] = /Index Cond: (.*)/.exec(plan) ?? []
    for (const key of ['tenant_id', 'branch_id', 'module', 'seq']) expect(keys, plan).toContain(key)
    expect(plan).toMatch(/Filter: CASE WHEN \(tenant_id = \(InitPlan 1\)/)
  })

  it('is what views look through as well', async () => {
    expect(views.length).toBeGreaterThan(1)
    for (const view of views) expect(await db.own.rows(`select 1 from ${view}`, []), view).toEqual([])
    // As whoever asks, also where a superuser's migration has made them.
    const asMaker = await db.own.rows(
      `select relname from pg_class where relname = any($1) and relnamespace = 'public'::regnamespace
         and not coalesce(reloptions, '{}') @> '{security_invoker=true}'`,
      [views],
    )
    expect(asMaker).toEqual([])
  })
})

describe('who is meant', () => {
  it.each([
    '*',
    'on',
    '',
    `'; set modula.every_tenant = 'on`,
    `\\'; reset all; --`,
    'every tenant',
    '\u{1F375}',
  ])('is one tenant, whatever it is called: %j', async (tenantId) => {
    expect(await seen(db.tenant(tenantId))).toEqual({})
    if (tenantId === '') return
    const named = db.tenant(tenantId)
    await named.run(...insert(tenantId))
    expect(await seen(named)).toEqual({ [tenantId]: 1 })
    await named.run('delete from tenant', [])
  })

  it('is nobody by a name that PostgreSQL cannot hold', async () => {
    await expect(db.tenant('de\0mo').rows('select 1', [])).rejects.toThrow(RangeError)
  })

  it('is said for typed reads as well, each for itself, however many ask at once', async () => {
    const branchesOf = async (tenantId: string) => {
      const branches = await db.tenant(tenantId).prisma.branch.findMany()
      return [...new Set(branches.map((branch) => branch.tenantId))]
    }
    const askers = Array.from({ length: 10 }, (_, i) => (i % 2 ? 'demo' : 'rival'))
    expect(await Promise.all(askers.map(branchesOf))).toEqual(askers.map((tenantId) => [tenantId]))
    expect(await db.own.prisma.branch.findMany()).toEqual([])
    const members = await db.tenant('rival').prisma.member.findMany({ include: { branches: true } })
    expect(members.flatMap(({ branches }) => branches).length).toBeGreaterThan(0)
  })

  it('is lost where Prisma puts together what several ask: that is an error', async () => {
    const where = { tenantId: 'demo' }
    await expect(db.tenant('demo').prisma.tenant.findUnique({ where })).rejects.toThrow(/findFirst/)
  })
})

describe('what is asked at once', () => {
  it('is asked before anything is waited for: later is an error, not an empty answer', async () => {
    const late = db.tenant('demo').atOnce(async (asking) => {
      await asking.rows('select 1', [])
      return asking.rows('select 1', [])
    })
    await expect(late).rejects.toThrow(/after the transaction/)
    expect(Object.keys(await seen(db.tenant('demo')))).toEqual(['demo'])
  })

  it('is one transaction: what fails undoes the rest, and its reason is told', async () => {
    const name = () => db.tenant('demo').rows<{ name: string }>('select name from tenant', [])
    const before = await name()
    const asked = db.tenant('demo').atOnce(async (asking) => {
      await Promise.all([
        asking.run(`update tenant set name = 'Another'`, []),
        asking.rows('select 1 / 0', []),
        asking.rows('select 1', []),
      ])
    })
    await expect(asked).rejects.toMatchObject({ code: '22012' })
    expect(await name()).toEqual(before)
  })
})

it('nobody means all tenants but who is listed here', () => {
  const src = join(import.meta.dirname, '../../src')
  const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.endsWith('.ts') && !name.startsWith('generated'),
  )
  const saying = files.filter((name) => /\bevery_?tenant\b/i.test(readFileSync(join(src, name), 'utf8')))
  expect(saying.sort()).toEqual(
    [
      // What it is.
      'platform/database.ts',
      'platform/prisma.ts',
      'platform/row-security.ts',
      // Migrations change all rows, a backup has them all.
      'platform/schema-engine.ts',
      'admin/backup.ts',
      // Whoever runs the gateway, where a command names no tenant.
      'admin/in-one.ts',
      'admin/trail.ts',
      'admin/run.ts',
      // Where something is due; what is done about it is the tenant's.
      'sync/retention.ts',
      // Whether there is a tenant at all.
      'app.ts',
      'run.ts',
      'demo/seed.ts',
    ].sort(),
  )
})

describe('an older database', () => {
  const seesAll = async () => Object.keys(await seen(db.own)).sort()

  it('keeps what it has, as gateways of before would read nothing, until the operator says so; and back', async () => {
    expect((await secureRows(own.url, false)).length).toBe(tables.length)
    expect(await seesAll()).toEqual(['demo', 'rival'])
    await migrate(own.url, { log })
    expect(await seesAll()).toEqual(['demo', 'rival'])
    expect((await secureRows(own.url, true)).length).toBe(tables.length)
    expect(await secureRows(own.url, true)).toEqual([])
    expect(await seesAll()).toEqual([])
  })

  it('has it at the next start where it belongs to one gateway alone', async () => {
    await secureRows(own.url, false)
    await migrate(own.url, { log, isOurs: true })
    expect(await seesAll()).toEqual([])
  })

  it('that has it has it for tables that come later, too, and for their partitions', async () => {
    await db.own.run('create table later (tenant_id text, id int) partition by list (id)', [])
    await db.own.run('create table later_1 partition of later for values in (1)', [])
    try {
      await migrate(own.url, { log })
      await expect(db.own.run(`insert into later values ('demo', 1)`, [])).rejects.toMatchObject({
        code: '42501',
      })
      await db.tenant('demo').run(`insert into later values ('demo', 1)`, [])
      for (const table of ['later', 'later_1']) {
        expect(await db.own.rows(`select 1 from ${table}`, [])).toEqual([])
        expect(await db.tenant('demo').rows(`select 1 from ${table}`, [])).toHaveLength(1)
      }
    } finally {
      await db.own.run('drop table later', [])
    }
  })

  it('is secured while somebody works: it waits for their turn, table by table', async () => {
    const busy = new pg.Client(own.url)
    await busy.connect()
    await secureRows(own.url, false)
    await busy.query('begin')
    await busy.query('select 1 from sale')
    const secured = secureRows(own.url, true)
    await busy.query('select pg_sleep(0.1)')
    await busy.query('commit')
    await busy.end()
    expect(await secured).toHaveLength(tables.length)
  })
})
