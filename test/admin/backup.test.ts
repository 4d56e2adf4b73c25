/**
 * A backup and the way back: of everything, at one moment, while gateways run; into an empty database, of this version.
 */
import { randomUUID } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { verify } from '../../scripts/verify.ts'
import { backUp, restore } from '../../src/admin/backup.ts'
import { exportTenant } from '../../src/admin/export.ts'
import { execute, readCommand } from '../../src/admin/run.ts'
import { loadConfig } from '../../src/config.ts'
import { dayOf } from '../../src/modules/tenant/days.ts'
import { openDatabase } from '../../src/platform/database.ts'
import { createLogger } from '../../src/platform/log.ts'
import { migrate } from '../../src/platform/migrate.ts'
import { closeSession, openSession, sale } from '../support/cafe.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { ofEveryTenant } from '../support/every-tenant.ts'
import { type Gateway, startGateway } from '../support/gateway.ts'

let folder: string
let source: TestDatabase
let gateway: Gateway
const made: TestDatabase[] = []
const empty = async () => {
  made.push(await createTestDatabase('nothing'))
  return made.at(-1)!
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'modula-backup-'))
  source = await createTestDatabase('demo')
  gateway = await startGateway({ databaseUrl: source.url })
})
afterAll(async () => {
  await gateway?.close()
  await Promise.all([source, ...made].map((each) => each?.drop()))
  await rm(folder, { recursive: true, force: true })
})

/** Every row of every table, and of the views, as text; epochs left out, which are new after a restore. */
async function everything(url: string): Promise<Record<string, string[]>> {
  const client = new pg.Client(ofEveryTenant(url))
  await client.connect()
  try {
    const { rows: tables } = await client.query<{ name: string }>(
      `select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v')
         and not relispartition and relname <> '_prisma_migrations'`,
    )
    const found: Record<string, string[]> = {}
    for (const { name } of tables) {
      const { rows } = await client.query<{ row: string }>(
        `select (to_jsonb(t) - 'epoch')::text as row from ${pg.escapeIdentifier(name)} t`,
      )
      found[name] = rows.map(({ row }) => row).sort()
    }
    return found
  } finally {
    await client.end()
  }
}

/** How many rows all tables have. */
async function countOf(url: string): Promise<number> {
  const { rows: tables } = await query(
    url,
    `select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not relispartition`,
  )
  const counts = tables
    .filter(({ name }) => name !== '_prisma_migrations')
    .map(({ name }) => `(select count(*) from ${pg.escapeIdentifier(name)})`)
  return Number((await query(url, `select ${counts.join(' + ')} as n`)).rows[0].n)
}

describe('a backup', () => {
  it('has everything, is made while tills sell, and comes back as it was; numbers go on after it', async () => {
    const manager = await gateway.as('manager')
    const session = randomUUID()
    // What a line, a tab, a backslash and an end of rows look like within values.
    const odd = 'a\\b\tc\r\n\\.\n\u2028"ឡាតេ"'
    await manager.direct('policyUpdate', { receiptFooter: 'Thank you' }).catch(() => {})
    await manager.push([openSession(session), sale(session)])
    await manager.direct(
      'inventoryRestock',
      { stockItemId: 'odd', name: odd, unit: 'ML', quantity: 1, reason: odd },
      { branchId: 'riverside' },
    )
    const before = await everything(source.url)
    const file = join(folder, 'one')
    const rows = await backUp(source.url, file, new Date())
    expect(rows).toBe(await countOf(source.url))

    await manager.push([sale(session)])
    const target = await empty()
    expect(await restore(target.url, file)).toBe(rows)
    expect(await everything(target.url)).toEqual(before)

    const restored = await startGateway({ databaseUrl: target.url })
    try {
      const again = restored.withToken(manager.token)
      const [next] = await again.push([sale(session)])
      expect(next).toMatchObject({ status: 'APPLIED', result: { receiptNumber: 2 } })
    } finally {
      await restored.close()
    }
  })

  it('of one moment: what is written meanwhile is in it as a whole or not at all', async () => {
    const manager = await gateway.as('manager', { deviceId: 'till-2' })
    let selling = true
    const loop = (async () => {
      while (selling) await manager.direct('attendanceStart', {}).catch(() => {})
    })()
    const file = join(folder, 'moment')
    await backUp(source.url, file, new Date())
    selling = false
    await loop
    const target = await empty()
    await restore(target.url, file)
    const { sync_operation: operations, audit_event: events } = await everything(target.url)
    const applied = new Set(operations!.map((row) => JSON.parse(row).client_op_id))
    const orphans = events!.map((row) => JSON.parse(row).client_op_id).filter((id) => id && !applied.has(id))
    expect(orphans).toEqual([])
  })

  it('is not written over another, and leaves nothing where it fails', async () => {
    const file = join(folder, 'taken')
    await writeFile(file, 'mine')
    await expect(backUp(source.url, file, new Date())).rejects.toThrow(/is there already/)
    expect(await readFile(file, 'utf8')).toBe('mine')
    await expect(backUp(source.url, join(folder, 'no/such/folder'), new Date())).rejects.toThrow(/ENOENT/)
  })
})

