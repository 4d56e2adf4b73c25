import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, afterEach, describe, expect, test } from 'vitest'
import { sqliteStore } from '../../../client/sdk/store/sqlite.ts'
import type { Store } from '../../../client/sdk/store/store.ts'
import { everything, fill, increment, sold } from './actions.ts'
import { failsAs } from './claims.ts'
import { isLikeAMap } from './model.ts'
import { storeContract } from './store.contract.ts'

const folder = mkdtempSync(join(tmpdir(), 'modula-sqlite-'))
const opened: Store[] = []
const children: ChildProcess[] = []

afterEach(async () => {
  for (const child of children.splice(0)) await kill(child)
  for (const store of opened.splice(0)) await store.close()
})
afterAll(() => rmSync(folder, { recursive: true }))

const newPath = () => join(folder, `${randomUUID()}.db`)
const newStore = () => sqliteStore(newPath())

async function open(store: Store): Promise<Store> {
  opened.push(store)
  await store.open()
  return store
}

/** A till that sells on and on; resolves once it has said so many lines. */
async function startTill(path: string, lines: number): Promise<{ child: ChildProcess; said: string[] }> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'sqlite-till.ts'), path], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  children.push(child)
  const said: string[] = []
  await new Promise<void>((resolve, reject) => {
    createInterface({ input: child.stdout! }).on('line', (line) => {
      if (said.push(line) >= lines) resolve()
    })
    child.once('exit', () => reject(new Error('the till has ended')))
  })
  return { child, said }
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const closed = once(child, 'close')
  child.kill('SIGKILL')
  await closed
}

