/**
 * The modules of a till, put together: what the SDK asks of them stands here, and nothing of what they answer. What does
 * not fit together is a TypeError: no client is made of it.
 */
import type { AnyOperationDefinition } from '../../../src/sync/module.ts'
import type { AnyRow, AnyTable, Change } from '../../../src/sync/table.ts'
import type {
  Known,
  LocalOperation,
  RowSource,
  Thing,
  TillEntity,
  TillModule,
} from '../../../src/sync/till.ts'
import type { Json, ModuleScope, ScopeDefinition } from '../../../src/sync/words.ts'
import type { Upcast } from '../api.ts'
import type { Mutation } from '../transport/direct.ts'

/** What an operation does to a thing. */
export type Role = 'makes' | 'uses' | 'ends'
const roles: readonly Role[] = ['makes', 'uses', 'ends']

// biome-ignore lint/suspicious/noExplicitAny: of any row
type AnyChange = Change<any>
const nothing: Known = { branchId: '', isWhole: false, get: () => undefined, ids: () => [] }

export type Modules = ReturnType<typeof createModules>

export function createModules(given: readonly TillModule[]) {
  const scopes = together<ScopeDefinition>('scope', given, ({ scopes = {} }) => Object.entries(scopes))
  const operations = together<ModuleOperation>('operation', given, (module) =>
    (module.operations ?? []).map((each) => [each.definition.type, { ...each, module }]),
  )
  const online = together('operation', given, (module) => Object.entries(module.online ?? {}))
  const entities = together<TillEntity>('entity kind', given, (module) =>
    (module.entities ?? []).map((each) => [each.kind, each]),
  )
  const grants = together<string>('permission', given, (module) => Object.entries(module.permissions ?? {}))
  const [people, another] = given.flatMap((each) => each.people ?? [])
  if (!people || another) throw new TypeError('createSyncClient: one of the modules must say who works here')
  const [discards, otherDiscards] = given.flatMap((each) => each.discards ?? [])
  if (otherDiscards)
    throw new TypeError('createSyncClient: two modules say what is queued for what is given up')
  const { may, ...gate } = people.gate(Object.fromEntries(grants))

  return {
    people: { ...people, kind: people.table.change!.kind as string },
    gate,
    may,

    /** What the gateway is told of one that is given up; undefined: nothing. */
    discards,

    /** How the direct lane has it; of what no module knows: as most are. */
    mutation(type: string): Mutation {
      const here = operations.get(type)?.definition
      return here ? mutationOf(here) : { type, of: 'branch', hasInput: true, ...online.get(type) }
    },

    ...ofOperations(operations),
    ...ofEntities(entities, given),
    ...ofScopes(scopes, given, may),
  }
}

type ModuleOperation = LocalOperation & { module: TillModule }

function ofOperations(operations: ReadonlyMap<string, ModuleOperation>) {
  return {
    operation: (type: string) => operations.get(type),

    /** Steps from older versions of payloads. */
    upcasts: [...operations.values()].flatMap(({ definition: { type }, upcasts = [] }) =>
      upcasts.map((step, i): Upcast => ({ type, from: i + 1, ...step })),
    ),

    /** Where the effects of an operation are seen. */
    scopesTouchedBy(type: string): readonly ModuleScope[] {
      const operation = operations.get(type)
      return operation?.seenIn ?? Object.keys(operation?.module.scopes ?? {})
    },

    /** What an operation makes, uses and ends, with the id that its payload gives. */
    thingsOf({ type, payload }: { type: string; payload: Json }): { role: Role; thing: Thing; id: string }[] {
      const operation = operations.get(type)
      if (!operation) return []
      const named = payload as { [name: string]: Json }
      return roles.flatMap((role) =>
        // A queue from another app may have its keys in capitals; the gateway reads them in small letters.
        (operation[role] ?? []).map((thing) => ({
          role,
          thing,
          id: String(named[thing.field]).toLowerCase(),
        })),
      )
    },
  }
}

function ofEntities(entities: ReadonlyMap<string, TillEntity>, given: readonly TillModule[]) {
  const sources = new Map<AnyTable, RowSource>(
    [
      ...[...entities.values()].flatMap(({ source }) => source ?? []),
      ...given.flatMap(({ rows = [] }) => rows),
    ].map((each) => [each.table, each]),
  )

  /** What its table says of the row that an entity is made from. */
  function fromRow<T>(kind: string, id: string, payload: Json, ask: (change: AnyChange, row: AnyRow) => T) {
    const { source, table } = entities.get(kind) ?? {}
    return (source && table && ask(table.change!, source.row(id, payload, nothing))) ?? null
  }

  return {
    kinds: [...entities.keys()],
    scopeOf: (kind: string): ModuleScope | undefined => entities.get(kind)?.table.change?.module,
    source: (table: AnyTable) => sources.get(table),

    /** Whether its ids are keys that devices have made; those of a catalogue may be any text. */
    isKeyed(kind: string): boolean {
      const table = entities.get(kind)?.table
      return table?.columns[table.key.at(-1) ?? '']?.sql === 'uuid'
    },

    /** Whether it is of no use without others, as it is or was. */
    hangsTogether(kind: string, payloads: readonly (Json | undefined)[]): boolean {
      const { together = false } = entities.get(kind) ?? {}
      return typeof together === 'function' ? payloads.some((each) => each && together(each)) : together
    },

    /** Whether it says that an operation of its id, which was refused, was dealt with elsewhere. */
    settles: (kind: string): boolean => entities.get(kind)?.settles === true,

    /** As it is shown until the gateway has decided. */
    provisional: (kind: string, payload: Json): Json => entities.get(kind)?.provisional?.(payload) ?? payload,

    /** Whose own it is; null: nobody's. */
    ownerOf: (kind: string, id: string, payload: Json): string | null =>
      fromRow(kind, id, payload, ({ owner }, row) => owner?.(row)),

    /** When it was finished, in milliseconds of 1970, as far as it says so itself; null: it goes on. */
    finishedAt: (kind: string, id: string, payload: Json): number | null =>
      fromRow(kind, id, payload, ({ finishedAt }, row) => finishedAt?.(row)?.getTime()),
  }
}

function ofScopes(
  scopes: ReadonlyMap<string, ScopeDefinition>,
  given: readonly TillModule[],
  may: (role: string, permission: string) => boolean,
) {
  const first = new Set(given.flatMap((module) => (module.first ? Object.keys(module.scopes ?? {}) : [])))
  return {
    /** What can be pulled. */
    scopes: [...scopes.keys()],

    mayRead: (role: string, scope: ModuleScope | undefined) =>
      scope !== undefined && may(role, scopes.get(scope)?.read ?? ''),

    /** Those of these that work needs. */
    neededFirst: (some: readonly ModuleScope[]) => some.filter((scope) => first.has(scope)),
  }
}

function mutationOf({ type, mutation, scope, takesBranch, payload }: AnyOperationDefinition): Mutation {
  const hasInput = Object.keys((payload as { shape?: object }).shape ?? { any: true }).length > 0
  return { type, mutation, of: scope === 'branch' || takesBranch ? 'branch' : 'tenant', hasInput }
}

/** What each module gives of one kind, by name. */
function together<Value>(
  what: string,
  modules: readonly TillModule[],
  given: (module: TillModule) => Iterable<readonly [name: string, value: Value]>,
): Map<string, Value> {
  const all = new Map<string, Value>()
  for (const module of modules)
    for (const [name, value] of given(module)) {
      if (all.has(name)) throw new TypeError(`createSyncClient: two modules have the ${what} ${name}`)
      all.set(name, value)
    }
  return all
}
