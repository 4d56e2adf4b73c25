import { spawnSync } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest'
import { createLogger } from '../../src/platform/log.ts'
import { migrate } from '../../src/platform/migrate.ts'
import { migrationDrift } from '../../src/platform/migrations.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

const log = createLogger('silent')
let database: TestDatabase
let folder: string

beforeEach(async () => {
  database = await createTestDatabase('nothing')
  folder = await mkdtemp(join(tmpdir(), 'modula-prisma-'))
})
afterEach(async () => {
  await database.drop()
  await rm(folder, { recursive: true })
})

const directory = () => join(folder, 'migrations')
const apply = () => migrate(database.url, { log, directory: directory() })

async function write(name: string, sql: string): Promise<void> {
  await mkdir(join(directory(), name), { recursive: true })
  await writeFile(join(directory(), name, 'migration.sql'), sql)
}

async function query(sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client(database.url)
  await client.connect()
  try {
    return (await client.query(sql)).rows
  } finally {
    await client.end()
  }
}

const till =
  'CREATE TABLE till (id UUID NOT NULL, label TEXT NOT NULL, CONSTRAINT till_pkey PRIMARY KEY (id));'
const withBody = `
  CREATE FUNCTION shout() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN NEW.label := upper(NEW.label) || ';'; RETURN NEW; END $$; -- a semicolon; in a comment
  CREATE TRIGGER shout BEFORE INSERT ON till FOR EACH ROW EXECUTE FUNCTION shout();`

