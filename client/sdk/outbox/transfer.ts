/**
 * The rescue copy of a broken tablet: everything that is not confirmed, as one JSON text, and the way back in. Keys
 * stay what they are, so an operation that both tablets send is applied once all the same.
 */
import { OperationBlocked } from '../errors.ts'
import type { LocalState } from '../state/local-state.ts'
import { LastingStore } from '../store/lasting.ts'
import { keys, readOperation } from '../store/layout.ts'
import type { Entry, Store, Transaction } from '../store/store.ts'
import type { QueuedOperation } from '../words.ts'
import { linked } from './chain.ts'
import { payloadHashOf } from './hash.ts'
import { type Signer, signed } from './proof.ts'

const format = 'modula-sync queue'
const version = 1

type File = { deviceId: string | null; operations: readonly unknown[]; damaged: readonly unknown[] }

const textOf = ({ deviceId, operations, damaged }: File, at: Date) =>
  JSON.stringify({ format, version, deviceId, exportedAt: at.toISOString(), operations, damaged }, null, 1)

/** The queue of all tenants, and the records that could not be read, as they were found (a lost store has none). */
export async function exportQueue({ store, deviceId, outbox }: LocalState, at: Date): Promise<string> {
  const damaged = store.fault ? [] : await store.transact('read', (tx) => tx.list<unknown>('damaged'))
  return textOf({ deviceId, operations: [...outbox.all()], damaged }, at)
}

/**
 * The same from a store that no client can be opened with (a newer version of the app has used it, or it could not be
 * migrated): read as it is, changed in nothing. Throws a StoreError where it cannot even be read.
 */
export async function exportStore(store: Store, at = new Date()): Promise<string> {
  const { deviceId, entries, damaged } = await peek(store, async (tx) => ({
    deviceId: (await tx.get<string>('meta', keys.deviceId)) ?? null,
    entries: await tx.list<QueuedOperation>('operations'),
    damaged: await tx.list<unknown>('damaged'),
  }))
  const [good, broken] = [entries.filter(isOperation), entries.filter((entry) => !isOperation(entry))]
  const operations = good.map(({ value }) => value).sort((a, b) => a.position - b.position)
  return textOf({ deviceId, operations, damaged: [...damaged, ...broken] }, at)
}

const isOperation = (entry: Entry<QueuedOperation>): entry is { key: string; value: QueuedOperation } =>
  readOperation(entry.value) !== null

async function peek<T>(store: Store, work: (tx: Transaction) => Promise<T>): Promise<T> {
  if (store.peek) return store.peek(work)
  const opened = new LastingStore(store)
  try {
    await opened.open()
    return await opened.transact('read', work)
  } finally {
    await opened.close()
  }
}

/** The operations of such a text. Throws OperationBlocked where there is one that cannot be what was exported. */
function read(text: string): { deviceId: unknown; operations: QueuedOperation[] } {
  const refuse = (message: string) => new OperationBlocked('IMPORT_INVALID', message)
  let file: { format?: unknown; version?: unknown; deviceId?: unknown; operations?: unknown } | null
  try {
    file = JSON.parse(text)
  } catch {
    throw refuse('This is not an exported queue: it is no JSON.')
  }
  if (file?.format !== format || !Array.isArray(file.operations))
    throw refuse('This is not an exported queue.')
  if (file.version !== version) throw refuse('This queue was exported by a newer version of the app.')
  const operations = file.operations.map((value, i) => {
    const operation = readOperation(value)
    if (!operation || payloadHashOf(operation) !== operation.payloadHash)
      throw refuse(`Operation ${i + 1} of the file is damaged; nothing was imported.`)
    return operation
  })
  return { deviceId: file.deviceId, operations }
}

/** Whether it is this person's own work, or work that they could have done themselves. */
function couldBring(
  { context, modules }: LocalState,
  role: string | null,
  operation: QueuedOperation,
): boolean {
  if (!context || operation.tenantId !== context.tenantId) return false
  if (operation.actorId === context.actorId) return true
  const definition = modules.operation(operation.type)?.definition
  const { data, success } = definition?.payload.safeParse(operation.payload) ?? { success: false }
  if (!definition || !success || !role) return false
  const { permission } = definition
  return modules.may(role, typeof permission === 'function' ? permission(data) : permission)
}

/**
 * Takes in what is not here yet, at the end of the queue, in its order. All or nothing. A proof holds on its own device
 * only: on another one the work of whoever brings the file in is signed anew, and that of the others waits for them. A
 * file can be edited: what whoever brings it in may not do themselves is only `claimed` to be somebody's.
 */
export async function importQueue(
  state: LocalState,
  text: string,
  by: { signer: Signer | null; role: string | null },
): Promise<{ imported: number; skipped: number }> {
  const { deviceId, operations } = read(text)
  return state.record(async (commit) => {
    const isNew = await Promise.all(
      operations.map(
        async ({ clientOpId }) =>
          (await commit.operation(clientOpId)) === undefined && !(await commit.wasDiscarded(clientOpId)),
      ),
    )
    const fresh = operations.filter((_, i) => isNew[i])
    for (const operation of await linked(commit, state.deviceId, fresh)) {
      const proven = deviceId === state.deviceId ? operation : signed(operation, by.signer)
      commit.putOperation({
        ...proven,
        // Whatever became of it there, it is sent from here as well: its key makes it one, and the server has kept its
        // verdict. (One that was never sent would leave its number missing among those of this device.)
        status: 'PENDING',
        verdict: null,
        came: undefined,
        seen: false,
        met: undefined,
        claimed: couldBring(state, by.role, operation) ? undefined : true,
      })
    }
    return { imported: fresh.length, skipped: operations.length - fresh.length }
  })
}
