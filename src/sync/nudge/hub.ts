import { tenantStream } from '../tenant-stream.ts'
import type { Nudge, NudgeBus, NudgeLog } from './bus.ts'
import { branchKey, mergeNudges } from './merge.ts'
import { createMerger } from './merger.ts'
import { type NudgeSink, narrow, type SinkEntry, TenantSinks } from './sinks.ts'
import { spreadPulls } from './spread.ts'
import { type SetTimer, setUnrefTimer } from './timer.ts'

/** Which nudges: of a branch (null: of every branch of the tenant), for some modules (null: for all). */
export type NudgeFilter = { tenantId: string; branchId: string | null; modules: ReadonlySet<string> | null }

export type NudgeHub = {
  /**
   * Tells whom it concerns, here and on other gateways. Called after a commit; never throws and waits for nothing.
   * The first nudge of a quiet branch goes out before this returns, later ones within `mergeMs`, merged.
   */
  publish(nudges: Nudge[]): void
  /** The sink gets the nudges that match, narrowed to the modules asked for. Returns what ends it. */
  subscribe(filter: NudgeFilter, sink: NudgeSink): () => void
  /** How many sinks there are, and branches not yet quiet again. For gauges. */
  readonly size: { sinks: number; busyBranches: number }
  /** Sends what is still kept for other gateways, and lets go of every sink. The bus stays open. */
  close(): void
}

/**
 * The branches of a tenant, of those named (null: of all), with the heads that they have or will have, and each one's
 * place (`rank`) among all `count` of the tenant.
 */
export type HeadsOf = (
  tenantId: string,
  branchIds: readonly string[] | null,
) => Promise<readonly { branchId: string; headSeq: number; rank: number; count: number }[]>

/** A nudge on its way to the sinks. `recovered`: not told by anybody, but made because some may have been missed. */
type Arrival = { nudge: Nudge; recovered: boolean }

/** After an outage each sink is told to wait one of these: 20 steps of 250 ms, so that not all pull at once. */
const RECOVERY_STEPS = 20
const RECOVERY_STEP_MS = 250

/**
 * Between commits and sinks. Nudges are merged per branch twice: as they leave, which spares the bus, and as they
 * arrive, because several gateways may nudge one branch. Either way a branch is nudged at most once in `mergeMs`
 * (100 ms: 10 times a second).
 *
 * One for the whole tenant becomes one for each branch that somebody here listens to: their heads are asked for then,
 * once for all of them, and their pulls are spread.
 *
 * When the bus was away and is back, every sink is told to pull: all the modules it asked for, the last `headSeq`
 * heard of (0 if none; the missing nudges may have had a higher one, so a device must pull whatever it says), and
 * a wait of up to 5 s that differs between sinks. A sink for a whole tenant gets one for every branch heard of
 * since the tenant had its first sink.
 */
