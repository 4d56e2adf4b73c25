/**
 * Steps 2 and 3 of a push, before anything is waited for: the batch and each operation alone, then whether the caller
 * may do them at all. A denial needs no turn and no lock.
 */
import type { Database, Queryable } from '../platform/database.ts'
import { type Inspected, type Inspector, inspect, type SubmittedOperation, weigh } from './inspect.ts'
import type { Registry } from './module.ts'
import { load } from './sql.ts'
import { State } from './state.ts'
import { createYielding } from './yielding.ts'

/** JSON values that the payloads of a batch may have together. 500 sales of 20 lines have a third of it. */
export const maxBatchValues = 250_000

/** The batch as a whole is too much: nothing of it was looked at further. One of a single operation never is. */
export class BatchTooLargeError extends Error {
  override readonly name = 'BatchTooLargeError'
  readonly maxBytes: number
  constructor(maxBytes: number, what: string) {
    super(`The payloads of the batch have more than ${what} together; send it in parts.`)
    this.maxBytes = maxBytes
  }
}

/** 2. Each operation alone. `yields`: how, as it goes. Throws a BatchTooLargeError. */
export async function inspectAll(
  operations: readonly SubmittedOperation[],
  by: Inspector,
  maxBytes: number,
  ...yields: Parameters<typeof createYielding>
): Promise<Inspected[]> {
  const yielding = createYielding(...yields)
  const weighed: ReturnType<typeof weigh>[] = []
  let bytes = 0
  let values = 0
  for (const { payload } of operations) {
    const each = weigh(payload)
    weighed.push(each)
    bytes += each.bytes
    values += each.look.values
    if (operations.length > 1 && bytes > maxBytes) throw new BatchTooLargeError(maxBytes, `${maxBytes} bytes`)
    if (operations.length > 1 && values > maxBatchValues)
      throw new BatchTooLargeError(maxBytes, `${maxBatchValues} values`)
    await yielding()
  }

  const inspected: Inspected[] = []
  for (const [i, operation] of operations.entries()) {
    inspected.push(inspect(operation, by, weighed[i]))
    await yielding()
  }
  return inspected
}

/** A branch's stream, and the epoch by which a device knows it. */
export type KnownStream = { branchId: string; epoch: string }

/**
 * 3. Asks the gate, outside of any transaction. What it refuses now stays refused: it was so at some time between the
 * sending and the answer. What it allows is asked again under the locks. Null: the stream is another than the device
 * knows. A server that was restored may have forgotten what these operations build on, and would refuse them for it.
 */
export async function lookAtAccess(
  db: Database,
  { gate }: Registry,
  { tenantId, stream }: { tenantId: string; stream?: KnownStream | null | undefined },
  inspected: readonly Inspected[],
): Promise<Inspected[] | null> {
  const state = new State()
  const reads = inspected.flatMap(({ op }) => gate.reads(op))
  const [isKnown] = await db
    .tenant(tenantId)
    .atOnce((asking) =>
      Promise.all([
        stream ? isAsKnown(asking, tenantId, stream) : true,
        load(asking, tenantId, reads, state),
      ]),
    )
  if (!isKnown) return null
  return inspected.map((each) => {
    const { op, definition, fault } = each
    const notAdmitted = gate.admit(state, op, definition)
    const notAllowed = notAdmitted || fault || !definition ? null : gate.check(state, op, definition)
    return { ...each, notAdmitted, notAllowed }
  })
}

/** Of a branch that there is none of, the operations themselves hear. */
async function isAsKnown(
  db: Queryable,
  tenantId: string,
  { branchId, epoch }: KnownStream,
): Promise<boolean> {
  const [stream] = await db.rows<{ epoch: string }>(
    'select epoch from sync_stream where tenant_id = $1 and branch_id = $2',
    [tenantId, branchId],
  )
  return stream === undefined || stream.epoch === epoch
}
