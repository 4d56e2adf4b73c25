/**
 * Given rows, when an operation is decided, then ...: a module's decider, without a database.
 */
import { expect } from 'vitest'
import { registry } from '../../src/modules/index.ts'
import type { OperationCode } from '../../src/modules/words.ts'
import type { AnyOperationDefinition, Decision, Operation } from '../../src/sync/module.ts'
import { readsByStage } from '../../src/sync/stages.ts'
import { State } from '../../src/sync/state.ts'
import type { Columns, RowOf, Table, Write } from '../../src/sync/table.ts'
import { MemoryRows } from './memory-rows.ts'

/** The server's clock, and the device's a minute before. */
export const now = new Date('2026-03-01T08:30:00.000Z')
export const aMinuteBefore = new Date('2026-03-01T08:29:00.000Z')

export type Rows = Write | readonly Rows[]

export function definitionOf(type: string): AnyOperationDefinition {
  const definition = registry.operations.get(type)
  if (!definition) throw new Error(`there is no operation ${type}`)
  return definition
}

/** An operation as deciders get it: its payload has passed its contract. */
export function decidable(type: string, payload: unknown, envelope: Partial<Operation> = {}): Operation {
  const { scope, payload: contract } = definitionOf(type)
  return {
    clientOpId: '00000000-0000-4000-8000-000000000001',
    type,
    tenantId: 'demo',
    branchId: scope === 'branch' ? 'riverside' : '',
    payload: contract.parse(payload),
    actorId: 'sophea',
    submittedBy: 'sophea',
    deviceId: 'till-1',
    lane: 'DIRECT',
    occurredAt: aMinuteBefore,
    clockSkewMs: null,
    at: now,
    happenedAt: aMinuteBefore,
    ...envelope,
  }
}

export function given(...rows: Rows[]) {
  const writes = rows.flat(Number.POSITIVE_INFINITY as 1) as Write[]
  return {
    when(type: string, payload: unknown, envelope: Partial<Operation> = {}) {
      const op = decidable(type, payload, envelope)
      const definition = definitionOf(type)
      const memory = new MemoryRows(writes)
      const state = new State()
      memory.load(registry.gate.reads(op), state)
      for (const reads of readsByStage([{ op, definition }], state)) memory.load(reads, state)
      return outcome(definition.decide(state, op), memory)
    },
  }
}

function outcome(decision: Decision, memory: MemoryRows) {
  return {
    thenRejected(code: OperationCode, details?: object) {
      expect(decision).toMatchObject({ accepted: false, code, ...(details ? { details } : {}) })
    },
    /** What came of it: the rows as they are afterwards, the audit trail, the result. */
    thenAccepted(result?: object) {
      if (!decision.accepted) throw new Error(`rejected: ${decision.code} ${decision.message}`)
      if (result) expect(decision.result).toEqual(result)
      memory.apply(decision.writes)
      return {
        written: decision.writes.length,
        duplicate: decision.duplicate ?? false,
        audit: decision.audit.map(({ name }) => name),
        dataOf: (name: string) => decision.audit.find((entry) => entry.name === name)?.data,
        result: decision.result,
        all: <C extends Columns>(table: Table<C>) => memory.all(table),
        one<C extends Columns>(table: Table<C>, matches: Partial<RowOf<C>> = {}): RowOf<C> {
          const found = memory
            .all(table)
            .filter((row) => Object.entries(matches).every(([name, value]) => row[name as keyof C] === value))
          expect(found, `one row of ${table.name}`).toHaveLength(1)
          return found[0]!
        },
      }
    },
  }
}
