/** A module that is not the café's own (examples/loyalty): queued, replayed, refused, pulled, read, seen in the schema. */
import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { loyalty } from '../../examples/loyalty/index.ts'
import { loyaltyCards } from '../../examples/loyalty/tables.ts'
import { col } from '../../src/module.ts'
import { openSession, sale } from '../support/cafe.ts'
import { type Client, type Envelope, type Gateway, operation, startGateway } from '../support/gateway.ts'

const folder = join(import.meta.dirname, '../../examples/loyalty')
const branchId = 'riverside'

let gateway: Gateway
let cashier: Client
let barista: Client
beforeAll(async () => {
  gateway = await startGateway({ modules: [loyalty], migrations: [join(folder, 'migrations')] })
  cashier = await gateway.as('cashier-1')
  barista = await gateway.as('barista-1')
})
afterAll(() => gateway?.close())

it.each<[string, object, RegExp]>([
  ['whose migration was not given', { name: 'loyalty_cart' }, /no table loyalty_cart/],
  [
    'that lacks a column',
    { columns: { ...loyaltyCards.columns, since: col.time } },
    /loyalty_card has no column since/,
  ],
  [
    'with a column of another type',
    { columns: { ...loyaltyCards.columns, stamps: col.bool } },
    /loyalty_card.stamps is integer in the database, and boolean/,
  ],
])('a gateway does not start over a table %s', async (_, changed, why) => {
  const module = { ...loyalty, tables: [{ ...loyaltyCards, ...changed }] }
  await expect(startGateway({ modules: [module], migrations: [join(folder, 'migrations')] })).rejects.toThrow(
    why,
  )
})

it('a folder of migrations that is not there is told of', async () => {
  await expect(startGateway({ modules: [loyalty], migrations: [join(folder, 'migration')] })).rejects.toThrow(
    /migration cannot be read/,
  )
})

const stampOf = (sold: Envelope, guest: string, given: object = {}) => {
  const { saleId } = sold.payload as { saleId: string }
  const payload = { stampId: randomUUID(), saleId, guest }
  return operation('loyalty.stamp', payload, { branchId, dependsOn: [sold.clientOpId], ...given })
}
const session = randomUUID()
const sold = sale(session, {}, { branchId })
const stamped = stampOf(sold, 'Bopha')

it('a queue of sales and stamps is replayed, once', async () => {
  const queue = [openSession(session, { branchId }), sold, stamped]
  expect((await cashier.push(queue)).map(({ status }) => status)).toEqual(['APPLIED', 'APPLIED', 'APPLIED'])
  const again = await cashier.push(queue)
  expect(again.map(({ duplicate }) => duplicate)).toEqual([true, true, true])
  expect(again[2]!.result).toMatchObject({ stamps: 1 })
  // The stamp has an anchor of its own: sent under another key, it is still one stamp.
  const [other] = await cashier.push([stampOf(sold, 'Bopha')])
  expect(other).toMatchObject({ status: 'APPLIED', duplicate: true })
})

it('a stamp whose sale was refused is not given; what is against the rules has its code', async () => {
  const unsold = sale(randomUUID(), {}, { branchId })
  const results = await cashier.push([unsold, stampOf(unsold, 'Bopha'), stampOf(sold, 'Vanna')])
  expect(results.map(({ code }) => code)).toEqual([
    'CASH_SESSION_NOT_OPEN',
    'DEPENDENCY_FAILED',
    'LOYALTY_SALE_STAMPED',
  ])
  // Mended: the sale goes into the open session, its stamp follows.
  const mended = sale(session, {}, { branchId })
  const repaired = await cashier.push([mended, stampOf(mended, 'Bopha')])
  expect(repaired.map(({ status }) => status)).toEqual(['APPLIED', 'APPLIED'])
  expect(repaired[1]!.result).toMatchObject({ stamps: 2 })
})

it('is for whom it says: who may not stamp is told so, and anybody of the branch reads cards', async () => {
  expect((await barista.push([stampOf(sold, 'Bopha')]))[0]).toMatchObject({ code: 'ACTION_NOT_PERMITTED' })
  const query = '{ loyaltyCards(tenantId: "demo", branchId: "riverside") { guest stamps } }'
  expect(await barista.data(query)).toEqual({ loyaltyCards: [{ guest: 'Bopha', stamps: 2 }] })
  const other = query.replace('riverside', 'market')
  expect((await barista.send(other)).errors?.[0]?.extensions).toMatchObject({ reason: 'NO_BRANCH_ACCESS' })
})

it('what takes a connection is a mutation, and no queue carries it', async () => {
  const redeem = { guest: 'Bopha', stamps: 2 }
  const queued = await cashier.push([operation('loyalty.redeem', redeem, { branchId })])
  expect(queued[0]).toMatchObject({ code: 'OPERATION_NOT_SUPPORTED_OFFLINE' })
  const tooMany = await cashier.direct('loyaltyRedeem', { ...redeem, stamps: 3 }, { branchId })
  expect(tooMany).toMatchObject({ status: 'REJECTED', code: 'LOYALTY_CARD_NOT_FULL' })
  const done = await cashier.direct('loyaltyRedeem', redeem, { branchId })
  expect(done).toMatchObject({ status: 'APPLIED', result: { stamps: 0 } })
})

it('its cards are in the feed, in a scope of their own', async () => {
  const { changes } = await cashier.pullAll({ branchId, moduleScopes: ['LOYALTY'] })
  expect(changes).toMatchObject([
    { module: 'LOYALTY', entityKind: 'loyaltyCard', entityId: 'Bopha', payload: { stamps: 0 } },
  ])
  const page = await cashier.pull({ branchId, moduleScopes: ['LOYALTY', 'MENU'] })
  if ('reason' in page) throw new Error(page.reason)
  expect(new Set(page.changes.map(({ module }) => module))).toEqual(new Set(['MENU', 'LOYALTY']))
  const next = { branchId, cursor: page.nextCursor, moduleScopes: ['MENU', 'LOYALTY'] }
  expect(await cashier.pull(next)).toMatchObject({ changes: [] })
})

it('is written with the public doors alone', () => {
  for (const name of ['contract', 'decide', 'graphql', 'index', 'main', 'tables']) {
    const text = readFileSync(join(folder, `${name}.ts`), 'utf8')
    const from = [...text.matchAll(/from '([^']+)'/g)].map(([, path = '']) => path)
    const isOutside = (path: string) => path.startsWith('..')
    expect(from.filter(isOutside), name).toEqual([])
  }
})
