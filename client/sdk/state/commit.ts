/**
 * One transaction's reads and writes, in the words of the client, with a note of what was written: what is in memory
 * and the other tabs follow from that note.
 */
import {
  type ChainHead,
  type ConfirmedOperation,
  type DiscardedOperation,
  type EntityRecord,
  keys,
  newStream,
  readOperation,
  type StreamId,
  type StreamRecord,
} from '../store/layout.ts'
import type { Collection, Transaction } from '../store/store.ts'
import type { EntityKind, QueuedOperation } from '../words.ts'

/** What a transaction wrote, or what was read of it. null: it is gone. */
export type Written = {
  /** The furthest place in the queue that was taken; left out: none was. */
  position?: number
  /** By tenant: where this device's chains end now. */
  ends: Map<string, ChainHead>
  /** Which one it is of all writes that other tabs are told of, or the last of them before it was read; 0: none. */
  write: number
  operations: Map<string, QueuedOperation | null>
  stream: StreamId | null
  record: StreamRecord | null
  entities: { kind: EntityKind; id: string; record: EntityRecord | null }[]
}

export const newWritten = (): Written => ({
  ...{ operations: new Map(), ends: new Map(), write: 0 },
  ...{ stream: null, record: null, entities: [] },
})

/** Operations of which memory knows more than a store that is full. null: it is gone. */
export type Unkept = ReadonlyMap<string, QueuedOperation | null>

/** Where this device's chains ended, by tenant, when the furthest place in the queue was this one. */
export type Ends = { readonly position: number; readonly heads: ReadonlyMap<string, ChainHead> }

type CommitOptions = { unkept: Unkept; ends: Ends; dry: boolean }

export class Commit {
  readonly written: Written = newWritten()
  readonly #tx: Transaction
  readonly #of: CommitOptions
  /** The furthest place before this one took any, once it is read. */
  #before: number | undefined

  /** `dry`: what would be written is noted alone. */
  constructor(tx: Transaction, of: CommitOptions) {
    this.#tx = tx
    this.#of = of
  }

  async operation(clientOpId: string): Promise<QueuedOperation | undefined> {
    const unkept = this.#of.unkept.get(clientOpId)
    return unkept === undefined ? this.#tx.get('operations', clientOpId) : (unkept ?? undefined)
  }

  #put(collection: Collection, key: string, value: unknown): void {
    if (!this.#of.dry) void this.#tx.put(collection, key, value)
  }

  #delete(collection: Collection, key: string): void {
    if (!this.#of.dry) void this.#tx.delete(collection, key)
  }

  /** Those that are (still) in the queue, in the order asked for. */
  async operations(clientOpIds: readonly string[]): Promise<QueuedOperation[]> {
    const found = await Promise.all(clientOpIds.map((id) => this.operation(id)))
    return found.filter((operation) => operation !== undefined)
  }

  async wasDiscarded(clientOpId: string): Promise<boolean> {
    return (await this.#tx.get('discarded', clientOpId)) !== undefined
  }

  putOperation(operation: QueuedOperation): void {
    this.#put('operations', operation.clientOpId, operation)
    this.written.operations.set(operation.clientOpId, operation)
  }

  removeOperation(clientOpId: string): void {
    this.#delete('operations', clientOpId)
    this.written.operations.set(clientOpId, null)
  }

  /** Out of the queue, as everybody sees it by now. */
  confirm(stream: StreamId, operation: QueuedOperation, at: string): void {
    const { clientOpId } = operation
    this.#put('meta', keys.confirmed(stream, clientOpId), { operation, at } satisfies ConfirmedOperation)
    this.removeOperation(clientOpId)
  }

  /** Takes what was confirmed lately out of what is kept of it; as it was read, whatever it may be by now. */
  async takeConfirmed(stream: StreamId): Promise<QueuedOperation[]> {
    const kept = await this.#tx.list<ConfirmedOperation>('meta', keys.confirmed(stream))
    for (const { key } of kept) this.#delete('meta', key)
    return kept.flatMap(({ value }) => readOperation(value?.operation) ?? [])
  }

  discard(discarded: DiscardedOperation): void {
    const { clientOpId } = discarded.operation
    this.#put('discarded', clientOpId, discarded)
    this.removeOperation(clientOpId)
  }

  /** The furthest place that any tab has taken before. */
  async lastPosition(): Promise<number> {
    this.#before ??= await this.#last(keys.position)
    return this.#before
  }

  /** Places at the end of the queue. */
  async takePositions(count: number): Promise<number[]> {
    const last = this.written.position ?? (await this.lastPosition())
    if (count === 0) return []
    this.#put('meta', keys.position, last + count)
    this.written.position = last + count
    return Array.from({ length: count }, (_, i) => last + 1 + i)
  }

  /** Counts this among the writes that other tabs are told of, where there is anything to tell them. */
  async countWrite(): Promise<void> {
    const { operations, stream } = this.written
    if (operations.size === 0 && !stream) return
    this.written.write = (await this.#last(keys.writes)) + 1
    this.#put('meta', keys.writes, this.written.write)
  }

  /** The last number of what this device does for the tenant, and its link (null: that has none). */
  async readEnd(tenantId: string): Promise<{ deviceSeq: number; link: string | null }> {
    const [deviceSeq, head] = await Promise.all([
      this.#last(keys.deviceSeq(tenantId)),
      this.#tx.get<ChainHead>('meta', keys.chain(tenantId)),
    ])
    return { deviceSeq, link: head?.link ?? null }
  }

  /** The same without reading, once the last place is read: whatever gets a number gets a place, and nobody has since. */
  knownEnd(tenantId: string): ChainHead | undefined {
    const { position, heads } = this.#of.ends
    const known = this.written.ends.get(tenantId)
    return known ?? (this.#before === position ? heads.get(tenantId) : undefined)
  }

  /** Beside the chain's head, as older versions go on by it. */
  putDeviceSeq(tenantId: string, deviceSeq: number): void {
    this.#put('meta', keys.deviceSeq(tenantId), deviceSeq)
  }

  putChainHead(tenantId: string, head: ChainHead): void {
    this.#put('meta', keys.chain(tenantId), head)
    this.written.ends.set(tenantId, head)
  }

  async #last(key: string): Promise<number> {
    return (await this.#tx.get<number>('meta', key)) ?? 0
  }

  putEntity(stream: StreamId, kind: EntityKind, id: string, record: EntityRecord): void {
    this.#put('entities', keys.entity(stream, kind, id), record)
    this.#note(stream, kind, id, record)
  }

  removeEntity(stream: StreamId, kind: EntityKind, id: string): void {
    this.#delete('entities', keys.entity(stream, kind, id))
    this.#note(stream, kind, id, null)
  }

  #note(stream: StreamId, kind: EntityKind, id: string, record: EntityRecord | null): void {
    this.written.stream = stream
    this.written.entities.push({ kind, id, record })
  }

  /** How far the stream was pulled, as it is kept. */
  async stream(id: StreamId): Promise<StreamRecord> {
    return (await this.#tx.get<StreamRecord>('meta', keys.stream(id))) ?? newStream
  }

  putStream(stream: StreamId, record: StreamRecord): void {
    this.#put('meta', keys.stream(stream), record)
    this.written.stream = stream
    this.written.record = record
  }
}
