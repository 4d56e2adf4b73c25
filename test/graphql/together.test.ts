/** What the fields of a list's items ask: once for a page, of each tenant by itself. */
import { expect, it } from 'vitest'
import { together } from '../../src/graphql/together.ts'
import type { Database, Rows } from '../../src/platform/database.ts'

/** Of a database it is asked only whose rows are meant. */
const context = () => ({
  db: { tenant: (tenantId: string) => ({ tenantId }) as unknown as Rows } as Database,
})

function asking() {
  const asked: string[][] = []
  const lengthOf = together(async (db, tenantId, ids) => {
    expect(db).toEqual({ tenantId })
    asked.push([...ids])
    return new Map(ids.filter((id) => id !== 'nobody').map((id) => [id, id.length]))
  })
  return { asked, lengthOf }
}

it('asks once for all of a turn, each once, and answers each with its own', async () => {
  const { asked, lengthOf } = asking()
  const of = context()
  const ids = ['a', 'bb', 'ccc', 'bb', 'nobody']
  const answers = await Promise.all(ids.map((id) => lengthOf({ tenantId: 'demo', id }, of)))
  expect(answers).toEqual([1, 2, 3, 2, undefined])
  expect(asked).toEqual([['a', 'bb', 'ccc', 'nobody']])
})

it('asks each tenant, each request and each turn by itself', async () => {
  const { asked, lengthOf } = asking()
  const [one, other] = [context(), context()]
  await Promise.all([
    lengthOf({ tenantId: 'demo', id: 'a' }, one),
    lengthOf({ tenantId: 'rival', id: 'a' }, one),
    lengthOf({ tenantId: 'demo', id: 'a' }, other),
  ])
  await lengthOf({ tenantId: 'demo', id: 'a' }, one)
  expect(asked).toEqual([['a'], ['a'], ['a'], ['a']])
})

it('asks for 200 at once, and for what is beyond them after that', async () => {
  const { asked, lengthOf } = asking()
  const of = context()
  await Promise.all(Array.from({ length: 201 }, (_, i) => lengthOf({ tenantId: 'demo', id: `${i}` }, of)))
  expect(asked.map(({ length }) => length)).toEqual([200, 1])
})

it('an error is that of all who asked', async () => {
  const failing = together(() => Promise.reject(new Error('away')))
  const of = context()
  const answers = await Promise.allSettled([
    failing({ tenantId: 'demo', id: 'a' }, of),
    failing({ tenantId: 'demo', id: 'b' }, of),
  ])
  expect(answers.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
})
