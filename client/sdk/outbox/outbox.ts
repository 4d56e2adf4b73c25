/**
 * The queue as it is in memory: what the store holds, indexed by what is asked of it. Every change is written to the
 * store first (`local-state.ts`), then here.
 */

import type { Modules } from '../modules/modules.ts'
import type { StreamId } from '../store/layout.ts'
import type { QueuedOperation, QueueStatus } from '../words.ts'
import { Dependencies } from './dependencies.ts'

export class Outbox {
  readonly #byId = new Map<string, QueuedOperation>()
  /** In the order of the queue; still names those that have gone. */
  #order: string[] = []
  readonly #gone = new Set<string>()
  #inOrder = true
  #lastPosition = 0
  readonly #byStatus = new Map<string, Record<QueueStatus, Set<string>>>()
  readonly #dependants = new Map<string, Set<string>>()
  /** By tenant. */
  readonly #answered = new Map<string, number>()
  /** By tenant, until something in the queue changes. */
  readonly #unanswered = new Map<string, readonly QueuedOperation[]>()
  readonly dependencies: Dependencies

  constructor(modules: Modules) {
    this.dependencies = new Dependencies(modules)
  }

  get(clientOpId: string): QueuedOperation | undefined {
    return this.#byId.get(clientOpId)
  }

  /** The furthest place that was ever taken. */
  get lastPosition(): number {
    return this.#lastPosition
  }

  /** Adds the operation, or replaces what was known of it. */
  set(operation: QueuedOperation): void {
    const { clientOpId, position } = operation
    const before = this.#byId.get(clientOpId)
    if (before) this.#unindex(before)
    const isListed = before !== undefined || this.#gone.delete(clientOpId)
    if (!isListed) this.#order.push(clientOpId)
    const isInPlace = before ? before.position === position : !isListed && position > this.#lastPosition
    if (!isInPlace) this.#inOrder = false
    this.#lastPosition = Math.max(this.#lastPosition, position)
    this.#byId.set(clientOpId, operation)
    this.#index(operation)
    if (before) this.#countAnswer(before, operation)
  }

  delete(clientOpId: string): void {
    const operation = this.#byId.get(clientOpId)
    if (!operation) return
    this.#unindex(operation)
    this.#byId.delete(clientOpId)
    this.#countAnswer(operation, null)
    this.#gone.add(clientOpId)
    if (this.#order.length > 2 * this.#byId.size + 100) this.#compact()
  }

  /** All of it, in order. */
  *all(): Generator<QueuedOperation> {
    if (!this.#inOrder) this.#compact()
    for (const clientOpId of this.#order) {
      const operation = this.#byId.get(clientOpId)
      if (operation) yield operation
    }
  }

  /** What the tenant's device is to send next, in order. */
  waiting(tenantId: string, limit: number): QueuedOperation[] {
    if (this.count(tenantId, 'PENDING') === 0) return []
    const batch: QueuedOperation[] = []
    for (const operation of this.all()) {
      if (batch.length >= limit) break
      if (operation.status === 'PENDING' && operation.tenantId === tenantId) batch.push(operation)
    }
    return batch
  }

  /** What the gateway has not answered yet, in order. The same list until something in the queue changes. */
  unanswered(tenantId: string): readonly QueuedOperation[] {
    const known = this.#unanswered.get(tenantId)
    if (known) return known
    const list = [...this.of(tenantId, 'SYNCING'), ...this.of(tenantId, 'PENDING')].sort(byPosition)
    this.#unanswered.set(tenantId, list)
    return list
  }

  /** The operations whose effects are to be seen in this branch. */
  *unconfirmed({ tenantId, branchId }: StreamId): Generator<QueuedOperation> {
    for (const operation of this.all())
      if (
        operation.tenantId === tenantId &&
        operation.branchId === branchId &&
        operation.status !== 'FAILED' &&
        !operation.seen
      )
        yield operation
  }

  of(tenantId: string, status: QueueStatus): QueuedOperation[] {
    return [...(this.#byStatus.get(tenantId)?.[status] ?? [])]
      .map((clientOpId) => this.#byId.get(clientOpId)!)
      .sort(byPosition)
  }

  count(tenantId: string, status: QueueStatus): number {
    return this.#byStatus.get(tenantId)?.[status].size ?? 0
  }

  /** How many of the tenant the gateway has answered since nothing of theirs waited. */
  answered(tenantId: string): number {
    return this.#answered.get(tenantId) ?? 0
  }

  #countAnswer(before: QueuedOperation, after: QueuedOperation | null): void {
    const { tenantId } = before
    const isAnswer = waits(before) && !(after && waits(after))
    const isEmpty = this.count(tenantId, 'PENDING') + this.count(tenantId, 'SYNCING') === 0
    if (isEmpty) this.#answered.delete(tenantId)
    else if (isAnswer) this.#answered.set(tenantId, this.answered(tenantId) + 1)
  }

  /** Operations of everybody else that are not done with. */
  countOfOthers(tenantId: string | null): number {
    let count = 0
    for (const [tenant, { PENDING, SYNCING, FAILED }] of this.#byStatus)
      if (tenant !== tenantId) count += PENDING.size + SYNCING.size + FAILED.size
    return count
  }

  /** Operations of the queue that build directly on this one, in order. */
  dependantsOf(clientOpId: string): QueuedOperation[] {
    return [...(this.#dependants.get(clientOpId) ?? [])].map((id) => this.#byId.get(id)!).sort(byPosition)
  }

  #index(operation: QueuedOperation): void {
    const { clientOpId, tenantId, status, dependsOn } = operation
    const sets = this.#byStatus.get(tenantId) ?? {
      PENDING: new Set(),
      SYNCING: new Set(),
      SYNCED: new Set(),
      FAILED: new Set(),
    }
    this.#byStatus.set(tenantId, sets)
    sets[status].add(clientOpId)
    this.#unanswered.clear()
    this.dependencies.add(operation)
    for (const id of dependsOn) {
      const dependants = this.#dependants.get(id) ?? new Set<string>()
      this.#dependants.set(id, dependants.add(clientOpId))
    }
  }

  #unindex(operation: QueuedOperation): void {
    const { clientOpId, tenantId, status, dependsOn } = operation
    this.#byStatus.get(tenantId)?.[status].delete(clientOpId)
    this.#unanswered.clear()
    this.dependencies.remove(operation)
    for (const id of dependsOn) {
      const dependants = this.#dependants.get(id)
      dependants?.delete(clientOpId)
      if (dependants?.size === 0) this.#dependants.delete(id)
    }
  }

  #compact(): void {
    this.#order = [...this.#byId.values()].sort(byPosition).map(({ clientOpId }) => clientOpId)
    this.#gone.clear()
    this.#inOrder = true
  }
}

const waits = ({ status }: QueuedOperation) => status === 'PENDING' || status === 'SYNCING'

const byPosition = (a: QueuedOperation, b: QueuedOperation) => a.position - b.position
