/**
 * What a till does with a module, said once in the module's `till.ts`, as its gateway's side is in its `index.ts`: what it
 * is asked, and when, is in docs/client.md (*Modules*). Pure: no GraphQL, no SQL, no platform.
 */
import type {
  AnyOperationDefinition,
  Decision,
  Gate,
  Operation,
  OperationDefinition,
  Rejected,
} from './module.ts'
import type { State } from './state.ts'
import type { AnyRow, AnyTable, Columns, Read, RowOf, Table, Write } from './table.ts'
import type { Json, ModuleScope, Scopes } from './words.ts'

/** A value as it travels in JSON: times are ISO 8601 texts. */
export type Wire<T> = T extends Date
  ? string
  : T extends readonly (infer Each)[]
    ? Wire<Each>[]
    : T extends object
      ? { [K in keyof T]: Wire<T[K]> }
      : T

/** What is known on a device of its branch: what was pulled, with the effect of what waits on top. */
export type Known = {
  readonly branchId: string
  /** The branch has been loaded as a whole once: what is missing here does not exist. */
  readonly isWhole: boolean
  // biome-ignore lint/suspicious/noExplicitAny: an entity of any kind; `known` and `someKnown` have its type
  get(kind: string, id: string): any
  ids(kind: string): Iterable<string>
}

// biome-ignore lint/suspicious/noExplicitAny: of any columns and kind
type Feeds<Payload extends object> = Table<any, any, Payload>

/** The entity of a table, if it is known. */
export const entityOf = <Payload extends object>(
  known: Known,
  table: Feeds<Payload>,
  id: string,
): Wire<Payload> | undefined => known.get(table.change!.kind, id)

/** Whether an entity of a table is known of which this holds. */
export function someEntity<Payload extends object>(
  known: Known,
  table: Feeds<Payload>,
  holds: (entity: Wire<Payload>) => boolean,
): boolean {
  const { kind } = table.change!
  for (const id of known.ids(kind)) {
    const entity = known.get(kind, id)
    if (entity && holds(entity)) return true
  }
  return false
}

// -- what operations build on --------------------------------------------------------------------------------------

/** Something that operations build on, and that their payloads name in a field of the same name. */
export type Thing = {
  /** Of the entities that are such things. */
  readonly kind: string
  readonly field: string
  /** What used one that is no use any more may be sent to another, that takes it. */
  readonly moves?: {
    /** What a person calls it. */
    readonly name: string
    // biome-ignore lint/suspicious/noExplicitAny: an entity of the kind
    readonly takes: (entity: any) => boolean
    readonly refusal: Rejected
  }
  /**
   * No pull brings it where the device's token may not read it, so it is kept as its own operation left it, until the
   * gateway refuses one of them by one of these codes: it has gone on elsewhere.
   */
  readonly keptUntil?: readonly string[]
}

export const thing = <Payload extends object>(
  table: Feeds<Payload>,
  field: string,
  how: {
    moves?: { name: string; takes: (entity: Wire<Payload>) => boolean; refusal: Rejected }
    keptUntil?: readonly string[]
  } = {},
): Thing => ({ kind: table.change!.kind, field, ...how })

// -- operations ----------------------------------------------------------------------------------------------------

/** What a till has to know of an operation that it decides itself. */
export type OnTill<Payload> = {
  /** What uses a thing depends on what made it; what ends one on all that made or used it. */
  readonly makes?: readonly Thing[]
  readonly uses?: readonly Thing[]
  readonly ends?: readonly Thing[]
  /** The scopes in which one sees what it did; left out: those of its module. */
  readonly seenIn?: readonly ModuleScope[]
  /** Of what something must be known before it may be queued, and what to do where it is not (FR-5). */
  readonly needs?: { readonly tables: readonly AnyTable[]; readonly message: string }
  /** Why nobody could do it now, whatever its payload: for buttons. */
  readonly blocked?: (known: Known) => Rejected | null
  /** What is not recorded any more, although it is decided otherwise where it was recorded before. */
  readonly check?: (known: Known, payload: Payload) => Rejected | null
  /** Codes by which its decider says that this device does not know enough, and what to take it for then. */
  readonly atItsWord?: {
    readonly codes: readonly string[]
    readonly decide: (
      state: State,
      op: Operation<Payload>,
      look: (reads: readonly Read[]) => void,
    ) => Decision
  }
  /** Steps from each older version of its payload to the next, the first version's first. Pure. */
  // biome-ignore lint/suspicious/noExplicitAny: payloads of old versions have no types any more
  readonly upcasts?: readonly { readonly name: string; readonly up: (payload: any) => any }[]
}

// biome-ignore lint/suspicious/noExplicitAny: of any payload
export type LocalOperation<Definition = AnyOperationDefinition> = OnTill<any> & {
  readonly definition: Definition
}

/** An operation that a till checks, decides and (where it is `offline`) queues itself. */
export const local = <
  Payload,
  Permission extends string,
  Type extends string,
  Offline extends boolean,
  Result extends Record<string, Json>,
>(
  definition: OperationDefinition<Payload, Permission, Type, Offline, Result>,
  how: OnTill<Payload> = {},
): LocalOperation<typeof definition> => ({ definition, ...how })

/** How an operation that only a connection can do is asked for: its decider stays out of the till. */
export type OnlineOperation<Payload = unknown> = {
  readonly of: 'branch' | 'tenant'
  readonly hasInput: boolean
  readonly mutation?: string
  /** Never there; carries the type. */
  readonly payload?: Payload
}

