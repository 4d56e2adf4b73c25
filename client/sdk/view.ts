/**
 * What an app reads: the pulled state of one branch (the base), with the effects of the operations that are not
 * confirmed yet on top (the overlay). The overlay is always the fold of those operations over the base, in the order
 * of the queue; it is never patched, so it cannot drift.
 */
import { type Effect, foresee } from './foresee.ts'
import { type EntityRecord, type StreamId, shownOf } from './layout.ts'
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
  #isWhole = false
  #round = 0
  /** Records of which this round shows something else than what was pulled; of earlier rounds perhaps some more. */
  readonly #held: { kind: EntityKind; id: string }[] = []
  /** As they were read last. Of the kinds that are `whole` there are all, but for doubts. */
  readonly #entities: ByKind<Entity> = new Map()
  readonly #whole = new Set<EntityKind>()
  readonly #lists = new Map<EntityKind, readonly Entity[]>()
  /** By kind: the entities that may be others by now. */
  readonly #doubts = new Map<EntityKind, Set<string>>()
  /** Kinds of which those who watch have not been told. */
  readonly #changed = new Set<EntityKind>()
  readonly #watchers = new Set<Watcher>()
  /** Milliseconds of `performance.now`. */
  #restsUntil = 0

  /** `unconfirmed`: the branch's operations whose effects are to be seen, in the order of the queue. */
  constructor(stream: StreamId, unconfirmed: () => Iterable<QueuedOperation>) {
    this.stream = stream
    this.branchId = stream.branchId
    this.#unconfirmed = unconfirmed
  }

  // -- what is known, for deciders ------------------------------------------------------------------------------

  get isWhole(): boolean {
    return this.#isWhole
  }

  set isWhole(isWhole: boolean) {
    if (isWhole !== this.#isWhole) this.#stale = true
    this.#isWhole = isWhole
  }

  /** The round of the stream: when it moves, what was held back in the one before is shown. */
  set round(round: number) {
    if (round === this.#round) return
    this.#round = round
    this.#stale = true
    for (const { kind, id } of this.#held.splice(0)) this.#doubt(kind, id)
  }

  get<Kind extends EntityKind>(kind: Kind, id: string): EntityPayloads[Kind] | undefined {
    const guesses = this.#guesses.get(kind)
    const payload = guesses?.has(id) ? guesses.get(id) : this.#shown(kind, id)
    return (payload ?? undefined) as EntityPayloads[Kind] | undefined
  }

  #shown(kind: EntityKind, id: string): Json {
    const record = this.#base.get(kind)?.get(id)
    return record ? shownOf(record, this.#round) : null
  }

  *ids(kind: EntityKind): Generator<string> {
    const base = this.#base.get(kind)
    const guesses = this.#guesses.get(kind)
    for (const id of base?.keys() ?? [])
      if ((guesses?.has(id) ? guesses.get(id) : this.#shown(kind, id)) !== null) yield id
    for (const [id, payload] of guesses ?? []) if (payload !== null && !base?.has(id)) yield id
  }

  /** The pulled record alone. */
  baseOf(kind: EntityKind, id: string): EntityRecord | undefined {
    return this.#base.get(kind)?.get(id)
  }

  /** What is to go when the round is over. */
  gone(): { kind: EntityKind; id: string }[] {
    return this.#held.filter(({ kind, id }) => this.baseOf(kind, id)?.gone)
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
      if (record?.held) this.#held.push({ kind, id })
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
      if (entities.delete(id)) this.#lists.delete(kind)
      return undefined
    }
    const pending = this.#guesses.get(kind)?.has(id) ?? false
    const entity = Object.freeze({ ...payload, id, pending }) as Entity<Kind>
    // The same object until it changes: whoever shows it need not look at it again.
    if (known && JSON.stringify(known) === JSON.stringify(entity)) return known
    entities.set(id, entity as unknown as Entity)
    this.#lists.delete(kind)
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
    // Of thousands of sales a page changes few: only those are looked at anew (of 50,000: 2 ms against 20 ms).
    if (this.#whole.has(kind)) for (const id of this.#doubts.get(kind) ?? []) this.entity(kind, id)
    else this.#readAll(kind)
    const list = this.#lists.get(kind) ?? [...(this.#entities.get(kind)?.values() ?? [])]
    this.#lists.set(kind, list)
    return list as unknown as readonly Entity<Kind>[]
  }

  #readAll(kind: EntityKind): void {
    const all = [...this.ids(kind)].map((id): [string, Entity] => [id, this.entity(kind, id)!])
    this.#entities.set(kind, new Map(all))
    this.#doubts.delete(kind)
    this.#whole.add(kind)
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

  /**
   * Tells those who watch what has changed since the last time. Folds only if somebody does. `moreToCome`: while pages
   * follow each other, a long queue is not folded anew for each (10,000 sales take half a second), but for a fifth of
   * the time at most; the last page is told in any case.
   */
  announce({ moreToCome = false } = {}): void {
    const begun = performance.now()
    if (moreToCome && this.#stale && begun < this.#restsUntil) return
    if (this.#watchers.size > 0) this.#fold()
    if (this.#changed.size === 0) return
    const changed = new Set(this.#changed)
    this.#changed.clear()
    for (const { kind, check } of [...this.#watchers]) if (changed.has(kind)) check()
    const ended = performance.now()
    this.#restsUntil = ended + 4 * (ended - begun)
  }
}

const isSameList = (a: readonly unknown[], b: readonly unknown[]) =>
  a.length === b.length && a.every((each, i) => each === b[i])
