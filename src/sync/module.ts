/**
 * What a business module tells the engine: all that it is. A module's deciders know no SQL transaction, no GraphQL and no
 * clock; the engine knows no module.
 */
import type { ZodMiniType } from 'zod/mini'
import type { GivenUp } from './chain.ts'
import type { State } from './state.ts'
import type { AnyTable, Read, Write } from './table.ts'
import {
  engineCodes,
  enginePermissions,
  type Json,
  type Lane,
  type ModuleScope,
  type ScopeDefinition,
  type Scopes,
} from './words.ts'

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
  /** Who asked for it, where the actor has only approved it (by their PIN, at a colleague's till). Evidence. */
  readonly approvedFor?: string | null
  readonly deviceId: string | null
  readonly lane: Lane
  /** The device's clock, as evidence. */
  readonly occurredAt: Date
  /** What the device knew its clock to be ahead of the server's by; null or left out: it did not know. */
  readonly clockSkewMs?: number | null
  /** The server's clock. */
  readonly at: Date
  /**
   * When it happened, for business rows: the device's time, put right by what it knew of its error, or the server's where
   * that lies in the future (EC-OS-05).
   */
  readonly happenedAt: Date
  /** Its place in its device's chain; null or left out: it came without one. Evidence: nothing is decided by it. */
  readonly link?: { readonly chain: string; readonly deviceSeq: number; readonly link: string } | null
  /** The actor's signature, where one came with it, and the hash that it signs. */
  readonly proof?: ActorProof | null
}

/** Both lower-case hex. `payloadHash` is the operation's own: a hash that does not fit is a fault before this matters. */
export type ActorProof = { readonly payloadHash: string; readonly actorProof: string }

export type AuditEntry = { readonly name: string; readonly data?: Record<string, Json> }

type Results = Record<string, Json>

export type Accepted<Result = Results> = {
  readonly accepted: true
  readonly writes: readonly Write[]
  readonly audit: readonly AuditEntry[]
  readonly result: Result
  /** The same intent was applied before under another key: nothing is written, the result is the earlier one. */
  readonly duplicate?: boolean
}
export type Rejected = {
  readonly accepted: false
  /** One of the engine's or of the modules' codes. */
  readonly code: string
  readonly message: string
  readonly details?: Json
}
/** `Result`: what whoever sent it is told. */
export type Decision<Result = Results> = Accepted<Result> | Rejected

export const accept = <Result extends Results>(what: {
  writes: readonly Write[]
  audit?: readonly AuditEntry[]
  result: Result
}): Accepted<Result> => ({ accepted: true, audit: [], ...what })

export const alreadyApplied = <Result extends Results>(result: Result): Accepted<Result> => ({
  accepted: true,
  writes: [],
  audit: [],
  result,
  duplicate: true,
})

/** Where a step may fail on the way to a decision: whether it has, already. */
export const isDecision = (value: object): value is Decision => 'accepted' in value

/** `message` is one plain sentence for the person at the till. */
export const reject = (code: string, message: string, details?: Json): Rejected => ({
  accepted: false,
  code,
  message,
  details,
})

export type OperationDefinition<
  Payload = unknown,
  Permission extends string = string,
  Type extends string = string,
  Offline extends boolean = boolean,
  Result = Results,
> = {
  readonly type: Type
  /** One sentence for integrators: what it does. */
  readonly description: string
  readonly payload: ZodMiniType<Payload>
  /** Whether a queue may replay it; the direct lane takes all. */
  readonly offline: Offline
  readonly scope: 'branch' | 'tenant'
  /** Of the whole tenant, but about one branch, which may not be there yet: the direct lane asks for it. */
  readonly takesBranch?: boolean
  /** Its field in the direct lane, where that is not its type's name (naming.ts). */
  readonly mutation?: string
  /** The permission it takes; no operation without one. */
  readonly permission: Permission | ((payload: Payload) => Permission)
  /** Operations of its device that will never come, as it says: once it is applied, their numbers are not missing. */
  readonly givesUp?: (payload: Payload) => readonly GivenUp[]
  /** Only from a device that says which it is: from any other it would keep out whoever asks for it. */
  readonly fromDevice?: (payload: Payload) => boolean
  /** Runs on a frozen branch too (only unfreezing does). */
  readonly onFrozen?: boolean
  /** Slow work before the transaction (hashing a PIN), once it is allowed; what it returns replaces the payload for `decide`. */
  readonly prepare?: (payload: Payload, op: Operation) => Promise<Payload>
  /** Fields of the payload, in whatever depth, whose values are kept nowhere: secrecy.ts. Not of what may be queued. */
  readonly secrets?: readonly string[]
  /** The rows it needs; stages after the first may look at what the earlier ones found. */
  readonly reads: readonly ((op: Operation<Payload>, state: State) => readonly Read[])[]
  /** Keys of other operations, whose verdicts its decider, and what rides on it, find in the state (`verdictOf`). */
  readonly asksAbout?: (payload: Payload) => readonly string[]
  /** Pure: from the state and the operation to rows, audit and result, or to a rejection. */
  readonly decide: (state: State, op: Operation<Payload>) => Decision<Result>
}
// biome-ignore lint/suspicious/noExplicitAny: definitions of any payload are kept in one registry
export type AnyOperationDefinition = OperationDefinition<any, any, string, boolean, any>

