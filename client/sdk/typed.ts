/**
 * What an app's types are, from the modules that it was made with: the café's, or those that an app of its own modules has
 * registered:
 *
 *   declare module 'modula-sync/client' { interface Register { modules: typeof modules } }
 */
import type * as z from 'zod/mini'
import type { OnlineOperation, TillModule } from '../../src/sync/till.ts'
import type { EngineCode, Json } from '../../src/sync/words.ts'
import type { cafeTill } from './cafe.ts'
import type {
  FailedOperation as AnyFailed,
  Person as AnyPerson,
  QueuedOperation as AnyQueued,
  Status as AnyStatus,
  Verdict as AnyVerdict,
} from './words.ts'

export type TillModules = readonly TillModule[]
export type Cafe = typeof cafeTill

/** Where an app says which modules its client has. */
// biome-ignore lint/suspicious/noEmptyInterface: it is for others to fill
export interface Register {}
export type Registered = Register extends { modules: infer Modules extends TillModules } ? Modules : Cafe

// -- by module -----------------------------------------------------------------------------------------------------

type DefinitionIn<Module> = Module extends { operations: readonly (infer Each)[] }
  ? Each extends { definition: infer Definition }
    ? Definition
    : never
  : never
type OnlineIn<Module> = Module extends { online: infer Online } ? Online : never
type EntityIn<Module> = Module extends { entities: readonly (infer Each)[] } ? Each : never
type ScopeIn<Module> = Module extends { scopes: infer Scopes } ? keyof Scopes & string : never
type CodeIn<Module> = Module extends { codes: infer Code } ? Code & string : never
type RoleIn<Module> = Module extends { people: { role: infer Role } } ? Role & string : never

type Typed = { type: string; payload: z.ZodMiniType; offline: boolean; decide: (...of: never[]) => unknown }
type DefinitionOf<M extends TillModules> = Extract<DefinitionIn<M[number]>, Typed>
type KindOf<Each> = Each extends { kind: infer Kind extends string } ? Kind : never
type KeyOf<Each> = Each extends object ? keyof Each & string : never
type PayloadIn<Each, Type extends string> =
  Each extends Record<Type, OnlineOperation<infer Payload>> ? Payload : never

// -- what apps write -----------------------------------------------------------------------------------------------

/** What can be pulled. */
export type ModuleScope<M extends TillModules = Registered> = ScopeIn<M[number]>

/** Why an operation was not applied, as far as these modules say it; a newer gateway may have other reasons. */
export type KnownCode<M extends TillModules = Registered> = EngineCode | CodeIn<M[number]>
export type Code<M extends TillModules = Registered> = KnownCode<M> | (string & {})

/** What a branch's stream carries, by kind, as it is shown. */
export type EntityPayloads<M extends TillModules = Registered> = {
  [Each in EntityIn<M[number]> as KindOf<Each>]: Each extends { shown?: infer Shown }
    ? NonNullable<Shown>
    : never
}
export type EntityKind<M extends TillModules = Registered> = keyof EntityPayloads<M> & string
/** `pending`: an operation that is not confirmed yet has made or changed it. The same object until it changes. */
export type Entity<Kind extends string = EntityKind, M extends TillModules = Registered> = Readonly<
  EntityPayloads<M>[Kind & EntityKind<M>] & { id: string; pending: boolean }
>

/** Fields that must be equal, or a function that says which. */
export type Where<Kind extends EntityKind<M>, M extends TillModules = Registered> =
  | Partial<Entity<Kind, M>>
  | ((entity: Entity<Kind, M>) => boolean)

/** What a queue may carry. */
export type OfflinePayloads<M extends TillModules = Registered> = {
  [Each in DefinitionOf<M> as Each['offline'] extends true ? Each['type'] : never]: z.output<Each['payload']>
}
export type OfflineType<M extends TillModules = Registered> = keyof OfflinePayloads<M> & string

/** What takes a connection, and all of the above. */
export type OnlinePayloads<M extends TillModules = Registered> = {
  [Each in DefinitionOf<M> as Each['type']]: z.output<Each['payload']>
} & { [Type in KeyOf<OnlineIn<M[number]>>]: PayloadIn<OnlineIn<M[number]>, Type> }
export type OnlineType<M extends TillModules = Registered> = keyof OnlinePayloads<M> & string

/** What whoever sent an operation is told of it where it was applied; of what a till does not decide: any JSON. */
export type ResultOf<Type extends string, M extends TillModules = Registered> =
  Extract<DefinitionOf<M>, { type: Type }> extends { decide: (...of: never[]) => infer Decision }
    ? Extract<Decision, { accepted: true }> extends { result: infer Result }
      ? Result
      : Json
    : Json

/** The gateway's word on an operation: with its result where it was applied. */
export type Verdict<Type extends string = string, M extends TillModules = Registered> = Omit<
  AnyVerdict,
  'status' | 'code' | 'result'
> &
  (
    | { status: 'APPLIED'; code: null; result: ResultOf<Type, M> }
    | { status: 'REJECTED' | 'DEFERRED'; code: Code<M> | null; result: null }
  )

/** One for each type that a queue may carry, as it is kept: `type` tells which payload it has. */
export type QueuedOperation<M extends TillModules = Registered> = {
  [Type in OfflineType<M>]: Omit<AnyQueued, 'type' | 'payload' | 'verdict'> & {
    type: Type
    payload: OfflinePayloads<M>[Type]
    verdict: Verdict<Type, M> | null
  }
}[OfflineType<M>]

/** The same of what was refused. */
export type FailedOperation<M extends TillModules = Registered> = {
  [Type in OfflineType<M>]: Omit<AnyFailed, 'type' | 'payload' | 'code'> & {
    type: Type
    payload: OfflinePayloads<M>[Type]
    code: Code<M>
  }
}[OfflineType<M>]

export type Status<M extends TillModules = Registered> = Omit<AnyStatus, 'failed'> & {
  failed: FailedOperation<M>[]
}

/** Somebody who has signed in on this device. */
export type Person<M extends TillModules = Registered> = Omit<AnyPerson, 'role'> & { role: RoleIn<M[number]> }
