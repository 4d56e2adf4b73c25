/**
 * Ids derived from what they stand for (UUIDv5), so that whoever replays a file again, or goes on after a crash,
 * sends the same operations as before. They hold within the tenant.
 */
import { v5 as uuidv5 } from 'uuid'

const namespace = '0cdea4ed-0f09-4f90-86b4-a64feed287bc'
const derived = (...parts: unknown[]) => uuidv5(JSON.stringify(parts), namespace)

export type Ids = ReturnType<typeof createIds>

export function createIds(tenantId: string) {
  const id = (...parts: unknown[]) => derived(tenantId, ...parts)
  return {
    /** Key of a direct mutation: of all that it says, so that other content is another intent. */
    direct: (field: string, branchId: string | null, input: object, attempt: number) =>
      id('direct', field, branchId, input, attempt),
    /** The operation and the sale of a transaction: its id alone makes them, so a repeated one is the same intent. */
    saleOperation: (transactionId: number) => id('sale.finalize', transactionId),
    sale: (transactionId: number) => id('sale', transactionId),
    /** The session of a store's day. */
    openOperation: (storeId: number, date: string) => id('cashSession.open', storeId, date),
    closeOperation: (storeId: number, date: string) => id('cashSession.close', storeId, date),
    cashSession: (storeId: number, date: string) => id('cashSession', storeId, date),
    /** The chain of a store's till: of all that it sold, so that another file makes another. */
    chain: (storeId: number, rows: readonly object[]) => id('chain', storeId, rows),
  }
}

export const branchOf = (storeId: number) => `store-${storeId}`
export const tillOf = (storeId: number) => `till-${storeId}`
export const menuItemOf = (productId: number) => `product-${productId}`
