import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Database, openDatabase } from '../../src/platform/database.ts'
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
