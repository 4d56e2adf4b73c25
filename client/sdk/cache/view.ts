/**
 * What an app reads: the pulled state of one branch (the base), with the effects of the operations that are not
 * confirmed yet on top (the overlay). The overlay is always the fold of those operations over the base, in the order
 * of the queue; it is never patched, so it cannot drift.
 */

import type { Modules } from '../modules/modules.ts'
import type { EntityRecord, StreamId } from '../store/layout.ts'
import type { AnyWhere, Entity, EntityKind, QueuedOperation } from '../words.ts'
import { foresee } from './foresee.ts'
import { type ByKind, type Named, Picture } from './picture.ts'

/** What a page or another tab has changed in the base; `record: null`: it is gone. */
export type BaseChange = { kind: EntityKind; id: string; record: EntityRecord | null }

type Watcher = { kind: EntityKind; check: () => void }

/** Of folding a long queue, before a tap has its turn. */
const sliceMs = 12

export class View {
  readonly stream: StreamId
  readonly branchId: string
  readonly #modules: Modules
  readonly #base: ByKind<EntityRecord> = new Map()
  readonly #unconfirmed: () => Iterable<QueuedOperation>
  readonly #moved: () => void
  readonly #atOnce: number
  /** What is seen. */
  #picture: Picture
  /** What will be seen: a long queue is folded in slices, and nothing of it is shown before it is done. */
  #coming: { picture: Picture; shown: Promise<void> } | null = null
  /** The picture is no longer that of what there is. */
  #stale = true
  /** Operations of which this many were folded last time. */
  #count = 0
  /** How often operations have become others, now and as of the picture: -1, there is none yet. */
  #changes = 0
  #seen = -1
  #isWhole = false
  #round = 0
  /** Records of which this round shows something else than what was pulled; of earlier rounds perhaps some more. */
  readonly #held: Named[] = []
  /** Those of a round that is over. */
  readonly #released: Named[] = []
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

