import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Database, openDatabase } from '../../src/platform/database.ts'
import { openPool } from '../../src/platform/pool.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

let own: TestDatabase
let db: Database

beforeAll(async () => {
  own = await createTestDatabase('nothing')
  db = openDatabase({ url: own.url, poolSize: 2, statementTimeoutMs: 10_000, lockTimeoutMs: 5_000 })
  await db.everyTenant.run('create table note (id int primary key)', [])
})
afterAll(async () => {
  await db?.close()
  await own?.drop()
})

describe('a transaction', () => {
  it('in which a statement failed unheeded is an error, though PostgreSQL calls its end no failure', async () => {
    const unheeding = db.everyTenant.transaction(async (tx) => {
      await tx.run('insert into note values (1)', [])
      await tx.run('select 1 / 0', []).catch(() => {})
      return 'done'
    })
    await expect(unheeding).rejects.toMatchObject({ code: '22012' })
    expect(await db.everyTenant.rows('select * from note', [])).toEqual([])
  })
})

it('a connection that breaks on its way from the pool to who asked for it ends nothing else', async () => {
  const pool = openPool({ url: own.url, poolSize: 1, statementTimeoutMs: 10_000, lockTimeoutMs: 5_000 })
  try {
    for (let time = 0; time < 2; time += 1) {
      const client = await pool.connect()
      client.emit('error', new Error('broken'))
      client.release(time === 1)
    }
  } finally {
    await pool.end()
  }
})
