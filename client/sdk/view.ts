/**
 * What an app reads: the pulled state of one branch (the base), with the effects of the operations that are not
 * confirmed yet on top (the overlay). The overlay is always the fold of those operations over the base, in the order
 * of the queue; it is never patched, so it cannot drift.
 */
import { type Effect, foresee } from './foresee.ts'
import type { EntityRecord, StreamId } from './layout.ts'
import type { Known } from './rows.ts'
import type { Entity, EntityKind, EntityPayloads, Json, QueuedOperation, Where } from './words.ts'

type ById<T> = Map<string, T>
type ByKind<T> = Map<EntityKind, ById<T>>

/** What a page or another tab has changed in the base; `record: null`: it is gone. */
export type BaseChange = { kind: EntityKind; id: string; record: EntityRecord | null }

type Watcher = { kind: EntityKind; check: () => void }

export class View implements Known {
  readonly stream: StreamId
  readonly branchId: string
  readonly #base: ByKind<EntityRecord> = new Map()
  readonly #unconfirmed: () => Iterable<QueuedOperation>
  #guesses: ByKind<Json> = new Map()
  /** The guesses are no longer the fold of what there is. */
  #stale = true
  /** As they were read last. */
  readonly #entities: ByKind<Entity> = new Map()
  readonly #lists = new Map<EntityKind, readonly Entity[]>()
  /** By kind: the entities that may be others by now. */
  readonly #doubts = new Map<EntityKind, Set<string>>()
  /** Kinds of which those who watch have not been told. */
  readonly #changed = new Set<EntityKind>()
  readonly #watchers = new Set<Watcher>()

  /** `unconfirmed`: the branch's operations whose effects are to be seen, in the order of the queue. */
  constructor(stream: StreamId, unconfirmed: () => Iterable<QueuedOperation>) {
    this.stream = stream
    this.branchId = stream.branchId
    this.#unconfirmed = unconfirmed
  }

  // -- what is known, for deciders ------------------------------------------------------------------------------

  get<Kind extends EntityKind>(kind: Kind, id: string): EntityPayloads[Kind] | undefined {
    const guesses = this.#guesses.get(kind)
    const payload = guesses?.has(id) ? guesses.get(id) : this.#base.get(kind)?.get(id)?.payload
    return (payload ?? undefined) as EntityPayloads[Kind] | undefined
  }

  *ids(kind: EntityKind): Generator<string> {
    const base = this.#base.get(kind)
    const guesses = this.#guesses.get(kind)
    for (const id of base?.keys() ?? []) if (guesses?.get(id) !== null || !guesses.has(id)) yield id
    for (const [id, payload] of guesses ?? []) if (payload !== null && !base?.has(id)) yield id
  }

  /** The pulled record alone. */
  baseOf(kind: EntityKind, id: string): EntityRecord | undefined {
    return this.#base.get(kind)?.get(id)
  }