describe('a restore', () => {
  it('refuses what is no backup, half of one, one of a newer version, and a database that is not empty', async () => {
    const file = join(folder, 'whole')
    await backUp(source.url, file, new Date())
    const text = gunzipSync(await readFile(file))
    const lines = text.toString('latin1').split('\n')
    const write = async (name: string, content: Buffer | string) => {
      const path = join(folder, name)
      await writeFile(path, content)
      return path
    }
    const packed = (part: string[]) => gzipSync(Buffer.from(part.join('\n'), 'latin1'))
    const head = JSON.parse(lines[0]!)
    const newer = JSON.stringify({ ...head, migrations: [...head.migrations, '29991231000000_later'] })
    const rowless = lines.toSpliced(lines.indexOf('\\.', 20) - 1, 1)
    const cases: [string, RegExp][] = [
      [await write('text', 'hello'), /damaged|no backup/],
      [await write('other', gzipSync('{"format":"other"}\n')), /no backup/],
      [await write('cut', (await readFile(file)).subarray(0, 2000)), /damaged/],
      [await write('half', packed(lines.slice(0, Math.floor(lines.length / 2)))), /ends in the middle/],
      [await write('rowless', packed(rowless)), /not whole/],
      [await write('newer', packed([newer, ...lines.slice(1)])), /newer version/],
    ]
    for (const [path, reason] of cases) {
      const target = await empty()
      await expect(restore(target.url, path), path).rejects.toThrow(reason)
      const there = await everything(target.url)
      expect(Object.values(there).flat(), path).toEqual([])
    }
    await expect(restore(source.url, file)).rejects.toThrow(/not empty/)
  })

  it('of an older version: its tables as they were, then what came later', async () => {
    const older = await empty()
    const { rows } = await query(
      source.url,
      'select migration_name as name from _prisma_migrations order by 1',
    )
    const names = rows.map(({ name }) => name as string)
    await migrate(older.url, { log: createLogger('silent'), only: new Set(names.slice(0, -1)) })
    await query(older.url, `insert into tenant (tenant_id, name, status) values ('old', 'Old', 'ACTIVE')`)
    const file = join(folder, 'older')
    await backUp(older.url, file, new Date())
    const target = await empty()
    await restore(target.url, file)
    const after = await query(target.url, 'select migration_name as name from _prisma_migrations order by 1')
    expect(after.rows.map(({ name }) => name)).toEqual(names)
    expect((await query(target.url, 'select name from tenant')).rows).toEqual([{ name: 'Old' }])
  })
})

async function query(url: string, text: string) {
  const client = new pg.Client(ofEveryTenant(url))
  await client.connect()
  try {
    return await client.query(text)
  } finally {
    await client.end()
  }
}