export function createNudgeHub(options: {
  bus: NudgeBus
  allModules: readonly string[]
  headsOf: HeadsOf
  log: NudgeLog
  now: () => number
  mergeMs?: number
  setTimer?: SetTimer
}): NudgeHub {
  const { bus, allModules, headsOf, log, now, mergeMs = 100, setTimer = setUnrefTimer } = options
  const tenants = new Map<string, { sinks: TenantSinks; leave: () => void }>()
  const deliver = createDelivery(log)
  let sinkCount = 0
  let closed = false

  const timing = { mergeMs, setTimer }
  const leaving = createMerger<Nudge>({
    ...timing,
    keyOf: branchKey,
    merge: mergeNudges,
    emit: (nudges) => bus.publish(nudges),
  })

  const arriving = createMerger<Arrival>({
    keyOf: ({ nudge }) => branchKey(nudge),
    merge: (a, b) => ({ nudge: mergeNudges(a.nudge, b.nudge), recovered: a.recovered || b.recovered }),
    ...timing,
    emit: (arrivals) => {
      for (const arrival of arrivals)
        if (arrival.nudge.branchId === tenantStream) void passOn(arrival.nudge)
        else deliver(tenants.get(arrival.nudge.tenantId)?.sinks, arrival)
    },
  })

  const stopRecovery = bus.onRecovered(() => {
    const is = { modules: allModules, at: new Date(now()).toISOString() }
    for (const [tenantId, { sinks }] of tenants) arriving.push(missedBy(sinks, { ...is, tenantId }))
  })

  async function passOn(nudge: Nudge): Promise<void> {
    const sinks = tenants.get(nudge.tenantId)?.sinks
    if (!sinks) return
    const each = await inEachBranch(nudge, headsOf(nudge.tenantId, sinks.named)).catch((error: unknown) => {
      const { tenantId } = nudge
      log.warn({ err: error, tenantId }, 'the branches were not nudged; their devices pull by themselves')
      return []
    })
    if (!closed) arriving.push(each)
  }

  function enter(tenantId: string): TenantSinks {
    const known = tenants.get(tenantId)
    if (known) return known.sinks
    const sinks = new TenantSinks()
    const leave = bus.subscribe(tenantId, (nudges) => {
      arriving.push(nudges.map((nudge) => ({ nudge, recovered: false })))
    })
    tenants.set(tenantId, { sinks, leave })
    return sinks
  }

  function end(tenantId: string, sinks: TenantSinks, entry: SinkEntry): void {
    if (!sinks.remove(entry)) return
    sinkCount--
    if (!sinks.empty) return
    tenants.get(tenantId)?.leave()
    tenants.delete(tenantId)
  }

  return {
    publish(nudges) {
      if (!closed) leaving.push(nudges)
    },
    subscribe({ tenantId, branchId, modules }, sink) {
      if (closed) return () => {}
      const sinks = enter(tenantId)
      const entry = sinks.add(branchId, modules, sink)
      sinkCount++
      return () => end(tenantId, sinks, entry)
    },
    get size() {
      return { sinks: sinkCount, busyBranches: Math.max(leaving.busy, arriving.busy) }
    },
    close() {
      if (closed) return
      closed = true
      stopRecovery()
      leaving.flush()
      arriving.flush()
      for (const { leave } of tenants.values()) leave()
      tenants.clear()
    },
  }
}

/** Gives what has arrived to the sinks that it concerns; those that may have missed something have a wait in turn. */
function createDelivery(log: NudgeLog) {
  let recoveryRank = 0

  function give(sink: NudgeSink, nudge: Nudge): void {
    try {
      sink(nudge)
    } catch (error) {
      log.warn({ err: error, tenantId: nudge.tenantId }, 'a nudge could not be given to a subscriber')
    }
  }

  return (sinks: TenantSinks | undefined, { nudge, recovered }: Arrival): void => {
    if (!sinks) return
    sinks.heads.set(nudge.branchId, Math.max(nudge.headSeq, sinks.heads.get(nudge.branchId) ?? 0))
    for (const group of sinks.groupsOf(nudge.branchId)) {
      const wanted = narrow(nudge, group.modules)
      if (!wanted) continue
      const steps = recovered ? recoverySteps(wanted) : [wanted]
      for (const { sink } of group.entries)
        give(sink, steps[recovered ? recoveryRank++ % RECOVERY_STEPS : 0]!)
    }
  }
}

/** A nudge for the whole tenant, for each of its branches. */
async function inEachBranch(nudge: Nudge, heads: ReturnType<HeadsOf>): Promise<Arrival[]> {
  return (await heads).map(({ branchId, headSeq, rank, count }) => ({
    nudge: { ...nudge, branchId, headSeq, pullAfterMs: spreadPulls(count)(rank) },
    recovered: false,
  }))
}

/** What a tenant's sinks are told when the bus was away: all branches that they listen to, whatever changed. */
function missedBy(
  { branches, heads }: TenantSinks,
  { tenantId, modules, at }: { tenantId: string; modules: readonly string[]; at: string },
): Arrival[] {
  return [...branches].map((branchId) => {
    const headSeq = heads.get(branchId) ?? 0
    const nudge = { tenantId, branchId, modules: [...modules], headSeq, pullAfterMs: 0, at }
    return { nudge, recovered: true }
  })
}

/** The same nudge with each of the waits, shared by all sinks that get that one. */
function recoverySteps(nudge: Nudge): Nudge[] {
  return Array.from({ length: RECOVERY_STEPS }, (_, step) => ({
    ...nudge,
    pullAfterMs: Math.max(nudge.pullAfterMs, step * RECOVERY_STEP_MS),
  }))
}
