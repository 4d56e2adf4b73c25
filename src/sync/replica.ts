/**
 * A streaming replica that pulls read from: while it is close behind the primary, and of what this gateway knows to be in
 * it. Everything else, and every doubt, is the primary's; so a replica costs no news, only spares the primary their pages.
 */
import { LRUCache } from 'lru-cache'
import type { Database, Queryable } from '../platform/database.ts'
import type { Nudge, NudgeBus } from './nudge/bus.ts'
import { tenantStream } from './tenant-stream.ts'

export type Replica = {
  /** `ask` asks the replica, where it may be asked of this tenant; what it answers counts where `isGood`. Else null. */
  read<T>(
    tenantId: string,
    ask: (db: Queryable) => Promise<T>,
    isGood: (answer: T) => boolean,
  ): Promise<T | null>
  /** Whether these heads, of a branch's stream and of the tenant's own, are as far as this gateway has heard. */
  knows(tenantId: string, branchId: string, heads: { headSeq: number; tenantHead: number }): boolean
  /** Heads that were committed here: nudges, which say the same, are merged for a moment first. */
  heard(tenantId: string, heads: readonly { branchId: string; headSeq: number }[]): void
  /** Whether it is read from. */
  readonly usable: boolean
  close(): Promise<void>
}

type Parts = {
  primary: Queryable
  replica: Database
  bus: NudgeBus
  /** How far behind it may be, in milliseconds. */
  maxLagMs: number
  onChange: (usable: boolean, why?: unknown) => void
  now?: () => number
  lookMs?: number
}

/** Between two looks at how far it is. */
const everyMs = 1_000
/** Whose nudges are listened to; one that is past it begins anew. Heads matter only until the replica has them. */
const maxTenants = 10_000
const maxHeads = 100_000

export function createReplica(parts: Parts): Replica {
  const { replica, bus, maxLagMs, now = () => performance.now() } = parts
  const lookMs = parts.lookMs ?? Math.min(everyMs, maxLagMs)
  const lag = watchLag({ ...parts, now, lookMs })
  // What is older is in a replica that is usable: as far behind as it may be, and not looked at since.
  const hearing = createHearing(bus, maxLagMs + 3 * lookMs, now)
  return {
    get usable() {
      return lag.usable && bus.healthy
    },
    async read(tenantId, ask, isGood) {
      if (!hearing.isComplete(tenantId) || !this.usable) return null
      try {
        const answer = await ask(replica.tenant(tenantId))
        return isGood(answer) ? answer : null
      } catch (error) {
        lag.failed(error)
        return null
      }
    },
    knows: (tenantId, branchId, { headSeq, tenantHead }) =>
      headSeq >= hearing.headOf(tenantId, branchId) && tenantHead >= hearing.headOf(tenantId, tenantStream),
    heard(tenantId, heads) {
      for (const { branchId, headSeq } of heads) hearing.note(tenantId, branchId, headSeq)
    },
    async close() {
      hearing.end()
      await lag.end()
    },
  }
}

/** Looks again and again at how far the replica is: it is usable while it was close enough when last looked at. */
function watchLag({ primary, replica, maxLagMs, onChange, now, lookMs }: Required<Omit<Parts, 'bus'>>) {
  const marks: { at: number; lsn: string }[] = []
  // Not known before the first look, of which is told as well.
  let usable: boolean | undefined
  let [until, ended] = [0, false]
  const tell = (is: boolean, why?: unknown) => {
    if (is === usable) return
    usable = is
    onChange(is, why)
  }

  /** Close enough is who has replayed what the primary had written so long ago; or, before that is known, all there is. */
  async function look(): Promise<void> {
    const at = now()
    const [written] = await primary.rows<{ lsn: string }>('select pg_current_wal_lsn()::text as lsn', [])
    marks.push({ at, lsn: written!.lsn })
    while (marks.length > 1 && marks[1]!.at <= at - maxLagMs) marks.shift()
    const mark = marks[0]!.at <= at - maxLagMs ? marks[0]! : marks.at(-1)!
    const [state] = await replica.own.rows<{ isStandby: boolean; isThere: boolean | null }>(
      `select pg_is_in_recovery() as "isStandby", pg_last_wal_replay_lsn() >= $1::pg_lsn as "isThere"`,
      [mark.lsn],
    )
    until = now() + 2 * lookMs
    if (!state?.isStandby) tell(false, 'it is no standby')
    else tell(state.isThere === true, 'it is too far behind')
  }

  let timer: NodeJS.Timeout | undefined
  const lookOn = async () => {
    await look().catch((error: unknown) => tell(false, error))
    if (ended) return
    timer = setTimeout(() => {
      looking = lookOn()
    }, lookMs).unref()
  }
  let looking = lookOn()
  return {
    get usable() {
      return usable === true && now() < until
    },
    failed: (error: unknown) => tell(false, error),
    async end() {
      ended = true
      clearTimeout(timer)
      await looking
    },
  }
}

/** What this gateway hears of heads, of the tenants that pull here; `settledMs`: what is older is in the replica anyway. */
function createHearing(bus: NudgeBus, settledMs: number, now: () => number) {
  const heads = new LRUCache<string, number>({ max: maxHeads })
  const listening = new LRUCache<string, { since: number; leave: () => void }>({
    max: maxTenants,
    dispose: ({ leave }) => leave(),
  })
  const nameOf = (tenantId: string, branchId: string) => `${tenantId}\u0000${branchId}`
  const headOf = (tenantId: string, branchId: string) => heads.get(nameOf(tenantId, branchId)) ?? 0
  const note = (tenantId: string, branchId: string, headSeq: number) =>
    void heads.set(nameOf(tenantId, branchId), Math.max(headSeq, headOf(tenantId, branchId)))
  const onNudges = (nudges: Nudge[]) => {
    for (const { tenantId, branchId, headSeq } of nudges) note(tenantId, branchId, headSeq)
  }
  const stopRecovery = bus.onRecovered(() => {
    for (const each of listening.values()) each.since = now()
  })
  return {
    headOf,
    note,
    /** Whether all that the replica may not have yet was heard; who was not listened to is from now on. */
    isComplete(tenantId: string): boolean {
      const known = listening.get(tenantId)
      if (known) return now() - known.since > settledMs
      listening.set(tenantId, { since: now(), leave: bus.subscribe(tenantId, onNudges) })
      return false
    },
    end() {
      stopRecovery()
      listening.clear()
    },
  }
}