  *baseRecords(): Generator<{ kind: EntityKind; id: string; record: EntityRecord }> {
    for (const [kind, records] of this.#base) for (const [id, record] of records) yield { kind, id, record }
  }

  // -- changes --------------------------------------------------------------------------------------------------

  /** Takes pulled changes in; the overlay is folded anew when somebody looks. */
  changeBase(changes: Iterable<BaseChange>): void {
    for (const { kind, id, record } of changes) {
      const records = this.#base.get(kind) ?? new Map<string, EntityRecord>()
      this.#base.set(kind, records)
      if (record) records.set(id, record)
      else records.delete(id)
      this.#doubt(kind, id)
    }
    this.#stale = true
  }

  /** The operations that are not confirmed are others than before. */
  refold(): void {
    this.#stale = true
  }

  /** One more operation at the end: costs what it does, not what waits. */
  append(operation: QueuedOperation): void {
    if (this.#stale) return
    this.#put(foresee(this, operation).effects)
  }

  /** What the server would say to this operation now, after all that waits. */
  foresee(operation: Parameters<typeof foresee>[1]) {
    this.#fold()
    return foresee(this, operation)
  }

  #put(effects: readonly Effect[]): void {
    for (const { kind, id, payload } of effects) {
      const guesses = this.#guesses.get(kind) ?? new Map<string, Json>()
      this.#guesses.set(kind, guesses)
      guesses.set(id, payload)
      this.#doubt(kind, id)
    }
  }

  #fold(): void {
    if (!this.#stale) return
    this.#stale = false
    for (const [kind, guesses] of this.#guesses) for (const id of guesses.keys()) this.#doubt(kind, id)
    this.#guesses = new Map()
    for (const operation of this.#unconfirmed()) this.#put(foresee(this, operation).effects)
  }

  #doubt(kind: EntityKind, id: string): void {
    const doubts = this.#doubts.get(kind) ?? new Set<string>()
    this.#doubts.set(kind, doubts.add(id))
    this.#changed.add(kind)
  }

  // -- what apps read -------------------------------------------------------------------------------------------

  entity<Kind extends EntityKind>(kind: Kind, id: string): Entity<Kind> | undefined {
    this.#fold()
    const entities = this.#entities.get(kind) ?? new Map<string, Entity>()
    this.#entities.set(kind, entities)
    const known = entities.get(id) as unknown as Entity<Kind> | undefined
    const isDoubtful = this.#doubts.get(kind)?.delete(id) ?? false
    if (known && !isDoubtful) return known
    const payload = this.get(kind, id)
    if (!payload) {
      entities.delete(id)
      return undefined
    }
    const pending = this.#guesses.get(kind)?.has(id) ?? false
    const entity = Object.freeze({ ...payload, id, pending }) as Entity<Kind>
    // The same object until it changes: whoever shows it need not look at it again.
    if (known && JSON.stringify(known) === JSON.stringify(entity)) return known
    entities.set(id, entity as unknown as Entity)
    return entity
  }

  query<Kind extends EntityKind>(kind: Kind, where?: Where<Kind>): readonly Entity<Kind>[] {
    const all = this.#all(kind)
    if (!where) return all
    if (typeof where === 'function') return all.filter(where)
    const fields = Object.entries(where)
    return all.filter((entity) =>
      fields.every(([name, value]) => entity[name as keyof typeof entity] === value),
    )
  }

  #all<Kind extends EntityKind>(kind: Kind): readonly Entity<Kind>[] {
    this.#fold()
    const known = this.#lists.get(kind) as unknown as readonly Entity<Kind>[] | undefined
    const doubts = this.#doubts.get(kind)
    if (known && !doubts) return known
    const list = [...this.ids(kind)].map((id) => this.entity(kind, id)!)
    for (const id of doubts ?? []) this.#entities.get(kind)?.delete(id)
    this.#doubts.delete(kind)
    if (known && isSameList(known, list)) return known
    this.#lists.set(kind, list as unknown as readonly Entity[])
    return list
  }

  /** Calls at once, and again after each `announce` that changes the answer. */
  watch<Kind extends EntityKind>(
    kind: Kind,
    where: Where<Kind> | undefined,
    listener: (entities: readonly Entity<Kind>[]) => void,
  ): () => void {
    let last = this.query(kind, where)
    const check = () => {
      const now = this.query(kind, where)
      if (isSameList(last, now)) return
      last = now
      listener(now)
    }
    const watcher = { kind, check }
    this.#watchers.add(watcher)
    listener(last)
    return () => this.#watchers.delete(watcher)
  }

  /** Tells those who watch what has changed since the last time. Folds only if somebody does. */
  announce(): void {
    if (this.#watchers.size > 0) this.#fold()
    if (this.#changed.size === 0) return
    const changed = new Set(this.#changed)
    this.#changed.clear()
    for (const { kind, check } of [...this.#watchers]) if (changed.has(kind)) check()
  }
}

const isSameList = (a: readonly unknown[], b: readonly unknown[]) =>
  a.length === b.length && a.every((each, i) => each === b[i])
