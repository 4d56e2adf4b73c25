import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, statSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startCluster } from '../../src/platform/embedded/cluster.ts'
import { createLogger } from '../../src/platform/log.ts'
import { openPostgres } from '../../src/platform/postgres.ts'
import { StartError } from '../../src/platform/start-error.ts'

const log = createLogger('silent')
const holder = join(import.meta.dirname, '../support/hold-postgres.ts')

async function query(url: string, sql: string): Promise<unknown> {
  const client = new pg.Client(url)
  await client.connect()
  try {
    const { rows } = await client.query({ text: sql, rowMode: 'array' })
    return rows[0]?.[0]
  } finally {
    await client.end()
  }
}

describe('the embedded database', () => {
  let dataDir: string
  const pidFile = () => join(dataDir, 'postgres/postmaster.pid')
  const postmaster = () => Number.parseInt(readFileSync(pidFile(), 'utf8'), 10)
  const open = () => openPostgres({ dataDir, log })

  /** Another process that holds the database. */
  async function hold(): Promise<{ child: ChildProcess; url: string }> {
    const child = spawn(process.execPath, [holder, dataDir], { stdio: ['ignore', 'pipe', 'inherit'] })
    const [url] = await once(createInterface({ input: child.stdout! }), 'line')
    return { child, url }
  }

  async function kill(child: ChildProcess, signal: NodeJS.Signals): Promise<unknown> {
    const exited = once(child, 'exit')
    child.kill(signal)
    return (await exited)[0]
  }

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'modula-data-'))
  })
  afterAll(() => rm(dataDir, { recursive: true }))

  it('is made with a collation of its own, durable, on the loopback only', async () => {
    const { url, embedded, stop } = await open()
    const setting = (name: string) => query(url, `SELECT current_setting('${name}')`)
    expect(embedded).toBe(true)
    expect(await query(url, 'SELECT datlocale FROM pg_database WHERE datname = current_database()')).toBe(
      'C.UTF-8',
    )
    expect(await setting('server_encoding')).toBe('UTF8')
    expect(await setting('fsync')).toBe('on')
    expect(await setting('synchronous_commit')).toBe('on')
    expect(await setting('listen_addresses')).toBe('127.0.0.1')
    // Line 5 of the file is the folder of its socket, a setting that a superuser may ask for alone.
    expect(readFileSync(pidFile(), 'utf8').split('\n')[4]).toBe('')
    await query(url, 'CREATE TABLE kept AS SELECT 42 AS answer')
    await Promise.all([stop(), stop()])
    await expect(query(url, 'SELECT 1')).rejects.toThrow()
  })

  it('keeps its password for its owner only, and wants it', async () => {
    expect(statSync(join(dataDir, 'postgres.password')).mode & 0o777).toBe(0o600)
    const { url, stop } = await open()
    const stranger = new URL(url)
    stranger.password = 'guess'
    await expect(query(stranger.href, 'SELECT 1')).rejects.toThrow('password authentication failed')
    await stop()
  })

  it('works under a role that owns its database and may do nothing else', async () => {
    const { url, stop } = await open()
    const rights = `select array_to_json(array[rolsuper, rolcreaterole, rolcreatedb, rolreplication, rolbypassrls])
      from pg_roles where rolname = current_user`
    expect(await query(url, rights)).toEqual([false, false, false, false, false])
    await expect(query(url, 'create database other')).rejects.toThrow('permission denied')
    await expect(query(url, `copy (select 1) to program 'true'`)).rejects.toThrow('permission denied')
    await stop()
  })

  it('is handed over where a version before made it as superuser, with all that is in it', async () => {
    const cluster = await startCluster(dataDir, { log })
    for (const statement of [
      "create type mood as enum ('fine')",
      'create table old (id serial primary key, mood mood, made int generated always as identity)',
      'create sequence counted',
      'create view seen as select id from old',
      "create function one() returns int language sql as 'select 1'",
      'alter database postgres owner to modula',
    ])
      await query(cluster.superuserUrl, statement)
    await expect(query(cluster.url, 'select * from old')).rejects.toThrow('permission denied')
    await cluster.stop()

    const { url, stop } = await open()
    for (const statement of [
      "insert into old (mood) values ('fine')",
      'alter table old add column more int',
      "alter type mood add value 'better'",
      'drop view seen',
      'drop function one()',
      'drop sequence counted',
      'drop table old',
    ])
      await query(url, statement)
    await stop()
  })

  it('is there again at the next start', async () => {
    const { url, stop } = await open()
    expect(await query(url, 'SELECT answer FROM kept')).toBe(42)
    await stop()
  })

  it('is stopped with its gateway', async () => {
    const { child } = await hold()
    const pid = postmaster()
    expect(await kill(child, 'SIGTERM')).toBe(0)
    expect(() => readFileSync(pidFile())).toThrow()
    expect(() => process.kill(pid, 0)).toThrow()
  })

  it('is usable at once after its gateway was killed, though it still runs', async () => {
    const { child, url: before } = await hold()
    await query(before, 'INSERT INTO kept VALUES (43)')
    await kill(child, 'SIGKILL')
    expect(await query(before, 'SELECT 1')).toBe(1)
    const { url, stop } = await open()
    expect(await query(url, 'SELECT sum(answer)::int FROM kept')).toBe(85)
    await expect(query(before, 'SELECT 1')).rejects.toThrow()
    await stop()
  })

  it('starts although a postmaster.pid was left whose number is somebody else now', async () => {
    await writeFile(pidFile(), `${process.pid}\n${dataDir}/postgres\n1\n1\n\n127.0.0.1\n  1 1\n`)
    const { url, stop } = await open()
    expect(await query(url, 'SELECT 1')).toBe(1)
    await stop()
  })

  it('comes back on the same address when it ends by itself', async () => {
    const { url, stop } = await open()
    process.kill(postmaster(), 'SIGKILL')
    await expect.poll(() => query(url, 'SELECT 1').catch(() => 0), { timeout: 20_000 }).toBe(1)
    await stop()
  })

  it('refuses a second gateway on the same folder in one line', async () => {
    const { child } = await hold()
    const refused = await open().catch((error) => error)
    expect(refused).toBeInstanceOf(StartError)
    expect(refused.message).toMatch(
      /^DATA_DIR is ".*", which another gateway is using: stop that one, or .*$/,
    )
    await kill(child, 'SIGTERM')
  })

  it('is not on Ctrl-C: a signal to the group of the gateway does not reach it', async () => {
    const { child, url } = await hold()
    const group = (pid: number) => readFileSync(`/proc/${pid}/stat`, 'utf8').split(' ')[4]
    if (process.platform === 'linux') expect(group(postmaster())).not.toBe(group(child.pid!))
    expect(await query(url, 'SELECT 1')).toBe(1)
    await kill(child, 'SIGTERM')
  })

  it('says which file is missing when its password is gone', async () => {
    await rm(join(dataDir, 'postgres.password'))
    await expect(open()).rejects.toThrow(/postgres\.password is missing: put it back, or move .* away/)
  })
})

describe('a folder that cannot be one', () => {
  it('is told in one line', async () => {
    const refused = await openPostgres({ dataDir: join(holder, 'x'), log }).catch((error) => error)
    expect(refused).toBeInstanceOf(StartError)
    expect(refused.message).toMatch(/^DATA_DIR is ".*", which cannot be written: .*$/)
  })
})

describe('a database of its own', () => {
  it('is used as it is', async () => {
    const databaseUrl = 'postgres://db/x'
    const { url, embedded, stop } = await openPostgres({ databaseUrl, dataDir: '/nowhere', log })
    expect({ url, embedded }).toEqual({ url: databaseUrl, embedded: false })
    await stop()
  })
})
