import { GraphQLError } from 'graphql'
import type { NudgeLog } from '../sync/nudge/bus.ts'
import type { Session } from './nudge-connection.ts'

/** What a subscription may hear: one branch, or (null) every branch of the tenant. */
export type NudgeScope = { readonly tenantId: string; readonly branchId: string | null }

/** A subscription, by whichever door: whose it is, and how to end it when they may not any more. */
export type Listening<S extends Session> = NudgeScope & {
  readonly session: S
  /** `refusal`: what whoever listens is told, where they can be told. */
  shutOut(refusal: GraphQLError): void
}

export type NudgeAccess<S extends Session> = {
  /** Allows a subscription, or throws what `authorize` throws. Once allowed, it is asked again until `leave`. */
  admit(listening: Listening<S>): Promise<void>
  leave(listening: Listening<S>): void
  /** Throws what `authorize` throws; changes nothing. */
  check(listening: Listening<S>): Promise<void>
  /** Asks again for all who listen in a tenant, and shuts out those who lost access. */
  recheck(tenantId: string): Promise<void>
  /** The same for every tenant. */
  recheckAll(): Promise<void>
}

/** Questions asked of the database at a time during a recheck. */
const CONCURRENCY = 8

/**
 * Who listens to what, and whether they still may. A recheck asks once for each session (but for when it ends) and
 * scope, however many sockets it has. An answer that is no refusal (the database is away) changes nothing: the next
 * recheck asks again.
 */
export function createNudgeAccess<S extends Session>(options: {
  authorize: (session: S, scope: NudgeScope) => Promise<void>
  /** Tells of changes to a tenant's people and devices, whichever gateway made them, until what it returns is called. */
  watch: (tenantId: string, onChange: () => void) => () => void
  log: NudgeLog
}): NudgeAccess<S> {
  const { authorize, watch, log } = options
  const tenants = new Map<string, { listening: Set<Listening<S>>; stopWatching: () => void }>()
  const passes = new Map<string, { running: Promise<void>; next: Promise<void> | null }>()

  const ask = ({ session, tenantId, branchId }: Listening<S>): Promise<void> =>
    authorize(session, { tenantId, branchId })

  function enter(listening: Listening<S>): void {
    const { tenantId } = listening
    const known = tenants.get(tenantId)
    if (known) return void known.listening.add(listening)
    const stopWatching = watch(tenantId, () => void recheck(tenantId))
    tenants.set(tenantId, { listening: new Set([listening]), stopWatching })
  }

  function leave(listening: Listening<S>): void {
    const own = tenants.get(listening.tenantId)
    if (!own?.listening.delete(listening) || own.listening.size > 0) return
    own.stopWatching()
    tenants.delete(listening.tenantId)
  }

  async function askAgain(same: Listening<S>[]): Promise<void> {
    try {
      await ask(same[0]!)
    } catch (error) {
      if (isRefusal(error)) for (const listening of same) listening.shutOut(error)
      else log.warn({ err: error }, 'access to nudges could not be checked again')
    }
  }

  async function pass(tenantId: string): Promise<void> {
    const all = [...(tenants.get(tenantId)?.listening ?? [])]
    const queue = Map.groupBy(all, questionOf).values()
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
      // Listed before it is allowed: a recheck that starts while an old answer is on its way asks for it again.
      enter(listening)
      try {
        await ask(listening)
      } catch (error) {
        leave(listening)
        throw error
      }
    },

    leave,
    check: ask,
    recheck,

    async recheckAll() {
      for (const tenantId of [...tenants.keys()]) await recheck(tenantId)
    },
  }
}

/** The same for all who get the same answer: one account may listen from several devices, one of which is shut out. */
const questionOf = <S extends Session>({ session, branchId }: Listening<S>): string =>
  JSON.stringify([{ ...session, expiresAt: undefined }, branchId])

/** Whether an error says that somebody may not, rather than that it cannot be told. */
export function isRefusal(error: unknown): error is GraphQLError {
  const code = error instanceof GraphQLError ? error.extensions.code : undefined
  return code === 'FORBIDDEN' || code === 'UNAUTHENTICATED'
}
