/**
 * Brings what a device has kept to the shape that this version of the SDK reads and writes.
 */
import { type Store, StoreError, type Transaction } from './store.ts'

/** From the version before to `version`. What holds of a transaction's work holds of `run`: it awaits `tx` alone. */
export type Step = { version: number; name: string; run: (tx: Transaction) => Promise<void> }

/**
 * In order, each one more than the one before; the first makes version 2. A step stays as it is once it was released.
 * A new store begins at version 1 and goes through all of them.
 */
export const steps: readonly Step[] = [
  {
    version: 2,
    name: 'only who is at work has a token in clear',
    async run(tx) {
      const atWork = await tx.get<{ tenantId: string; actorId: string } | null>('meta', 'context')
      for (const { key, value } of await tx.list<FirstPerson>('people')) {
        // What is no such record is nobody, and stays as it is.
        if (typeof value !== 'object' || value === null || !('token' in value)) continue
        const { token, ...person } = value
        const isAtWork = person.tenantId === atWork?.tenantId && person.accountId === atWork?.actorId
        const open =
          isAtWork && token ? { token: token.value, expiresAt: token.expiresAt, actorKey: null } : null
        void tx.put('people', key, { ...person, open, sealed: null })
      }
    },
  },
]

type FirstPerson = {
  tenantId: string
  accountId: string
  token: { value: string; expiresAt: string } | null
} | null

/** Of this version of the SDK. The IndexedDB store has its database's version from it. */
export const schemaVersion = latest(steps)

/**
 * Runs the steps that are due, in one transaction. Throws a StoreError: `NEWER` where a newer version of the SDK has
 * been here, else as whatever failed was. Then nothing has changed, and everything can still be read.
 */
export async function migrate(store: Store, through: readonly Step[] = steps): Promise<void> {
  const wanted = latest(through)
  if ((await store.transact('read', recordedIn)) === wanted) return
  await store.transact('write', async (tx) => {
    const from = (await recordedIn(tx)) ?? 1
    if (from > wanted) {
      throw new StoreError('NEWER', 'A newer version of the app has used the data on this device.')
    }
    for (const step of through) if (step.version > from) await run(step, tx)
    await tx.put('meta', 'schemaVersion', wanted)
  })
}

function latest(through: readonly Step[]): number {
  return through.at(-1)?.version ?? 1
}

/** The version of what is kept, or undefined where none was recorded yet. */
async function recordedIn(tx: Transaction): Promise<number | undefined> {
  const [record] = (await tx.list<number>('meta', 'schemaVersion')).filter(
    ({ key }) => key === 'schemaVersion',
  )
  if (!record || Number.isInteger(record.value)) return record?.value
  throw new StoreError('FAILED', 'The version of the data on this device cannot be read.')
}

async function run({ version, name, run }: Step, tx: Transaction): Promise<void> {
  try {
    await run(tx)
  } catch (cause) {
    const fault = cause instanceof StoreError ? cause.fault : 'FAILED'
    throw new StoreError(fault, `The data could not be brought to version ${version} (${name}).`, { cause })
  }
}
