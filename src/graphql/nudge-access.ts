import { GraphQLError } from 'graphql'
import type { NudgeLog } from '../sync/nudge/bus.ts'
import { CloseWith, type Connection, type Session } from './nudge-connection.ts'

/** What a subscription may hear: one branch, or (null) every branch of the tenant. */
export type NudgeScope = { readonly tenantId: string; readonly branchId: string | null }

/** A subscription and the socket it is for. */
export type Listening<S extends Session> = NudgeScope & { readonly connection: Connection<S> }

export type NudgeAccess<S extends Session> = {
  /** Allows a subscription, or throws what `authorize` throws. Once allowed, it is asked again until `leave`. */
  admit(listening: Listening<S>): Promise<void>
  leave(listening: Listening<S>): void
  /** Asks again for all who listen in a tenant, and closes (4403) the sockets of those who lost access. */
  recheck(tenantId: string): Promise<void>
  /** The same for every tenant. */
  recheckAll(): Promise<void>
  /** Closes (4403) every socket of an account that listens in a tenant, without asking. */
  closeAccount(tenantId: string, accountId: string): void
}

/** Questions asked of the database at a time during a recheck. */
const CONCURRENCY = 8

/**
 * Who listens to what, and whether they still may. A recheck asks once for each caller (their device and what
 * their token is worth included) and scope, however many sockets it has. An answer that is no refusal (the database is away) changes nothing: the next recheck asks again.
 */
export function createNudgeAccess<S extends Session>(options: {
  authorize: (session: S, scope: NudgeScope) => Promise<void>
  log: NudgeLog
}): NudgeAccess<S> {
  const { authorize, log } = options
  const tenants = new Map<string, Set<Listening<S>>>()
  const passes = new Map<string, { running: Promise<void>; next: Promise<void> | null }>()

  const ask = ({ connection, tenantId, branchId }: Listening<S>): Promise<void> =>
    authorize(connection.session!, { tenantId, branchId })

  function leave(listening: Listening<S>): void {
    const own = tenants.get(listening.tenantId)
    own?.delete(listening)
    if (own?.size === 0) tenants.delete(listening.tenantId)
  }

  async function askAgain(same: Listening<S>[]): Promise<void> {
    try {
      await ask(same[0]!)
    } catch (error) {
      if (isRefusal(error)) for (const { connection } of same) connection.close(...CloseWith.forbidden)
      else log.warn({ err: error }, 'access to nudges could not be checked again')
    }
  }

  async function pass(tenantId: string): Promise<void> {
    const all = [...(tenants.get(tenantId) ?? [])]
    const questions = Map.groupBy(all, ({ connection, branchId }) => {
      const { expiresAt: _, ...who } = connection.session!
      return JSON.stringify([who, branchId])
    })
    const queue = questions.values()
    const worker = async () => {
      for (const same of queue) await askAgain(same)
    }
    await Promise.all(Array.from({ length: CONCURRENCY }, worker))
  }

  function start(tenantId: string): Promise<void> {
    const running = pass(tenantId).finally(() => {
      if (passes.get(tenantId)?.next === null) passes.delete(tenantId)
    })
    passes.set(tenantId, { running, next: null })
    return running
  }

  /** At most one pass runs and one waits: the waiting one sees every change made before it starts. */
  function recheck(tenantId: string): Promise<void> {
    const current = passes.get(tenantId)
    if (!current) return start(tenantId)
    current.next ??= current.running.then(() => start(tenantId))
    return current.next
  }

  return {
    async admit(listening) {
      const own = tenants.get(listening.tenantId) ?? new Set()
      // Listed before it is allowed: a recheck that starts while an old answer is on its way asks for it again.
      tenants.set(listening.tenantId, own.add(listening))
      try {
        await ask(listening)
      } catch (error) {
        leave(listening)
        throw error
      }
    },

    leave,
    recheck,

    async recheckAll() {
      for (const tenantId of [...tenants.keys()]) await recheck(tenantId)
    },

    closeAccount(tenantId, accountId) {
      for (const { connection } of [...(tenants.get(tenantId) ?? [])]) {
        if (connection.session!.accountId === accountId) connection.close(...CloseWith.forbidden)
      }
    },
  }
}

/** Whether an error says that somebody may not, rather than that it cannot be told. */
export function isRefusal(error: unknown): boolean {
  const code = error instanceof GraphQLError ? error.extensions.code : undefined
  return code === 'FORBIDDEN' || code === 'UNAUTHENTICATED'
}