  /**
   * `unconfirmed`: the branch's operations whose effects are to be seen, in the order of the queue. `moved`: what was
   * folded in slices is to be seen now. `atOnce`: operations that are folded in one piece; 500 are a tenth of a second on
   * a slow tablet.
   */
  constructor(
    modules: Modules,
    stream: StreamId,
    unconfirmed: () => Iterable<QueuedOperation>,
    { moved = () => {}, atOnce = 500 } = {},
  ) {
    this.#modules = modules
    this.stream = stream
    this.branchId = stream.branchId
    this.#unconfirmed = unconfirmed
    this.#moved = moved
    this.#atOnce = atOnce
    this.#picture = this.#newPicture([])
  }

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
    this.#released.push(...this.#held.splice(0))
  }

  // -- the pulled records alone ---------------------------------------------------------------------------------

  baseOf(kind: EntityKind, id: string): EntityRecord | undefined {
    return this.#base.get(kind)?.get(id)
  }

  /** What is held back in this round, as it came. */
  held(): { kind: EntityKind; id: string; record: EntityRecord }[] {
    return this.#held.flatMap(({ kind, id }) => {
      const record = this.baseOf(kind, id)
      return record?.held?.round === this.#round ? { kind, id, record } : []
    })
  }

  *baseRecords(): Generator<{ kind: EntityKind; id: string; record: EntityRecord }> {
    for (const [kind, records] of this.#base) for (const [id, record] of records) yield { kind, id, record }
  }

  // -- changes --------------------------------------------------------------------------------------------------

  /** Takes pulled changes in; the overlay is folded anew when somebody looks. */
  changeBase(changes: Iterable<BaseChange>): void {
    for (const { kind, id, record } of changes) {
      this.#picture.keep(kind, id)
      this.#coming?.picture.keep(kind, id)
      const records = this.#base.get(kind) ?? new Map<string, EntityRecord>()
      this.#base.set(kind, records)
      if (record) records.set(id, record)
      else records.delete(id)
      if (record?.held) this.#held.push({ kind, id })
    }
    this.#stale = true
  }

  /** The pulled records are these and no others. */
  replaceBase(changes: readonly BaseChange[]): void {
    const kept = new Set(changes.map(({ kind, id }) => `${kind} ${id}`))
    const gone = [...this.baseRecords()].filter(({ kind, id }) => !kept.has(`${kind} ${id}`))
    this.changeBase(gone.map(({ kind, id }) => ({ kind, id, record: null })))
    this.changeBase(changes)
  }

  /** The operations that are not confirmed are others than before. */
  refold(): void {
    this.#stale = true
    this.#changes += 1
  }

  /** One more operation at the end: costs what it does, not what waits. */
  append(operation: QueuedOperation): void {
    if (!this.#stale || this.#coming) this.#coming?.picture.append(operation)
    else if (this.#count <= this.#atOnce) return
    else this.picture()
    this.#picture.append(operation)
    for (let made = this.#picture.fold(); made; made = this.#picture.fold()) this.#doubt(made)
  }

  /** What the server would say to this operation now, after all that waits. */
  foresee(operation: Parameters<typeof foresee>[2]) {
    return foresee(this.#modules, this.picture(), operation)
  }

  /** Resolves when all that waits is to be seen: at once, but where it is a lot. */
  async settled(): Promise<void> {
    while (this.#seen < this.#changes) {
      this.picture()
      await this.#coming?.shown
    }
  }

  // -- the picture ----------------------------------------------------------------------------------------------

  /** What is seen: of what there is now, or, while a long queue is folded, of what there was before. */
  picture(): Picture {
    if (!this.#stale || this.#coming) return this.#picture
    const operations = [...this.#unconfirmed()]
    const coming = this.#newPicture(operations)
    const changes = this.#changes
    this.#stale = false
    this.#count = operations.length
    if (this.#count <= this.#atOnce) {
      while (coming.fold());
      this.#show(coming, changes)
    } else this.#coming = { picture: coming, shown: this.#foldInSlices(coming, changes) }
    return this.#picture
  }

  #newPicture(operations: readonly QueuedOperation[]): Picture {
    const { branchId } = this.stream
    return new Picture(this.#base, {
      modules: this.#modules,
      branchId,
      isWhole: this.#isWhole,
      round: this.#round,
      operations,
    })
  }

  async #foldInSlices(picture: Picture, changes: number): Promise<void> {
    for (let isDone = false; !isDone; ) {
      await new Promise((go) => setTimeout(go))
      const until = performance.now() + sliceMs
      while (!isDone && performance.now() < until) isDone = picture.fold() === null
    }
    this.#coming = null
    this.#show(picture, changes)
    this.#moved()
  }

  #show(picture: Picture, changes: number): void {
    this.#doubt(this.#picture.differences())
    this.#doubt(picture.differences())
    this.#doubt(this.#released.splice(0))
    this.#picture = picture
    this.#seen = changes
  }

  #doubt(all: Iterable<Named>): void {
    for (const { kind, id } of all) {
      const doubts = this.#doubts.get(kind) ?? new Set<string>()
      this.#doubts.set(kind, doubts.add(id))
      this.#changed.add(kind)
    }
  }

  // -- what apps read -------------------------------------------------------------------------------------------

  entity(kind: EntityKind, id: string): Entity | undefined {
    const picture = this.picture()
    const entities = this.#entities.get(kind) ?? new Map<string, Entity>()
    this.#entities.set(kind, entities)
    const known = entities.get(id)
    const isDoubtful = this.#doubts.get(kind)?.delete(id) ?? false
    if (known && !isDoubtful) return known
    const payload = picture.get(kind, id)
    if (!payload) {
      if (entities.delete(id)) this.#lists.delete(kind)
      return undefined
    }
    const pending = picture.isPending(kind, id)
    const entity = Object.freeze({ ...(payload as object), id, pending }) as Entity
    // The same object until it changes: whoever shows it need not look at it again.
    if (known && isSame(known, entity)) return known
    entities.set(id, entity)
    this.#lists.delete(kind)
    return entity
  }

  query(kind: EntityKind, where?: AnyWhere): readonly Entity[] {
    const all = this.#all(kind)
    if (!where) return all
    if (typeof where === 'function') return all.filter(where)
    const fields = Object.entries(where)
    return all.filter((entity) =>
      fields.every(([name, value]) => entity[name as keyof typeof entity] === value),
    )
  }

  #all(kind: EntityKind): readonly Entity[] {
    this.picture()
    // Of thousands of sales a page changes few: only those are looked at anew (of 50,000: 2 ms against 20 ms).
    if (this.#whole.has(kind)) for (const id of this.#doubts.get(kind) ?? []) this.entity(kind, id)
    else this.#readAll(kind)
    const list = this.#lists.get(kind) ?? [...(this.#entities.get(kind)?.values() ?? [])]
    this.#lists.set(kind, list)
    return list
  }

  #readAll(kind: EntityKind): void {
    const all = [...this.picture().ids(kind)].map((id): [string, Entity] => [id, this.entity(kind, id)!])
    this.#entities.set(kind, new Map(all))
    this.#doubts.delete(kind)
    this.#whole.add(kind)
  }

  /** Calls at once, and again after each `announce` that changes the answer. */
  watch(
    kind: EntityKind,
    where: AnyWhere | undefined,
    listener: (entities: readonly Entity[]) => void,
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
    if (this.#watchers.size > 0) this.picture()
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

/** Of values as JSON has them. */
function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  const [one, other] = [a, b] as { [name: string]: unknown }[]
  const names = Object.keys(one!)
  return (
    Array.isArray(a) === Array.isArray(b) &&
    names.length === Object.keys(other!).length &&
    names.every((name) => Object.hasOwn(other!, name) && isSame(one![name], other![name]))
  )
}
