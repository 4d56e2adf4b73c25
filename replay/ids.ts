/**
 * Ids derived from what they stand for, so that whoever replays a file again, or goes on after a crash, sends the same
 * operations as before. They hold within the tenant. Those that come by the thousand are in order (UUIDv7): the
 * gateway's indexes grow at their end then, as with the ids that tills make.
 */
import { parse, v5 as uuidv5, v7 as uuidv7 } from 'uuid'

const namespace = '0cdea4ed-0f09-4f90-86b4-a64feed287bc'
const derived = (...parts: unknown[]) => uuidv5(JSON.stringify(parts), namespace)

/** `at`: its place in the order, as milliseconds; what it stands for takes the place of what is random. */
function ordered(at: number, name: string): string {
  const random = parse(name)
  return uuidv7({ msecs: at, seq: new DataView(random.buffer).getInt32(0), random })
}

const yearOfTheFile = Date.UTC(2023, 0)

export type Ids = ReturnType<typeof createIds>

export function createIds(tenantId: string) {
  const id = (...parts: unknown[]) => derived(tenantId, ...parts)
  // The file counts its transactions up: the number alone makes the id, and is its order.
  const ofTransaction = (kind: string, n: number) => ordered(yearOfTheFile + n, id(kind, n))
  const ofDay = (kind: string, storeId: number, date: string) =>
    ordered(Math.max(0, Date.parse(date) || 0), id(kind, storeId, date))
  return {
    /** Key of a direct mutation: of all that it says, so that other content is another intent. */
    direct: (field: string, branchId: string | null, input: object, attempt: number) =>
      id('direct', field, branchId, input, attempt),
    /** The operation and the sale of a transaction: its id alone makes them, so a repeated one is the same intent. */
    saleOperation: (transactionId: number) => ofTransaction('sale.finalize', transactionId),
    sale: (transactionId: number) => ofTransaction('sale', transactionId),
    /** The session of a store's day. */
    openOperation: (storeId: number, date: string) => ofDay('cashSession.open', storeId, date),
    closeOperation: (storeId: number, date: string) => ofDay('cashSession.close', storeId, date),
    cashSession: (storeId: number, date: string) => ofDay('cashSession', storeId, date),
    /** The chain of a store's till: of all that it sold, so that another file makes another. */
    chain: (storeId: number, rows: readonly object[]) => id('chain', storeId, rows),
  }
}

export const branchOf = (storeId: number) => `store-${storeId}`
export const tillOf = (storeId: number) => `till-${storeId}`
export const menuItemOf = (productId: number) => `product-${productId}`
