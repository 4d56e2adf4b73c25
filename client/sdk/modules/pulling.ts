/**
 * What is pulled, and in which order.
 */
import { isHydrated, type StreamRecord } from '../store/layout.ts'
import type { ModuleScope, QueuedOperation } from '../words.ts'
import type { Modules } from './modules.ts'

/** What is pulled, for whom. */
export type Pulling = {
  /** What whoever is at work may read of what is wanted. */
  scopes: readonly ModuleScope[]
  /** What this device wants to know. */
  wanted: readonly ModuleScope[]
  /** What somebody of this device may read of that. */
  readable: readonly ModuleScope[]
}

/**
 * What the next page is asked for. Where a branch has never been here, what work needs comes before the history: it is as
 * much as the business is large, however much it has done. Not where operations wait to be seen in both: half of what
 * they did would count twice.
 */
export function nextPulling(
  modules: Modules,
  stream: StreamRecord,
  pulling: Pulling,
  unconfirmed: Iterable<QueuedOperation>,
): Pulling {
  const scopes = modules.neededFirst(pulling.scopes)
  if (scopes.length === 0 || isHydrated(stream, scopes)) return pulling
  for (const { type } of unconfirmed) {
    const touched = modules.scopesTouchedBy(type)
    const first = modules.neededFirst(touched)
    if (first.length > 0 && first.length < touched.length) return pulling
  }
  return { ...pulling, scopes }
}
