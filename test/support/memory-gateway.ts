/**
 * The push without a database: inspect, load, decide, apply, as the engine does it, on tables in memory. For
 * laws that must hold for thousands of random queues.
 */
import { registry } from '../../src/modules/index.ts'
import { decideAll } from '../../src/sync/decide.ts'
import { inspect, prepare, type SubmittedOperation, takesTurn } from '../../src/sync/inspect.ts'
import type { Registry } from '../../src/sync/module.ts'
import type { Known, Verdict } from '../../src/sync/record.ts'
import { readsByStage } from '../../src/sync/stages.ts'
import { State } from '../../src/sync/state.ts'
import type { AnyTable, Write } from '../../src/sync/table.ts'
import type { Lane } from '../../src/sync/words.ts'
import { now } from './decider.ts'
import { MemoryRows } from './memory-rows.ts'

export class MemoryGateway {
  readonly rows: MemoryRows
  readonly record = new Map<string, Known>()
  readonly #registry: Registry

  constructor(rows: readonly Write[], modules: Registry = registry) {
    this.rows = new MemoryRows(rows)
    this.#registry = modules
  }

  async push(
    operations: readonly SubmittedOperation[],
    by: { accountId: string; deviceId?: string | null; lane?: Lane; at?: Date },
  ): Promise<readonly Verdict[]> {
    const { accountId, deviceId = 'till-1', lane = 'REPLAY', at = now } = by
    const inspected = await Promise.all(
      operations.map((operation) =>
        prepare(
          inspect(operation, { registry: this.#registry, tenantId: 'demo', deviceId, accountId, lane, at }),
        ),
      ),
    )
    const state = new State()
    for (const { op } of inspected) this.rows.load(this.#registry.gate.reads(op), state)
    for (const reads of readsByStage(inspected.filter(takesTurn), state)) this.rows.load(reads, state)

    const { decided, written } = decideAll(this.#registry, inspected, this.record, state)
    this.rows.apply(written.map(({ write }) => write))
    for (const { inspected: each, verdict, fresh } of decided) {
      const { op, payloadHash } = each
      if (fresh)
        this.record.set(verdict.clientOpId, { ...verdict, branchId: op.branchId || null, payloadHash })
    }
    return decided.map(({ verdict }) => verdict)
  }

  /** All rows of these tables and the record, as one comparable value. */
  snapshot(tables: readonly AnyTable[]): unknown {
    const record = [...this.record.values()].sort((a, b) => (a.clientOpId < b.clientOpId ? -1 : 1))
    return [
      record,
      ...tables.map((table) =>
        this.rows
          .all(table)
          .map((row) => JSON.stringify(row))
          .sort(),
      ),
    ]
  }
}