export const defineOperation = <
  Payload,
  const Permission extends string,
  const Type extends string = string,
  const Offline extends boolean = boolean,
  Result extends Results = Results,
>(
  definition: OperationDefinition<Payload, Permission, Type, Offline, Result>,
): typeof definition => definition

/**
 * What a module adds to operations of others, in the same transaction. On the gateway alone: a till decides without it. It
 * never changes a decision.
 */
export type Rider = {
  readonly types: readonly string[]
  /** As an operation's own, stage by stage beside them. */
  readonly reads: readonly ((op: Operation, state: State) => readonly Read[])[]
  /** Rows beside those of the decision; `state` is as it was before it. */
  readonly rides: (state: State, op: Operation, decision: Accepted) => readonly Write[]
}

/** What is kept of a verdict: `rejected` now (null: applied), where it `was` rejected before; `sound`: its payload has been read. */
export type Kept = {
  readonly op: Operation
  readonly rejected: Rejected | null
  readonly was: { readonly code: string | null; readonly message: string | null } | null
  readonly deviceSeq: number | null
  readonly sound: boolean
}

/** Sentences about names of the schema, for whoever reads it: of types, of fields (`Type.field`, or wherever its name stands). */
export type Glossary = Readonly<Record<string, string>>

/** What a module is: one folder, and one line where the gateway's modules are listed. docs/modules.md. */
export type ModuleDefinition<Reads = unknown, Permission extends string = string> = {
  readonly name: string
  /** The domains that clients pull, by name. */
  readonly scopes?: Scopes<Permission>
  /** What its people are given leave for, each with who has it: in the gate's words. */
  readonly permissions?: Readonly<Record<Permission, string>>
  /** Why its operations are refused, beside the engine's reasons, each in one plain sentence. */
  readonly codes?: Readonly<Record<string, string>>
  /** The names of what it writes into the audit trail. */
  readonly audits?: readonly string[]
  readonly tables: readonly AnyTable[]
  // biome-ignore lint/suspicious/noExplicitAny: operations of any payload are kept in one list
  readonly operations: readonly OperationDefinition<any, Permission, string, boolean, any>[]
  readonly riders?: readonly Rider[]
  /** What it writes of each operation that is rejected for good, and of each that is applied after it was: rows that no stream tells. */
  readonly keeps?: (kept: Kept) => readonly Write[]
  /** Adds its typed reads to a schema, of whichever kind that is. */
  readonly reads?: Reads
  /** What its names mean in the schema, where a field does not say it itself: units above all. */
  readonly glossary?: Glossary
}

export const defineModule = <Reads, Permission extends string>(
  definition: ModuleDefinition<Reads, Permission>,
): ModuleDefinition<Reads, Permission> => definition

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
  /** Whether a role has a permission. */
  may: (role: string, permission: string) => boolean
}

/** What the modules come to, and what the engine asks of whoever put them together. */
export type Registry<Reads = unknown> = {
  readonly modules: readonly ModuleDefinition<Reads>[]
  readonly tables: readonly AnyTable[]
  readonly operations: ReadonlyMap<string, AnyOperationDefinition>
  readonly scopes: ReadonlyMap<ModuleScope, ScopeDefinition>
  /** Every code there is, with its plain sentence. */
  readonly codes: ReadonlyMap<string, string>
  readonly audits: ReadonlySet<string>
  readonly gate: Gate
  /** The hash of a payload that holds a secret, as it is kept: under a key, so that nobody tries secrets against it. */
  readonly keyedHash: (payloadHash: string) => string
  /** Names, in lower case, of all fields that hold secrets. */
  readonly secrets: ReadonlySet<string>
  /** Turns an accepted operation's audit entries into rows. */
  readonly audit: (op: Operation, entries: readonly AuditEntry[]) => readonly Write[]
  /** What the modules keep of verdicts. */
  readonly keeps: (kept: Kept) => readonly Write[]
  /** The table whose new rows are new branches: writing one opens its stream. */
  readonly branchTable: AnyTable
}

/** What each module gives of one kind, in one map; a name that two of them give is an error. */
function together<Value>(
  what: string,
  given: Iterable<readonly [name: string, value: Value]>,
): Map<string, Value> {
  const all = new Map<string, Value>()
  for (const [name, value] of given) {
    if (all.has(name)) throw new Error(`the ${what} ${name} is defined twice`)
    all.set(name, value)
  }
  return all
}

/** Who has each permission of these modules. */
export const grantsOf = (modules: readonly ModuleDefinition[]): Readonly<Record<string, string>> =>
  Object.fromEntries(
    together(
      'permission',
      modules.flatMap(({ permissions = {} }) => Object.entries(permissions)),
    ),
  )

