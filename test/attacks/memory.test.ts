/**
 * What an hour's worth of hostile requests leaves behind, replayed quickly: rows that try to be kept. It is the heap
 * after a collection, not what the process holds: that is given back when the system wants it, and says nothing of what
 * is kept. `npm run attacks` makes every row and looks at the process.
 */
import { expect, it, onTestFinished } from 'vitest'
import { createTestDatabase } from '../support/database.ts'
import { rows } from './rows/index.ts'
import { openStage } from './stage.ts'

/** Names, queries and numbers that are ever new, and streams. The others take time, and their kind is here. */
const kept = /operation names|no such name|with gaps|streams of events/

it('nothing: the heap is as before, to 50 MB', async () => {
  const database = await createTestDatabase('demo')
  const stage = await openStage({ DATABASE_URL: database.url })
  onTestFinished(async () => {
    await stage.close()
    await database.drop()
  })
  const tried = rows.filter(({ name, lasts }) => kept.test(name) && !lasts)
  expect(tried.length).toBe(5)
  for (const row of tried) await stage.attack(row, 0)
  const before = await stage.gateway.heapBytes()
  for (const row of tried) await stage.attack(row, 0)
  const after = await stage.gateway.heapBytes()
  expect((after - before) / 1e6).toBeLessThan(50)
}, 180_000)
