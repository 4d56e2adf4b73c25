/**
 * A store in a file, by Node's own SQLite: for kiosks, and for clients without a browser.
 */
import type { DatabaseSync } from 'node:sqlite'
import { keyAfter } from './records.ts'
import { type Records, serialStore } from './serial.ts'
import { type Store, StoreError } from './store.ts'

export type SqliteOptions = {
  /** The file may grow to so many bytes; left out: as far as the disk goes. */
  maxBytes?: number
}

/**
 * One process has the file, from `open` to `close` or to its end; another one gets IN_USE. A file that somebody removes
 * meanwhile is UNAVAILABLE: what would be written to it nobody could read again.
 */
export function sqliteStore(path: string, { maxBytes }: SqliteOptions = {}): Store {
  return serialStore({
    name: path,
    open: () => openRecords(path, maxBytes),
    persistence: async () => 'persistent',
    estimate: () => spaceOf(path, maxBytes),
    explain,
  })
}

function openRecords(path: string, maxBytes: number | undefined): Records {
  const { DatabaseSync } = nodes('node:sqlite')
  const { mkdirSync, statSync } = nodes('node:fs')
  mkdirSync(nodes('node:path').dirname(path), { recursive: true })
  const db = new DatabaseSync(path, { timeout: 0 })
  try {
    prepare(db, maxBytes)
  } catch (thrown) {
    db.close()
    throw thrown
  }
  const file = statSync(path).ino

  // Keys are bytes in UTF-16, big end first: SQLite's order of bytes is then IndexedDB's order of keys.
  const get = db.prepare('SELECT value FROM records WHERE collection = ? AND key = ?')
  const list = db.prepare('SELECT key, value FROM records WHERE collection = ? AND key >= ? ORDER BY key')
  const listUpTo = db.prepare(
    'SELECT key, value FROM records WHERE collection = ? AND key >= ? AND key < ? ORDER BY key',
  )
  const put = db.prepare(
    `INSERT INTO records (collection, key, value) VALUES (?, ?, ?)
     ON CONFLICT DO UPDATE SET value = excluded.value`,
  )
  const remove = db.prepare('DELETE FROM records WHERE collection = ? AND key = ?')

  return {
    begin() {
      if (statSync(path, { throwIfNoEntry: false })?.ino !== file) {
        throw new StoreError('UNAVAILABLE', `The file of the store was removed: ${path}`)
      }
      db.exec('BEGIN IMMEDIATE')
    },
    commit: () => db.exec('COMMIT'),
    // SQLite may have done so itself, as where the disk was full.
    rollback: () => db.isTransaction && db.exec('ROLLBACK'),
    get: (collection, key) => get.get(collection, bytesOf(key))?.value as string | undefined,
    list(collection, prefix) {
      const end = keyAfter(prefix)
      const rows =
        end === null
          ? list.all(collection, bytesOf(prefix))
          : listUpTo.all(collection, bytesOf(prefix), bytesOf(end))
      return rows.map(({ key, value }) => ({ key: keyOf(key as Uint8Array), text: value as string }))
    },
    put: (collection, key, text) => put.run(collection, bytesOf(key), text),
    delete: (collection, key) => remove.run(collection, bytesOf(key)),
    close: () => db.close(),
  }
}

/**
 * `EXCLUSIVE`: the lock is held until the file is closed, and goes with the process. WAL with `FULL`: a commit is one
 * write and one flush of the log, and survives a power cut; `fullfsync` makes macOS flush the disk's own cache too.
 */
function prepare(db: DatabaseSync, maxBytes: number | undefined): void {
  db.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL')
  db.exec('PRAGMA synchronous = FULL; PRAGMA fullfsync = ON')
  if (maxBytes !== undefined) {
    db.exec(`PRAGMA max_page_count = ${Math.max(1, Math.floor(maxBytes / number(db, 'page_size')))}`)
  }
  db.exec(`
    BEGIN IMMEDIATE;
    CREATE TABLE IF NOT EXISTS records (
      collection TEXT NOT NULL, key BLOB NOT NULL, value TEXT NOT NULL, PRIMARY KEY (collection, key)
    ) STRICT;
    COMMIT`)
}

function number(db: DatabaseSync, pragma: string): number {
  return Number(Object.values(db.prepare(`PRAGMA ${pragma}`).get()!)[0])
}

function spaceOf(path: string, maxBytes: number | undefined): { usage: number; quota: number } {
  const { statSync, statfsSync } = nodes('node:fs')
  const sizeOf = (file: string) => statSync(file, { throwIfNoEntry: false })?.size ?? 0
  const usage = sizeOf(path) + sizeOf(`${path}-wal`)
  const disk = statfsSync(path)
  return { usage, quota: Math.min(maxBytes ?? Number.POSITIVE_INFINITY, usage + disk.bavail * disk.bsize) }
}

function bytesOf(key: string): Buffer {
  return Buffer.from(key, 'utf16le').swap16()
}

function keyOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).swap16().toString('utf16le')
}

/** A module of Node, asked for where it is used: bundlers for browsers find nothing to import. */
function nodes<Name extends 'node:sqlite' | 'node:fs' | 'node:path'>(name: Name) {
  const module = globalThis.process?.getBuiltinModule?.(name)
  if (!module) throw new StoreError('UNAVAILABLE', `A store in a file needs a Node with ${name}.`)
  return module
}

/** SQLite's primary result codes: https://www.sqlite.org/rescode.html */
const faults: Record<number, [StoreError['fault'], string]> = {
  5: ['IN_USE', 'Another process has the store open.'],
  8: ['UNAVAILABLE', 'The file of the store cannot be written.'],
  11: ['UNAVAILABLE', 'The file of the store is damaged.'],
  13: ['FULL', 'There is no space left on this device.'],
  14: ['UNAVAILABLE', 'The file of the store cannot be opened.'],
  26: ['UNAVAILABLE', 'The file is no store.'],
}

function explain(cause: unknown): StoreError {
  const { errcode, syscall } = cause as { errcode?: number; syscall?: string }
  const code = syscall ? 14 : (errcode ?? 0) & 0xff
  const [fault, message] = faults[code] ?? ['FAILED', 'The store in the file failed.']
  return new StoreError(fault, message, { cause })
}
