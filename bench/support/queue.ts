/**
 * A queue that a till has filled while it was offline, as it is brought into a store: the text of an exported one.
 */
import type { QueuedOperation } from '../../client/sdk/words.ts'
import type { Json } from '../../src/sync/words.ts'
import { type Operation, saleOperation } from './cafe.ts'
import type { Place } from './device.ts'

/** So many new sales of the place's branch, and the queue that holds them. */
export function queueOf(place: Place, count: number): { sales: Operation[]; text: string } {
  const sales = Array.from({ length: count }, (_, i) => saleOperation(place.branchId, i))
  const operations = sales.map((sale, i) => queued(place, sale, i + 1))
  return { sales, text: JSON.stringify({ format: 'modula-sync queue', version: 1, operations }) }
}

/** The operation as the queue keeps it. */
export function queued(
  { tenantId, branchId, actorId }: Place,
  sale: Operation,
  place: number,
): QueuedOperation {
  return {
    ...sale,
    payload: sale.payload as Json,
    tenantId,
    branchId,
    actorId,
    position: place,
    deviceSeq: place,
    payloadVersion: 1,
    dependsOn: [],
    status: 'PENDING',
    attempted: false,
    retry: false,
    verdict: null,
    seen: false,
  }
}