export const online = <Payload>(
  of: 'branch' | 'tenant',
  how: { hasInput?: boolean; mutation?: string } = {},
): OnlineOperation<Payload> => ({ of, hasInput: true, ...how })

// -- entities and rows ---------------------------------------------------------------------------------------------

/** How an entity is a row again, as far as a device needs it: what the feed does not carry decides nothing here. */
export type RowSource = {
  readonly table: AnyTable
  /** Of the entities that it is made from; left out: of none, it is taken for granted. */
  readonly kind?: string
  /** The column that holds the entity's id. */
  readonly id?: string
  // biome-ignore lint/suspicious/noExplicitAny: entities of any kind
  readonly row: (id: string, entity: any, known: Known) => AnyRow
  /** Of what is taken for granted. */
  readonly given?: (values: readonly unknown[]) => AnyRow
}

export type TillEntity<Kind extends string = string, Shown = unknown> = {
  readonly kind: Kind
  readonly table: AnyTable
  readonly source?: RowSource
  // biome-ignore lint/suspicious/noExplicitAny: an entity of the kind
  readonly together?: boolean | ((entity: any) => boolean)
  readonly settles?: boolean
  // biome-ignore lint/suspicious/noExplicitAny: an entity of the kind
  readonly provisional?: (entity: any) => any
  /** Never there; carries the type. */
  readonly shown?: Shown
}

type OfEntity<C extends Columns, Payload extends object> = {
  /** It is of no use without others: while pages come, it stays as it was until all of them are there. */
  together?: boolean | ((entity: Wire<Payload>) => boolean)
  /** Its id is the key of an operation that was refused, and that somebody has dealt with elsewhere: it leaves what failed. */
  settles?: boolean
  /** Where deciders look at it. The id is the last column of its key. */
  row?: (id: string, entity: Wire<Payload>, known: Known) => RowOf<C>
}

/** What is shown of a table's feed. `provisional`: of what an operation makes, until the gateway has decided it. */
export function entity<C extends Columns, const Kind extends string, Payload extends object, Shown>(
  table: Table<C, Kind, Payload>,
  how: OfEntity<C, Payload> & { provisional: (entity: Wire<Payload>) => Shown },
): TillEntity<Kind, Shown>
export function entity<C extends Columns, const Kind extends string, Payload extends object>(
  table: Table<C, Kind, Payload>,
  how?: OfEntity<C, Payload>,
): TillEntity<Kind, Wire<Payload>>
export function entity(table: AnyTable, { row, ...how }: OfEntity<Columns, object> = {}): TillEntity {
  const { kind } = table.change!
  return { kind, table, ...how, ...(row ? { source: { table, kind, id: table.key.at(-1)!, row } } : {}) }
}

/** Rows of a table without a feed of its own, from the entities of another. `id`: the column that holds their ids. */
export const rowsFrom = <C extends Columns, Payload extends object>(
  from: Feeds<Payload>,
  table: Table<C>,
  id: keyof C & string,
  row: (id: string, entity: Wire<Payload>, known: Known) => RowOf<C>,
): RowSource => ({ table, kind: from.change!.kind, id, row })

/** Rows that no stream carries, and that a device takes for granted: the gateway looks again. `values`: what is looked for. */
export const granted = <C extends Columns>(
  table: Table<C>,
  given: (values: readonly unknown[]) => RowOf<C>,
): RowSource => ({ table, given, row: () => ({}) })

// -- a module ------------------------------------------------------------------------------------------------------

/** Who works here: one of the modules says it. */
export type TillPeople = {
  /** The type of their roles alone. */
  readonly role?: string
  readonly table: AnyTable
  /** Whether a person may do a thing, by who has which permission. */
  readonly gate: (grants: Readonly<Record<string, string>>) => Gate
  /** Whoever is not known yet, and may do anything: the gateway looks again. */
  readonly stranger: (op: Operation) => Write
}

/** An operation of this device's queue that somebody gives up. */
export type Discarded = {
  readonly clientOpId: string
  readonly type: string
  readonly actorId: string
  readonly occurredAt: string
  readonly payload: Json
  readonly payloadHash: string
  readonly deviceSeq: number
  readonly chain?: { readonly prev: string; readonly madeAs: string }
}

export type TillModule = {
  readonly name: string
  readonly scopes?: Scopes
  readonly permissions?: Readonly<Record<string, string>>
  /** Why its operations are refused: the type alone (`typeOnly`), as the sentences come from the gateway. */
  readonly codes?: string
  /** Its scopes are as large as the business, however much it has done, and work needs them: they are pulled first. */
  readonly first?: boolean
  readonly operations?: readonly LocalOperation[]
  readonly online?: Readonly<Record<string, OnlineOperation>>
  readonly entities?: readonly TillEntity[]
  readonly rows?: readonly RowSource[]
  readonly people?: TillPeople
  /** What is queued for one that is given up, so that the gateway hears of it: of one of the modules at most. */
  readonly discards?: {
    readonly type: string
    readonly payload: (operation: Discarded, reason: string) => object
  }
}

export const defineTillModule = <const Module extends TillModule>(module: Module): Module => module

/** A type where a value is asked for; there is none. */
export const typeOnly = <T>(): T => undefined as T
