import type { Nudge } from './bus.ts'

/** Gets one nudge. Must not wait; what it throws is logged and costs nobody else. */
export type NudgeSink = (nudge: Nudge) => void

/** One subscription. An object of its own, so that one function subscribed twice is two. */
export type SinkEntry = { readonly sink: NudgeSink; readonly group: SinkGroup }

/** The sinks that ask for the same branch and modules; null means every one. */
export type SinkGroup = {
  readonly branchId: string | null
  readonly modules: ReadonlySet<string> | null
  readonly key: string
  readonly entries: Set<SinkEntry>
}

/**
 * The sinks of one tenant, by branch (null: every branch) and then by the modules they ask for, so that a nudge
 * touches only those it concerns and is narrowed to some modules once, not once for each sink.
 */
export class TenantSinks {
  /** The highest sequence number heard of, by branch. */
  readonly heads = new Map<string, number>()
  readonly #branches = new Map<string | null, Map<string, SinkGroup>>()

  get empty(): boolean {
    return this.#branches.size === 0
  }

  /** The branches asked for by name; null where somebody asks for all. */
  get named(): string[] | null {
    return this.#branches.has(null) ? null : [...this.#branches.keys()].filter((id) => id !== null)
  }

  /** Branches somebody may have to be told about: those asked for by name and, if any sink asks for all, those heard of. */
  get branches(): Set<string> {
    const named = [...this.#branches.keys()].filter((id) => id !== null)
    return new Set(this.#branches.has(null) ? [...named, ...this.heads.keys()] : named)
  }

  add(branchId: string | null, modules: ReadonlySet<string> | null, sink: NudgeSink): SinkEntry {
    const key = modules ? JSON.stringify([...modules].sort()) : ''
    const groups = this.#branches.get(branchId) ?? new Map<string, SinkGroup>()
    const group = groups.get(key) ?? { branchId, modules, key, entries: new Set() }
    this.#branches.set(branchId, groups.set(key, group))
    const entry = { sink, group }
    group.entries.add(entry)
    return entry
  }

  /** Says whether it was still there. */
  remove(entry: SinkEntry): boolean {
    const { branchId, key, entries } = entry.group
    if (!entries.delete(entry)) return false
    const groups = this.#branches.get(branchId)!
    if (entries.size === 0) groups.delete(key)
    if (groups.size === 0) this.#branches.delete(branchId)
    return true
  }

  *groupsOf(branchId: string): Generator<SinkGroup> {
    yield* this.#branches.get(branchId)?.values() ?? []
    yield* this.#branches.get(null)?.values() ?? []
  }
}

/** The nudge as a group asked for it, or null if nothing of it was. */
export function narrow(nudge: Nudge, wanted: ReadonlySet<string> | null): Nudge | null {
  if (wanted === null) return nudge
  const modules = nudge.modules.filter((module) => wanted.has(module))
  if (modules.length === nudge.modules.length) return nudge
  return modules.length === 0 ? null : { ...nudge, modules }
}
