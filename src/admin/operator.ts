/**
 * Whoever runs the gateway: does ordinary operations, by the same deciders, feed and audit trail as everybody, in the
 * name of an account that is nobody's member. Only the gate lets them pass.
 */
import { v7 as newId } from 'uuid'
import { nothingProven } from '../modules/access/gate.ts'
import { cafe, keyedHashes, registryOf } from '../modules/index.ts'
import type { Database } from '../platform/database.ts'
import type { Secrets } from '../platform/secrets.ts'
import type { Touched } from '../sync/feed.ts'
import { payloadHashOf } from '../sync/inspect.ts'
import type { Registry } from '../sync/module.ts'
import { type PushEngine, push } from '../sync/push.ts'
import { createTurns } from '../sync/turns.ts'
import type { Json } from '../sync/words.ts'
import { CommandError } from './command.ts'

/** Stands in the audit trail; no member has it. */
export const operatorId = 'operator'

export type Operator = {
  readonly registry: Registry
  /** What was moved so far, for the nudges after it is committed. */
  readonly touched: readonly Touched[]
  /** Does one operation; its result. Throws a CommandError with the reason where it is refused or cannot be decided. */
  act(type: string, payload: Record<string, unknown>, branchId?: string): Promise<Json>
}

/** Works in one tenant. */
export function createOperator(db: Database, tenantId: string, secrets: Secrets): Operator {
  const keyedHash = keyedHashes(secrets('hashes of secrets'))
  const ordinary = registryOf(cafe, { isProven: nothingProven, keyedHash })
  const gate = { ...ordinary.gate, admit: () => null, check: () => null }
  const registry = { ...ordinary, gate }
  const touched: Touched[] = []
  const clock = () => new Date()
  const engine: PushEngine = {
    ...{ db, registry, clock, turns: createTurns(1), chunkSize: 1, maxBatchBytes: 1_000_000 },
    onCommit: (_, moved) => touched.push(...moved),
    onFault(error) {
      throw error
    },
    onAfterthought() {},
  }
  return {
    registry,
    touched,
    async act(type, payload, branchId) {
      const place = branchId ?? null
      const payloadHash = payloadHashOf({ type, branchId: place, payload: payload as Json })
      const operation = { clientOpId: newId(), type, branchId: place, payload, payloadHash }
      const [verdict] = await push(engine, {
        ...{ tenantId, deviceId: null, accountId: operatorId, lane: 'DIRECT' as const },
        operations: [{ ...operation, occurredAt: clock() }],
      })
      if (verdict?.status === 'APPLIED') return verdict.result
      const { issues = [] } = (verdict?.details ?? {}) as { issues?: { path: string; message: string }[] }
      // The first of them is in the message.
      const more = issues.slice(1).map(({ path, message }) => ` ${path} — ${message}.`)
      throw new CommandError('REFUSED', `${verdict?.code}: ${verdict?.message}${more.join('')}`)
    },
  }
}
