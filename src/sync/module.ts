/**
 * What a business module tells the engine: its operations and its tables. A module knows no SQL
 * transaction, no GraphQL and no clock; the engine knows no module.
 */
import type { ZodMiniType } from 'zod/mini'
import type { State } from './state.ts'
import type { AnyTable, Read, Write } from './table.ts'
import type { Json, Lane, ModuleScope, OperationCode } from './words.ts'

/** An operation as its decider sees it. */
export type Operation<Payload = unknown> = {
  readonly clientOpId: string
  readonly type: string
  readonly tenantId: string
  /** The branch it is about; empty for operations on the whole tenant. */
  readonly branchId: string
  readonly payload: Payload
  readonly actorId: string
  readonly submittedBy: string
  readonly deviceId: string | null
  readonly lane: Lane
  /** The device's clock, as evidence. */
  readonly occurredAt: Date
  /** The server's clock. */
  readonly at: Date
  /** When it happened, for business rows: the device's time, or the server's where that lies in the future (EC-OS-05). */
  readonly happenedAt: Date
  /** The actor's signature, where one came with it, and the hash that it signs. */
  readonly proof?: ActorProof | null
}

/** Both lower-case hex. `payloadHash` is the operation's own: a hash that does not fit is a fault before this matters. */
export type ActorProof = { readonly payloadHash: string; readonly actorProof: string }

export type AuditEntry = { readonly name: string; readonly data?: Record<string, Json> }

export type Accepted = {
  readonly accepted: true
  readonly writes: readonly Write[]
  readonly audit: readonly AuditEntry[]
  readonly result: Record<string, Json>
  /** The same intent was applied before under another key: nothing is written, the result is the earlier one. */
  readonly duplicate?: boolean
}
export type Rejected = {
  readonly accepted: false
  readonly code: OperationCode
  readonly message: string
  readonly details?: Json
}
export type Decision = Accepted | Rejected

export const accept = (what: {
  writes: readonly Write[]
  audit?: readonly AuditEntry[]
  result: Record<string, Json>
}): Accepted => ({ accepted: true, audit: [], ...what })

export const alreadyApplied = (result: Record<string, Json>): Accepted => ({
  accepted: true,
  writes: [],
  audit: [],
  result,
  duplicate: true,
})

/** `message` is one plain sentence for the person at the till. */
export const reject = (code: OperationCode, message: string, details?: Json): Rejected => ({
  accepted: false,
  code,
  message,
  details,
})

export type OperationDefinition<Payload = unknown, Permission extends string = string> = {
  readonly type: string
  /** One sentence for integrators: what it does. */
  readonly description: string
  readonly payload: ZodMiniType<Payload>
  /** Whether a queue may replay it; the direct lane takes all. */
  readonly offline: boolean
  readonly scope: 'branch' | 'tenant'
  /** The permission it takes; no operation without one. */
  readonly permission: Permission | ((payload: Payload) => Permission)
  /** Runs on a frozen branch too (only unfreezing does). */
  readonly onFrozen?: boolean
  /** Slow work before the transaction (hashing a PIN), once it is allowed; what it returns replaces the payload for `decide`. */
  readonly prepare?: (payload: Payload, op: Operation) => Promise<Payload>
  /** Fields of the payload, in whatever depth, whose values are kept nowhere: secrecy.ts. */
  readonly secrets?: readonly string[]
  /** The rows it needs; stages after the first may look at what the earlier ones found. */
  readonly reads: readonly ((op: Operation<Payload>, state: State) => readonly Read[])[]
  /** Pure: from the state and the operation to rows, audit and result, or to a rejection. */
  readonly decide: (state: State, op: Operation<Payload>) => Decision
}
// biome-ignore lint/suspicious/noExplicitAny: definitions of any payload are kept in one registry
export type AnyOperationDefinition = OperationDefinition<any, any>

export function defineOperation<Payload, Permission extends string = string>(
  definition: OperationDefinition<Payload, Permission>,
): OperationDefinition<Payload, Permission> {
  return definition
}

export type ModuleDefinition = {
  readonly name: string
  readonly tables: readonly AnyTable[]
  readonly operations: readonly AnyOperationDefinition[]
}
export const defineModule = (definition: ModuleDefinition): ModuleDefinition => definition

/**
 * Who may do what: implemented by the access module, pure like the deciders, and asked for every operation
 * under the stream's lock.
 */
export type Gate = {
  /** The rows that the two questions below need. */
  reads: (op: Operation) => readonly Read[]
  /** Whether the caller may know of this branch's operations at all. A rejection is answered, but not kept. */
  admit: (state: State, op: Operation, definition: AnyOperationDefinition | undefined) => Rejected | null
  /** Whether the operation's actor may do it, here and now. A rejection is kept, but for what speaks of who brought it. */
  check: (state: State, op: Operation, definition: AnyOperationDefinition) => Rejected | null
}

export type Registry = {
  readonly modules: readonly ModuleDefinition[]
  readonly tables: readonly AnyTable[]
  readonly operations: ReadonlyMap<string, AnyOperationDefinition>
  readonly gate: Gate
  /** The hash of a payload that holds a secret, as it is kept: under a key, so that nobody tries secrets against it. */
  readonly keyedHash: (payloadHash: string) => string
  /** Names, in lower case, of all fields that hold secrets. */
  readonly secrets: ReadonlySet<string>
  /** Turns an accepted operation's audit entries into rows. */
  readonly audit: (op: Operation, entries: readonly AuditEntry[]) => readonly Write[]
  /** The table whose new rows are new branches: writing one opens its stream. */
  readonly branchTable: AnyTable
}

export function createRegistry(parts: Omit<Registry, 'tables' | 'operations' | 'secrets'>): Registry {
  const operations = new Map<string, AnyOperationDefinition>()
  const tables = parts.modules.flatMap((module) => module.tables)
  const kinds = new Set<string>()
  for (const { change } of tables as AnyTable[]) {
    if (!change) continue
    if (kinds.has(change.kind)) throw new Error(`two tables feed the entity kind ${change.kind}`)
    kinds.add(change.kind)
  }
  for (const operation of parts.modules.flatMap((module) => module.operations)) {
    if (operations.has(operation.type)) throw new Error(`operation type ${operation.type} is defined twice`)
    operations.set(operation.type, operation)
  }
  const secrets = [...operations.values()].flatMap((operation) => operation.secrets ?? [])
  return { ...parts, tables, operations, secrets: new Set(secrets.map((name) => name.toLowerCase())) }
}

/** The scopes that have entities, by kind. */
export const kindsOf = (registry: Registry): ReadonlyMap<string, ModuleScope> =>
  new Map(registry.tables.flatMap(({ change }) => (change ? [[change.kind, change.module] as const] : [])))
