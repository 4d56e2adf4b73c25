/**
 * Replays the tills: a queue for each store, in batches, each row and session counted by its verdict. The stores go
 * one after the other, so that which of two rows with one id comes first does not depend on chance.
 */
import { type Ids, tillOf } from './ids.ts'
import type { Progress } from './progress.ts'
import type { Published } from './publish.ts'
import type { SaleRow } from './sort-out.ts'
import { outcomeOf, sessionOutcomeOf, type Tally } from './tally.ts'
import { type Queued, tillQueue } from './till-queue.ts'
import type { OpenTill } from './transport.ts'

/** `sales` in the order of the tills. Resolves to the number of operations sent. */
export async function replayTills(options: {
  tenantId: string
  sales: readonly SaleRow[]
  published: Published
  ids: Ids
  openTill: OpenTill
  batchSize: number
  tally: Tally
  sessions: Tally
  progress: Progress
}): Promise<number> {
  const { tenantId, sales, published, ids, openTill, batchSize, tally, sessions, progress } = options
  const seen = new Set<number>()
  let operations = 0
  for (const [storeId, rows] of Map.groupBy(sales, (row) => row.storeId)) {
    const till = await openTill(tenantId, tillOf(storeId), ids.chain(storeId, rows))
    for (const batch of batches(tillQueue(storeId, rows, published, ids, seen), batchSize)) {
      const verdicts = await till.push(batch.map(({ operation }) => operation))
      batch.forEach(({ operation, row, repeated }, i) => {
        const verdict = verdicts[i]!
        if (row) tally.add(outcomeOf(verdict, repeated), row)
        else sessions.add(sessionOutcomeOf(verdict, operation.type))
      })
      operations += batch.length
      progress.advance(batch.filter(({ row }) => row).length)
    }
    await till.close?.()
  }
  return operations
}

function* batches(queue: Iterable<Queued>, size: number): Generator<Queued[]> {
  let batch: Queued[] = []
  for (const queued of queue) {
    batch.push(queued)
    if (batch.length < size) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}
