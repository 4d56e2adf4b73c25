/** A small till in a project of its own: one day, from the opening of the drawer to its count. */
import { createSyncClient, memoryStore, OperationBlocked } from 'modula-sync/client'
import { canonicalOperation, changeOf, totalsOf, unitPrice } from 'modula-sync/contract'

declare const process: { argv: string[] }
declare const crypto: { randomUUID(): string }
const [, , url = '', deviceId] = process.argv
const branch = { tenantId: 'demo', branchId: 'riverside' }

const till = await createSyncClient({ url, deviceId, store: memoryStore() })
const { accountId } = await till.people.signIn({ tenantId: 'demo', staffCode: 'cashier-1', pin: '1234' })
await till.switchContext({ ...branch, actorId: accountId })
await till.sync()

const [policy] = till.query('policy')
const item = till.get('menuItem', 'croissant')
if (!policy || !item) throw new Error('the branch was not pulled')

const cashSessionId = crypto.randomUUID()
const sell = () => {
  const line = { menuItemId: item.id, menuItemRevision: item.revision, quantity: 2, modifierOptionIds: [] }
  const totals = totalsOf([{ unitUsd: unitPrice(item.priceUsd, []), quantity: line.quantity }], policy)
  const paid = { currency: 'USD', received: 2000 } as const
  return till.perform('sale.finalize', {
    saleId: crypto.randomUUID(),
    cashSessionId,
    saleType: 'TAKEAWAY',
    policyRevision: policy.revision,
    lines: [line],
    totals,
    tender: { method: 'CASH', ...paid, change: changeOf(paid, totals, policy)! },
  })
}
const salesOfSession = () =>
  till
    .query('sale', { where: { cashSessionId } })
    .map(({ pending, receiptNumber }) => ({ pending, receiptNumber }))

const early = await sell().catch((error: OperationBlocked) => error)
if (!(early instanceof OperationBlocked)) throw new Error('sold with no drawer')

const float = { usd: 5000, khr: 200_000 }
const open = { type: 'cashSession.open', payload: { cashSessionId, openingFloat: float } } as const
await till.perform(open.type, open.payload)
await sell()
const waiting = salesOfSession()
await till.sync()
const sold = salesOfSession()
const { expected } = till.get('cashSession', cashSessionId)!
await till.perform('cashSession.close', { cashSessionId, counted: expected })
await till.sync()

const { pending, failed } = till.status()
await till.close()
console.log(
  JSON.stringify({
    early: early.code,
    waiting,
    sold,
    session: till.get('cashSession', cashSessionId)?.status,
    pending,
    failed,
    hashed: canonicalOperation({ ...open, branchId: branch.branchId }),
  }),
)