describe('migrate', () => {
  it('is over when it is done: no timer keeps the process', async () => {
    await write('20260101000000_till', till)
    const said = `
      import { createLogger } from './src/platform/log.ts'
      import { migrate } from './src/platform/migrate.ts'
      const [, url, directory] = process.argv
      await migrate(url, { log: createLogger('silent'), directory })
      console.log(process.getActiveResourcesInfo().filter((each) => each === 'Timeout'))`
    const told = spawnSync(
      process.execPath,
      ['--input-type=module', '--eval', said, database.url, directory()],
      { encoding: 'utf8' },
    )
    expect(told).toMatchObject({ stdout: '[]\n', stderr: '' })
  })

  it('applies what is missing, in order, once', async () => {
    await write('20260102000000_body', withBody)
    await write('20260101000000_till', till)
    expect(await apply()).toEqual(['20260101000000_till', '20260102000000_body'])
    expect(await apply()).toEqual([])
    await query("INSERT INTO till VALUES (gen_random_uuid(), 'bar')")
    expect(await query('SELECT label FROM till')).toEqual([{ label: 'BAR;' }])
    await write('20260103000000_more', 'ALTER TABLE till ADD COLUMN place TEXT;')
    expect(await apply()).toEqual(['20260103000000_more'])
    const record =
      'SELECT migration_name FROM _prisma_migrations WHERE finished_at IS NOT NULL ORDER BY started_at'
    expect(await query(record)).toHaveLength(3)
  })

  it('is done once by gateways that start together', async () => {
    await write('20260101000000_till', till)
    await write('20260102000000_body', withBody)
    const applied = await Promise.all([apply(), apply(), apply(), apply()])
    expect(applied.flat()).toHaveLength(2)
  })

  it('undoes a migration that fails, says why in one line, and takes it up again once it is mended', async () => {
    await write('20260101000000_till', `${till} SELECT 1/0;`)
    for (const _twice of [1, 2]) {
      const refused = await apply().catch((error) => error)
      expect(refused.message).toBe('the database refuses 20260101000000_till: ERROR: division by zero')
    }
    await write('20260101000000_till', till)
    expect(await apply()).toEqual(['20260101000000_till'])
  })

  it('goes on after a gateway was killed between a migration and its own note that it is done', async () => {
    const refuseTheNote = `
      CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'killed'; END $$;
      CREATE TRIGGER refuse BEFORE UPDATE ON _prisma_migrations
        FOR EACH ROW WHEN (OLD.finished_at IS NOT NULL) EXECUTE FUNCTION refuse();`
    await write('20260101000000_till', till + refuseTheNote)
    await expect(apply()).rejects.toThrow('killed')
    await query('DROP TRIGGER refuse ON _prisma_migrations')
    expect(await apply()).toEqual([])
    expect(await query('SELECT * FROM till')).toEqual([])
  })

  it('makes indexes concurrently, beside a writer, and anew where that was interrupted', async () => {
    await write('20260101000000_till', till)
    await apply()
    const index = `-- why; and how
      DROP INDEX CONCURRENTLY IF EXISTS by_label;
      CREATE UNIQUE INDEX CONCURRENTLY by_label ON till(label);`
    await query("INSERT INTO till SELECT gen_random_uuid(), 'twice' FROM generate_series(1, 2)")
    await write('20260102000000_index', index)
    await expect(apply()).rejects.toThrow(/^the database refuses 20260102000000_index: .*by_label/)
    const found = () =>
      query(`SELECT indisvalid AS valid FROM pg_index WHERE indexrelid = to_regclass('by_label')`)
    expect(await found()).toEqual([{ valid: false }])
    await query('DELETE FROM till')

    // Whoever writes holds what an index that is made as usual would wait for, and be waited for by all others.
    const writer = new pg.Client(database.url)
    await writer.connect()
    await writer.query(`BEGIN; INSERT INTO till VALUES (gen_random_uuid(), 'bar')`)
    const applied = apply()
    await query("INSERT INTO till VALUES (gen_random_uuid(), 'meanwhile')")
    await writer.query('COMMIT')
    await writer.end()
    expect(await applied).toEqual(['20260102000000_index'])
    expect(await found()).toEqual([{ valid: true }])
    expect(await apply()).toEqual([])

    await write('20260103000000_both', `DROP TABLE till; ${index}`)
    await expect(apply()).rejects.toThrow(/does nothing else: DROP TABLE till/)
  })

  it('refuses a database that holds something else', async () => {
    await query('CREATE TABLE strangers (id INT)')
    await write('20260101000000_till', till)
    await expect(apply()).rejects.toThrow(
      /^the database refuses the migrations: The database schema is not empty/,
    )
  })

  it('says in one line that the folder of migrations is not there', async () => {
    await expect(apply()).rejects.toThrow(/^the folder of migrations .* cannot be read$/)
  })

  it.each([
    [
      (url: string) => url.replace(/:\d+\//, ':1/'),
      /^no usable PostgreSQL at .*:\*\*\*@127.0.0.1:1\/.*ECONNREFUSED/,
    ],
    [
      (url: string) => url.replace(/\/test_.*/, '/absent'),
      /^no usable PostgreSQL at .*: database "absent" does not exist$/,
    ],
  ])('says in one line that the database cannot be reached', async (alter, line) => {
    await write('20260101000000_till', till)
    await expect(migrate(alter(database.url), { log, directory: directory() })).rejects.toThrow(line)
  })
})

describe('migrationDrift', () => {
  const models = `
    datasource db {
      provider = "postgresql"
    }
    model Till {
      id    String @id @db.Uuid
      label String
      @@map("till")
    }`
  const drift = () => migrationDrift(database.superuserUrl, { models: folder, migrations: directory() })

  it('is nothing where migrations and models agree, whatever models cannot say', async () => {
    await writeFile(join(folder, 'schema.prisma'), models)
    await write('20260101000000_till', till)
    await write('20260102000000_body', withBody)
    await write(
      '20260103000000_raw',
      `CREATE UNIQUE INDEX one_open ON till (label) WHERE label = 'open';
      CREATE INDEX by_lower ON till (lower(label));
      ALTER TABLE till ADD CHECK (label <> ''), SET (fillfactor = 80);
      CREATE VIEW labels AS SELECT label FROM till;`,
    )
    expect(await drift()).toBeNull()
    expect(await query("SELECT 1 FROM pg_class WHERE relname = 'till'")).toEqual([])
  })

  it('is the SQL that is missing, over all files of the models', async () => {
    await writeFile(join(folder, 'schema.prisma'), models)
    await mkdir(join(folder, 'models'))
    await writeFile(join(folder, 'models/menu.prisma'), 'model Menu {\n  id Int @id\n}\n')
    await write('20260101000000_till', till)
    expect(await drift()).toContain('CREATE TABLE "Menu"')
    await write('20260102000000_menu', (await drift())!)
    expect(await drift()).toBeNull()
  })

  it('is nothing for the project itself', async () => {
    expect(await migrationDrift(inject('postgresUrl'))).toBeNull()
  })
})
