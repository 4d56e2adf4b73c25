/**
 * What there is to see of a branch at one moment: the pulled records as they were then (the base), and on top what the
 * operations that are not confirmed yet make of them, in the order of the queue. The base moves on beneath it: what has
 * changed since is remembered as it was, so that nothing is ever seen half new and half old.
 */

import type { Known } from '../../../src/sync/till.ts'
import type { Modules } from '../modules/modules.ts'
import { type EntityRecord, shownOf } from '../store/layout.ts'
import type { EntityKind, Json, QueuedOperation } from '../words.ts'
import { type Effect, foresee } from './foresee.ts'

export type ByKind<T> = Map<EntityKind, Map<string, T>>
export type Named = { kind: EntityKind; id: string }

const put = <T>(all: ByKind<T>, kind: EntityKind, id: string, value: T) => {
  const some = all.get(kind) ?? new Map<string, T>()
  all.set(kind, some.set(id, value))
}

export type PictureOptions = {
  modules: Modules
  branchId: string
  isWhole: boolean
  round: number
  operations: readonly QueuedOperation[]
}

export class Picture implements Known {
  readonly branchId: string
  readonly isWhole: boolean
  readonly #modules: Modules
  readonly #round: number
  readonly #base: ByKind<EntityRecord>
  /** Records of the base that are others by now, as they were; null: there was none. */
  readonly #before: ByKind<EntityRecord | null> = new Map()
  readonly #effects: ByKind<Json> = new Map()
  /** What is not folded yet. */
  readonly #waiting: QueuedOperation[]
  #next = 0

  constructor(base: ByKind<EntityRecord>, { modules, branchId, isWhole, round, operations }: PictureOptions) {
    this.#modules = modules
    this.#base = base
    this.branchId = branchId
    this.isWhole = isWhole
    this.#round = round
    this.#waiting = [...operations]
  }

  /** Another operation at the end. */
  append(operation: QueuedOperation): void {
    this.#waiting.push(operation)
  }

  /** Folds one more operation; what it makes, or null where there are no more. */
  fold(): readonly Effect[] | null {
    const operation = this.#waiting[this.#next]
    if (!operation) return null
    this.#next += 1
    const effects = this.#effectsOf(operation)
    for (const { kind, id, payload } of effects) put(this.#effects, kind, id, payload)
    return effects
  }

  /** One that cannot be decided here (a newer app has queued it, or an older one) keeps nothing else from being seen. */
  #effectsOf(operation: QueuedOperation): readonly Effect[] {
    try {
      return foresee(this.#modules, this, operation).effects
    } catch {
      return []
    }
  }

  /** The record is about to be another in the base; it stays what it is here. */
  keep(kind: EntityKind, id: string): void {
    if (this.#before.get(kind)?.has(id)) return
    put(this.#before, kind, id, this.#base.get(kind)?.get(id) ?? null)
  }

  get(kind: EntityKind, id: string): Exclude<Json, null> | undefined {
    const effects = this.#effects.get(kind)
    return (effects?.has(id) ? effects.get(id) : this.#shown(kind, id)) ?? undefined
  }

  #shown(kind: EntityKind, id: string): Json {
    const before = this.#before.get(kind)
    const record = before?.has(id) ? before.get(id) : this.#base.get(kind)?.get(id)
    return record ? shownOf(record, this.#round) : null
  }

  /** An operation that is not confirmed yet has made or changed it. */
  isPending(kind: EntityKind, id: string): boolean {
    return this.#effects.get(kind)?.has(id) ?? false
  }

  *ids(kind: EntityKind): Generator<string> {
    const [base, before, effects] = [this.#base.get(kind), this.#before.get(kind), this.#effects.get(kind)]
    for (const id of base?.keys() ?? []) if (this.get(kind, id)) yield id
    for (const id of before?.keys() ?? []) if (!base?.has(id) && this.get(kind, id)) yield id
    for (const [id, payload] of effects ?? [])
      if (payload !== null && !base?.has(id) && !before?.has(id)) yield id
  }

  /** Whatever may look different in another picture of the same base. */
  *differences(): Generator<Named> {
    for (const all of [this.#effects, this.#before])
      for (const [kind, some] of all) for (const id of some.keys()) yield { kind, id }
  }
}