describe('sqliteStore', () => {
  for (const [name, run] of Object.entries(storeContract(newStore))) test(name, run)

  test('is like a Map, whatever is done to it', () => isLikeAMap(newStore, 60))

  test('what was kept survives a kill, and what was not leaves nothing behind', async () => {
    const path = newPath()
    let before = 0
    for (const lines of [2, 30, 75]) {
      const { child, said } = await startTill(path, lines)
      await kill(child)
      const store = await open(sqliteStore(path))
      const { positions, last } = await sold(store)
      expect(last).toBeGreaterThanOrEqual(Number(said.at(-1)))
      expect(last).toBeGreaterThan(before)
      expect(positions).toEqual(Array.from({ length: last }, (_, index) => index + 1))
      before = last
      await store.close()
    }
  })

  test('another process that has the file open: IN_USE, until it is gone', async () => {
    const path = newPath()
    const { child } = await startTill(path, 1)
    const store = sqliteStore(path)
    await failsAs('IN_USE', store.open())
    await kill(child)
    await open(store)
    expect(await increment(store)).toBe(1)
  })

  test('another store of the same process: IN_USE, until it is closed', async () => {
    const path = newPath()
    const first = await open(sqliteStore(path))
    const second = sqliteStore(path)
    await failsAs('IN_USE', second.open())
    await increment(first)
    await first.close()
    await open(second)
    expect(await increment(second)).toBe(2)
  })

  test('no space left: FULL, nothing is lost, and what makes room works', async () => {
    const store = await open(sqliteStore(newPath(), { maxBytes: 400_000 }))
    const { kept, thrown } = await fill(store)
    expect(thrown).toMatchObject({ name: 'StoreError', fault: 'FULL' })
    expect(kept).toBeGreaterThan(10)
    const keys = () =>
      store.transact('read', async (tx) => (await tx.list('entities')).map(({ key }) => key).sort())
    expect(await keys()).toEqual(
      Array.from({ length: kept }, (_, index) => [`${index}/a`, `${index}/b`])
        .flat()
        .sort(),
    )
    // What is written after the write that had no room is not kept on its own (a cursor without its page).
    const page = store.transact('write', async (tx) => {
      for (let i = 0; i < 10; i += 1) void tx.put('entities', `page ${i}`, 'x'.repeat(100_000))
      void tx.put('meta', 'cursor', 'moved')
    })
    await failsAs('FULL', page)
    expect(await store.transact('read', (tx) => tx.get('meta', 'cursor'))).toBeUndefined()
    expect((await keys()).filter((key) => key.startsWith('page'))).toEqual([])
    await store.transact('write', (tx) => tx.delete('entities', '0/a'))
    await store.transact('write', (tx) => tx.put('entities', 'fits', 'x'.repeat(10_000)))
    expect(await keys()).toContain('fits')
  })

  test('a file that was removed: UNAVAILABLE, rather than written to for nobody', async () => {
    const path = newPath()
    const store = await open(sqliteStore(path))
    await increment(store)
    rmSync(path)
    rmSync(`${path}-wal`)
    await failsAs('UNAVAILABLE', increment(store))
    await store.close()
    await store.open()
    expect(await everything(store)).toEqual({})
  })

  test('another file in its place: UNAVAILABLE', async () => {
    const path = newPath()
    const store = await open(sqliteStore(path))
    await increment(store)
    rmSync(path)
    writeFileSync(path, 'another')
    await failsAs('UNAVAILABLE', increment(store))
  })

  test('a record that is no JSON costs itself, not its neighbours', async () => {
    const path = newPath()
    const store = await open(sqliteStore(path))
    await store.transact('write', async (tx) => {
      for (const key of ['a', 'b', 'c']) tx.put('operations', key, { of: key })
    })
    await store.close()
    const raw = new DatabaseSync(path)
    raw
      .prepare('UPDATE records SET value = ? WHERE key = ?')
      .run('{"of":"b', Buffer.from('b', 'utf16le').swap16())
    raw.close()
    await store.open()
    await store.transact('read', async (tx) => {
      expect(await tx.list('operations')).toEqual([
        { key: 'a', value: { of: 'a' } },
        { key: 'b', damaged: '{"of":"b' },
        { key: 'c', value: { of: 'c' } },
      ])
      expect(await tx.get('operations', 'b')).toBeUndefined()
      expect(await tx.get('operations', 'c')).toEqual({ of: 'c' })
    })
  })

  test('a file that is no store, a place where none can be: UNAVAILABLE, and it is left alone', async () => {
    const path = newPath()
    writeFileSync(path, 'Dear diary, today I sold 40 coffees.'.repeat(100))
    await failsAs('UNAVAILABLE', sqliteStore(path).open())
    expect(statSync(path).size).toBe(3_600)
    await failsAs('UNAVAILABLE', sqliteStore(join(path, 'inside.db')).open())
    await failsAs('UNAVAILABLE', sqliteStore(folder).open())
  })

  test('the folder is made where it is missing', async () => {
    const store = await open(sqliteStore(join(folder, 'a', 'b', 'store.db')))
    expect(await increment(store)).toBe(1)
  })

  test('a Node without SQLite: UNAVAILABLE', () => {
    const script = `
      import { sqliteStore } from './client/sdk/store/sqlite.ts'
      await sqliteStore(${JSON.stringify(newPath())}).open().catch(({ name, fault }) => console.log(name, fault))`
    const { stdout } = spawnSync(
      process.execPath,
      ['--no-experimental-sqlite', '--input-type=module', '-e', script],
      { cwd: join(import.meta.dirname, '../../..'), encoding: 'utf8' },
    )
    expect(stdout).toBe('StoreError UNAVAILABLE\n')
  })

  test('is persistent, and knows how much there is and may be', async () => {
    const path = newPath()
    const store = await open(sqliteStore(path))
    expect(store).toMatchObject({ name: path, shared: false })
    expect(await store.persistence()).toBe('persistent')
    const before = (await store.estimate())!
    await store.transact('write', (tx) => tx.put('meta', 'large', 'x'.repeat(100_000)))
    const after = (await store.estimate())!
    expect(after.usage).toBeGreaterThanOrEqual(before.usage + 100_000)
    expect(after.quota).toBeGreaterThan(after.usage)
    const limited = await open(sqliteStore(newPath(), { maxBytes: 500_000 }))
    expect(await limited.estimate()).toMatchObject({ quota: 500_000 })
  })
})
