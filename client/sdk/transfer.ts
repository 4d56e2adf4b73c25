/**
 * The rescue copy of a broken tablet: everything that is not confirmed, as one JSON text, and the way back in. Keys
 * stay what they are, so an operation that both tablets send is applied once all the same.
 */
import { OperationBlocked } from './errors.ts'
import { payloadHashOf } from './hash.ts'
import { readOperation } from './layout.ts'
import type { LocalState } from './local-state.ts'
import type { QueuedOperation } from './words.ts'

const format = 'modula-sync queue'
const version = 1

/** The queue of all tenants, and the records that could not be read, as they were found. */
export async function exportQueue(state: LocalState, at: Date): Promise<string> {
  const damaged = await state.store.transact('read', (tx) => tx.list<unknown>('damaged'))
  return JSON.stringify(
    {
      format,
      version,
      deviceId: state.deviceId,
      exportedAt: at.toISOString(),
      operations: [...state.outbox.all()],
      damaged,
    },
    null,
    1,
  )
}

/** The operations of such a text. Throws OperationBlocked where there is one that cannot be what was exported. */
function read(text: string): QueuedOperation[] {
  const refuse = (message: string) => new OperationBlocked('IMPORT_INVALID', message)
  let file: { format?: unknown; version?: unknown; operations?: unknown } | null
  try {
    file = JSON.parse(text)
  } catch {
    throw refuse('This is not an exported queue: it is no JSON.')
  }
  if (file?.format !== format || !Array.isArray(file.operations))
    throw refuse('This is not an exported queue.')
  if (file.version !== version) throw refuse('This queue was exported by a newer version of the app.')
  return file.operations.map((value, i) => {
    const operation = readOperation(value)
    if (!operation || payloadHashOf(operation) !== operation.payloadHash)
      throw refuse(`Operation ${i + 1} of the file is damaged; nothing was imported.`)
    return operation
  })
}

/** Takes in what is not here yet, at the end of the queue, in its order. All or nothing. */
export async function importQueue(
  state: LocalState,
  text: string,
): Promise<{ imported: number; skipped: number }> {
  const operations = read(text)
  return state.commit(async (commit) => {
    const isNew = await Promise.all(
      operations.map(
        async ({ clientOpId }) =>
          (await commit.operation(clientOpId)) === undefined && !(await commit.wasDiscarded(clientOpId)),
      ),
    )
    const fresh = operations.filter((_, i) => isNew[i])
    const positions = await commit.takePositions(fresh.length)
    const seqs = new Map<string, number[]>()
    for (const tenantId of new Set(fresh.map((each) => each.tenantId))) {
      const own = fresh.filter((each) => each.tenantId === tenantId)
      seqs.set(tenantId, await commit.takeDeviceSeqs(tenantId, own.length))
    }
    fresh.forEach((operation, i) => {
      commit.putOperation({
        ...operation,
        position: positions[i]!,
        deviceSeq: seqs.get(operation.tenantId)!.shift()!,
        // Whatever became of it there, it is sent from here as well: its key makes it one, and the server has kept its
        // verdict. (One that was never sent would leave its number missing among those of this device.)
        status: 'PENDING',
        verdict: null,
        seen: false,
        met: undefined,
      })
    })
    return { imported: fresh.length, skipped: operations.length - fresh.length }
  })
}