/** The operation with what rides on it. */
function ridden(definition: AnyOperationDefinition, riders: readonly Rider[]): AnyOperationDefinition {
  const mine = riders.filter(({ types }) => types.includes(definition.type))
  if (mine.length === 0) return definition
  const all = [definition, ...mine]
  const stages = Math.max(...all.map(({ reads }) => reads.length))
  return {
    ...definition,
    reads: Array.from(
      { length: stages },
      (_, stage) => (op: Operation, state: State) =>
        all.flatMap(({ reads }) => reads[stage]?.(op, state) ?? []),
    ),
    decide(state, op) {
      const decision = definition.decide(state, op)
      if (!decision.accepted) return decision
      const writes = mine.flatMap(({ rides }) => rides(state, op, decision))
      return { ...decision, writes: [...decision.writes, ...writes] }
    },
  }
}

/** Puts modules together. Throws where they do not fit: a gateway of such modules does not start. */
export function createRegistry<Reads>(
  parts: Pick<Registry<Reads>, 'modules' | 'gate' | 'keyedHash' | 'audit' | 'branchTable'>,
): Registry<Reads> {
  const { modules } = parts
  const riders = modules.flatMap((module) => module.riders ?? [])
  const keepers = modules.flatMap(({ keeps }) => (keeps ? [keeps] : []))
  const registry: Registry<Reads> = {
    ...parts,
    keeps: (kept) => keepers.flatMap((keep) => keep(kept)),
    tables: modules.flatMap(({ tables }) => tables),
    operations: together(
      'operation',
      modules.flatMap((module) =>
        module.operations.map((operation) => [operation.type, ridden(operation, riders)] as const),
      ),
    ),
    scopes: together(
      'scope',
      modules.flatMap(({ scopes = {} }) => Object.entries(scopes)),
    ),
    codes: together(
      'code',
      [engineCodes, ...modules.map(({ codes = {} }) => codes)].flatMap((codes) => Object.entries(codes)),
    ),
    audits: new Set(modules.flatMap(({ audits = [] }) => audits)),
    secrets: new Set(
      modules.flatMap(({ operations }) =>
        operations.flatMap(({ secrets = [] }) => secrets.map((name) => name.toLowerCase())),
      ),
    ),
  }
  const unridden = riders.flatMap(({ types }) => types).find((type) => !registry.operations.has(type))
  if (unridden) throw new Error(`something rides on ${unridden}, which is no operation`)
  together(
    'module',
    modules.map(({ name }) => [name, name] as const),
  )
  checkTables(registry)
  checkScopes(registry)
  checkPermissions(registry)
  checkSecrets(registry)
  return registry
}

/** Each column of a key has to be one of the table's, or all rows have one key. */
function checkTables({ tables }: Registry): void {
  together(
    'table',
    tables.map(({ name }) => [name, name] as const),
  )
  for (const { name, key, columns } of tables) {
    const missing = key.find((column) => !Object.hasOwn(columns, column))
    if (missing) throw new Error(`the key of the table ${name} has ${missing}, which is none of its columns`)
  }
}

/** Scopes stand in SQL, in cursors and in the schema; GraphQL allows no more. */
const scopeName = /^[A-Z][A-Z0-9_]*$/
/** Each is a branch of every pull's SQL. */
const maxScopes = 64

function checkScopes({ scopes, tables }: Registry): void {
  const wrong = [...scopes.keys()].find((name) => !scopeName.test(name))
  if (wrong) throw new Error(`the scope ${wrong} is not of capitals, digits and underscores`)
  if (scopes.size > maxScopes) throw new Error(`there are more than ${maxScopes} scopes`)
  const kinds = new Set<string>()
  for (const { kind, module, owner } of tables.flatMap(({ change }) => (change ? [change] : []))) {
    if (kinds.has(kind)) throw new Error(`two tables feed the entity kind ${kind}`)
    kinds.add(kind)
    const scope = scopes.get(module)
    if (!scope) throw new Error(`the entity kind ${kind} is in the scope ${module}, which no module has`)
    if (owner && !scope.readAll) throw new Error(`${kind} has owners, but nobody may read all of ${module}`)
  }
}

/** What waits in a queue lies open on its device, and its hash in the device's chain. */
function checkSecrets({ operations }: Registry): void {
  const queued = [...operations.values()].find(({ offline, secrets }) => offline && secrets)
  if (queued) throw new Error(`${queued.type} holds secrets, and cannot be queued`)
}

function checkPermissions({ modules, scopes, operations }: Registry): void {
  const granted = grantsOf(modules)
  const open = [...operations.values()].find(({ permission }) => !permission)
  if (open) throw new Error(`the operation ${open.type} names no permission that it takes`)
  const needed = [
    ...enginePermissions,
    ...[...scopes.values()].flatMap(({ read, readAll = read }) => [read, readAll]),
    ...[...operations.values()].flatMap(({ permission }) =>
      typeof permission === 'string' ? [permission] : [],
    ),
  ]
  const nobodys = needed.find((permission) => !Object.hasOwn(granted, permission))
  if (nobodys) throw new Error(`no module says who has the permission ${nobodys}`)
}