describe("a tenant's data", () => {
  it('is a file of JSON lines for each table: all of its own, of nobody else, and nothing that lets people in', async () => {
    const demo = await gateway.as('admin')
    const session = randomUUID()
    await demo.push([openSession(session), sale(session)])
    const odd = { stockItemId: 'odd', name: 'Line\n"one", \\ and ខ្មែរ', unit: 'G', quantity: 1 }
    expect(await demo.direct('inventoryRestock', odd)).toMatchObject({ status: 'APPLIED' })
    const target = join(folder, 'demo')
    const told = await exportTenant(source.url, 'demo', target)
    const lines = async (table: string) =>
      gunzipSync(await readFile(join(target, `${table}.jsonl.gz`)))
        .toString()
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as Record<string, unknown>)
    const all = await everything(source.url)
    for (const { table, rows } of told) {
      const found = await lines(table)
      const own = all[table]!.filter((row) => JSON.parse(row).tenant_id === 'demo')
      expect([table, found.length, rows]).toEqual([table, own.length, own.length])
    }
    // As they are read, whatever is kept but once.
    for (const [file, view] of [
      ['sale', 'sale_told'],
      ['stock_entry', 'stock_entry'],
      ['audit_event', 'audit_event'],
    ] as const) {
      const own = all[view]!.map((row) => JSON.parse(row)).filter(({ tenant_id }) => tenant_id === 'demo')
      expect(own.length, view).toBeGreaterThan(0)
      expect(await lines(file)).toEqual(expect.arrayContaining(own))
    }
    expect(await lines('stock_item')).toContainEqual(expect.objectContaining({ id: 'odd', name: odd.name }))
    expect((await readdir(target)).sort()).toEqual(told.map(({ table }) => `${table}.jsonl.gz`).sort())
    expect(told.map(({ table }) => table)).not.toContain('credential')
    await expect(exportTenant(source.url, 'demo', target)).rejects.toThrow('is there already')
  })
})

describe('the proof of some days', () => {
  const today = () => dayOf(new Date(), 'Asia/Phnom_Penh')
  const prove = (line: string, file: string) => runIn(`proof demo ${line} --file ${file}`)
  /** As an operator types it, on the database of these tests. */
  const runIn = async (line: string) => {
    const db = openDatabase({
      url: source.url,
      poolSize: 2,
      statementTimeoutMs: 10_000,
      lockTimeoutMs: 5_000,
    })
    try {
      return (await execute(db, readCommand(line.split(' '))!, { config: loadConfig({}), at: new Date() }))
        .done
    } finally {
      await db.close()
    }
  }

  it('is a file that fits, with the last day in it', async () => {
    const session = randomUUID()
    const demo = await gateway.as('admin')
    const market = { branchId: 'market' }
    const done = await demo.push([
      openSession(session, market),
      sale(session, {}, market),
      closeSession(session, undefined, market),
    ])
    expect(done.map(({ status }) => status)).toEqual(['APPLIED', 'APPLIED', 'APPLIED'])
    const file = join(folder, 'proof.jsonl')
    const days = `market --from ${today()} --to ${today()}`

    expect(await prove(`${days} --dry-run`, file)).toEqual({
      said: [`the proof would be written to ${file}`],
    })
    await prove(days, file)
    const lines = (await readFile(file, 'utf8')).split('\n')
    expect(verify(lines)).toEqual([])
    expect(lines.filter((line) => line.includes('"kind":"statement"'))).toHaveLength(1)
    await expect(prove(days, file)).rejects.toThrow('is there already')
  })

  it.each([
    [`nowhere --from 2026-11-01 --to 2026-11-02`, 'demo has no branch "nowhere"'],
    [`riverside --from yesterday --to 2026-11-02`, '--from is a day, such as 2026-11-28, not "yesterday"'],
    [`riverside --from 2026-11-01 --to 2026-02-30`, '--to is a day, such as 2026-11-28, not "2026-02-30"'],
    [`riverside --from 2026-11-02 --to 2026-11-01`, '--from is after --to'],
  ])('%s is refused', async (line, said) => {
    const file = join(folder, 'refused.jsonl')
    await expect(prove(line, file)).rejects.toThrow(said)
    expect((await readdir(folder)).filter((name) => name.startsWith('refused'))).toEqual([])
  })
})
