/**
 * Plain `node:sqlite`, as durable as the SDK's store: rows of a key and a JSON text in a file with a log (WAL) that is
 * flushed at each commit.
 */
import { DatabaseSync } from 'node:sqlite'

export type Row = [key: string, value: unknown]

export function openPlainSqlite(path: string) {
  const db = new DatabaseSync(path)
  db.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL')
  db.exec('CREATE TABLE IF NOT EXISTS rows (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT')
  const insert = db.prepare('INSERT INTO rows (key, value) VALUES (?, ?)')
  const select = db.prepare('SELECT key, value FROM rows')
  return {
    /** In one transaction. */
    insert(rows: readonly Row[]): void {
      db.exec('BEGIN IMMEDIATE')
      for (const [key, value] of rows) insert.run(key, JSON.stringify(value))
      db.exec('COMMIT')
    },
    all: (): Row[] => select.all().map(({ key, value }) => [key as string, JSON.parse(value as string)]),
    close: () => db.close(),
  }
}
