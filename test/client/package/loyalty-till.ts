/** A till with a module of somebody's own: it stamps offline, and what was refused is repaired. */
import { cafeTill, createSyncClient, memoryStore, type Status } from 'modula-sync/client'
import { changeOf, totalsOf, unitPrice } from 'modula-sync/contract'
import { loyaltyTill } from '../../../examples/loyalty/till.ts'

declare const process: { argv: string[] }
declare const crypto: { randomUUID(): string }
const [, , url = ''] = process.argv
const branch = { tenantId: 'demo', branchId: 'riverside' }
export const modules = [...cafeTill, loyaltyTill] as const

let isDown = false
const till = await createSyncClient({
  url,
  store: memoryStore(),
  modules,
  environment: { fetch: (...of) => (isDown ? Promise.reject(new TypeError('no line')) : fetch(...of)) },
})
const { accountId } = await till.people.signIn({ tenantId: 'demo', staffCode: 'cashier-1', pin: '1234' })
await till.switchContext({ ...branch, actorId: accountId })
await till.sync()
isDown = true

const [policy] = till.query('policy')
const item = till.get('menuItem', 'croissant')
if (!policy || !item) throw new Error('the branch was not pulled')
const cashSessionId = crypto.randomUUID()
async function sell(): Promise<string> {
  const saleId = crypto.randomUUID()
  const line = { menuItemId: item!.id, menuItemRevision: item!.revision, quantity: 1, modifierOptionIds: [] }
  const totals = totalsOf([{ unitUsd: unitPrice(item!.priceUsd, []), quantity: 1 }], policy!)
  const paid = { currency: 'USD', received: 2000 } as const
  const tender = { method: 'CASH', ...paid, change: changeOf(paid, totals, policy!)! }
  const revision = policy!.revision
  const sale = {
    saleId,
    cashSessionId,
    saleType: 'TAKEAWAY',
    policyRevision: revision,
    lines: [line],
  } as const
  await till.perform('sale.finalize', { ...sale, lines: [line], totals, tender })
  return saleId
}
const stampFor = (saleId: string, guest: string) =>
  till.perform('loyalty.stamp', { stampId: crypto.randomUUID(), saleId, guest })
const cards = () => till.query('loyaltyCard').map(({ id, stamps, pending }) => ({ id, stamps, pending }))

// Offline: a sale and its stamp, seen at once; and the same sale on the card of another, which only the gateway knows.
await till.perform('cashSession.open', { cashSessionId, openingFloat: { usd: 0, khr: 0 } })
const saleId = await sell()
await stampFor(saleId, 'Bopha')
await stampFor(saleId, 'Vanna')
const offline = {
  cards: cards(),
  waiting: till.waiting().map(({ type, dependsOn }) => [type, dependsOn.length]),
}

// Replayed: the stamp after its sale; the other is rejected, and its effect is gone.
isDown = false
await till.sync()
const [failed]: Status<typeof modules>['failed'] = till.status().failed
const replayed = { cards: cards(), failed: failed && [failed.type, failed.code, failed.waysOut] }

// Repaired: a sale of Vanna's own, and what was wrong is given up by whoever may.
const boss = await till.people.signIn({ tenantId: 'demo', staffCode: 'manager', pin: '1234' })
await till.switchContext({ ...branch, actorId: boss.accountId })
await till.discard(failed!.clientOpId, 'the wrong sale')
await stampFor(await sell(), 'Vanna')
await till.sync()
const repaired = { cards: cards(), failed: till.status().failed.length }

const full = await till.online('loyalty.redeem', { guest: 'Bopha', stamps: 2 })
const redeemed = await till.online('loyalty.redeem', { guest: 'Bopha', stamps: 1 })
await till.sync()
const online = [full.code, redeemed.status, cards()]

const { reads } = await till.read<{ reads: object[] }, object>(
  '{ reads: loyaltyCards(tenantId: "demo", branchId: "riverside") { guest stamps } }',
  {},
)
const { schema } = await till.read<{ schema: { fields: { name: string }[] } }, object>(
  '{ schema: __type(name: "Query") { fields { name } } }',
  {},
)
const inSchema = schema.fields.some(({ name }) => name === 'loyaltyCards')
await till.close()
console.log(JSON.stringify({ offline, replayed, repaired, online, reads, inSchema }))
