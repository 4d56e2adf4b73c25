/**
 * The outside of the SDK: what an app holds in its hands.
 */
import type { Store } from './store/store.ts'
import type {
  Entity,
  EntityKind,
  ModuleScope,
  OfflinePayloads,
  OfflineType,
  OnlinePayloads,
  OnlineType,
  Person,
  QueuedOperation,
  Registered,
  Status,
  TillModules,
  Verdict,
  Where,
} from './typed.ts'
import type { Approval, Context } from './words.ts'

export type ClientOptions<M extends TillModules = Registered> = {
  /** What it knows how to do; left out: the café's. See docs/modules.md. */
  modules?: M
  /** Of GraphQL over HTTP. */
  url: string
  /** Of the socket for nudges; left out: `url` with ws: or wss:. */
  subscriptionUrl?: string
  store: Store
  /** Left out: made once, and kept in the store. */
  deviceId?: string
  /**
   * The token of whoever is signed in, or null. Asked when one is needed, and again (`refused`) when the last one was
   * not taken. Left out: the tokens of the people who signed in by `client.people`.
   */
  getToken?: (asked: { refused: string | null }) => Promise<string | null>
  /** Who works where; null: nobody. Left out: as the store remembers it. */
  context?: Context | null
  /** What this device wants to know; with the tokens of `client.people`, less what the person's role may not read. */
  moduleScopes?: readonly ModuleScope<M>[]
  /** Steps that bring old payloads up to date, beside the modules' own. */
  upcasts?: readonly Upcast[]
  /** Shown to administrators, for support. */
  appVersion?: string
  /** Milliseconds between pulls while nothing nudges; 60,000 by default, moved by a fifth either way. */
  pullEveryMs?: number
  /** Changes in a page at most; 1,000 by default. On a slow line they are fewer, see docs/client.md. */
  pageSize?: number
  /** What the SDK needs of the world, for tests and for platforms without it. */
  environment?: Partial<Environment>
}

/** Whatever modules it has. */
export type AnyClientOptions = Omit<ClientOptions, 'modules' | 'moduleScopes'> & {
  modules?: TillModules
  moduleScopes?: readonly string[]
}

/** A named step from one version of a payload's shape to the next. Pure. */
export type Upcast = {
  type: string
  /** The version that it takes; it makes `from + 1`. */
  from: number
  name: string
  // biome-ignore lint/suspicious/noExplicitAny: payloads of old versions have no types any more
  up: (payload: any) => any
}

export type Environment = {
  fetch: typeof fetch
  WebSocket: typeof WebSocket
  now: () => Date
  newId: () => string
  /** From 0 up to 1. */
  random: () => number
  /** How slow a PIN is to try: rounds of PBKDF2 for what is sealed from now on (`pin.ts`). Tests need not wait. */
  pinRounds: number
  /** Web Locks, where there are any: one tab of a shared store leads. */
  locks: LockManager | undefined
  /** Messages between the tabs of a shared store. */
  openChannel: ((name: string) => BroadcastChannel) | undefined
  /** What the platform says of the network and of the app's being looked at; returns how to stop listening. */
  watchPlatform: (on: { online(): void; offline(): void; resume(): void }) => () => void
}

export type PerformOptions = {
  /** Given: an intent that has a key already, and may have been sent under it by another road. */
  clientOpId?: string
  /** When it happened on the device; left out: now. */
  occurredAt?: Date | string
  /** Whoever approved it does it, for whoever is at work; with their own proof. */
  approval?: Approval
}

export type OnlineOptions = {
  idempotencyKey?: string
  /** Another branch than the context's. */
  branchId?: string
  /** Whoever approved it does it, for whoever is at work; by their own token. */
  approval?: Approval
}

export type QueryOptions<Kind extends EntityKind<M>, M extends TillModules = Registered> = {
  where?: Where<Kind, M>
}

export interface SyncClient<M extends TillModules = Registered> {
  readonly deviceId: string
  readonly people: People<Person<M>>

  /** The same object until something in it changes. */
  status(): Status<M>
  /** Told after every change of the status; returns how to stop. */
  subscribe(listener: (status: Status<M>) => void): () => void
  /** Told of each verdict on an operation of the queue, once it is stored; returns how to stop. */
  onVerdict(listener: (verdict: Verdict<string, M>) => void): () => void

  /**
   * Queues an operation: checked, kept durably and shown locally before it resolves. Tries nothing online itself.
   * Throws OperationBlocked; nothing is kept then.
   */
  perform<Type extends OfflineType<M>>(
    type: Type,
    payload: OfflinePayloads<M>[Type],
    options?: PerformOptions,
  ): Promise<{ clientOpId: string }>

  /**
   * Why `perform` would be blocked, or null: for buttons. Looks at permissions and the state, not at a payload.
   * ACTION_NOT_PERMITTED can be approved by somebody who may.
   */
  blocked(type: OnlineType<M>): { code: string; message: string } | null

  /**
   * A direct mutation. Resolves to its verdict (also where that is REJECTED); throws Offline, or AnswerLost where it
   * may have been applied.
   */
  online<Type extends OnlineType<M>>(
    type: Type,
    input: OnlinePayloads<M>[Type],
    options?: OnlineOptions,
  ): Promise<Verdict<Type, M>>

  /** A query of the gateway's typed reads, with the device's token. Throws Offline or SyncFailed. */
  read<Data, Variables extends object>(
    document: Document<Data, Variables>,
    variables: Variables,
  ): Promise<Data>

  /** Pushes what waits, then pulls to the head. Resolves when both are done; throws Offline or SyncFailed. */
  sync(): Promise<void>

  /** What is known of the branch: what was pulled, and the effect of what is not confirmed yet. */
  query<Kind extends EntityKind<M>>(kind: Kind, options?: QueryOptions<Kind, M>): readonly Entity<Kind, M>[]
  get<Kind extends EntityKind<M>>(kind: Kind, id: string): Entity<Kind, M> | undefined
  /** Calls at once with what there is, then whenever that changes; returns how to stop. */
  watch<Kind extends EntityKind<M>>(
    kind: Kind,
    where: Where<Kind, M> | undefined,
    listener: (entities: readonly Entity<Kind, M>[]) => void,
  ): () => void

  /**
   * What the gateway has not answered yet, of the tenant that is signed in, in the order in which it is sent. The same
   * list until something in the queue changes.
   */
  waiting(): readonly QueuedOperation<M>[]

  /**
   * A short reference of an operation that is in the queue, for paper: `3F2A-17-9C01BD`, the device, its number and the
   * beginning of its link (docs/proof.md). Null: it is not there (any more).
   */
  referenceOf(clientOpId: string): string | null

  /** Ways out of FAILED. Each throws OperationBlocked where it is not one. */
  retry(clientOpId: string): Promise<void>
  /**
   * Sends it to another thing of the kind that it was to go into (a cash session: `{ cashSessionId }`), under a new key
   * but as the same sale or movement. For an opening that was refused: everything that was to go into its session.
   */
  reassign(clientOpId: string, to: Readonly<Record<string, string>>): Promise<{ clientOpId: string }>
  /** Gives it up, with a reason; takes a MANAGER or an ADMIN, or the approval of one. */
  discard(clientOpId: string, reason: string, options?: { approval?: Approval }): Promise<void>

  /** Signs somebody in (or, with null, out). What waits stays with its tenant and branch. */
  switchContext(context: Context | null): Promise<void>

  /** Everything that is not confirmed, of all tenants, as one JSON text. */
  exportQueue(): Promise<string>
  /** Reads such a text; what is here already is skipped. Throws OperationBlocked where it is none, and keeps nothing. */
  importQueue(text: string): Promise<{ imported: number; skipped: number }>

  /** Stops everything; what waits, waits in the store. */
  close(): Promise<void>
}

/** A GraphQL document as text, with its types (graphql-codegen's `TypedDocumentString` is one). */
export type Document<Data, Variables> = {
  toString(): string
  /** Never there; carries the types. */
  __apiType?: (variables: Variables) => Data
}

/** The people of this device, where the gateway issues its own tokens. */
export interface People<P = Person> {
  list(tenantId?: string): readonly P[]
  subscribe(listener: () => void): () => void
  /** Signs in at the gateway, and remembers the person and (as a slow hash) the PIN. Throws Offline or SyncFailed. */
  signIn(credentials: {
    tenantId: string
    staffCode: string
    pin: string
    /** Where the gateway says DEVICE_NOT_ENROLLED: what a manager has made for this device. */
    enrolmentCode?: string
  }): Promise<P>
  /**
   * Somebody who has signed in here before takes over, without a network if need be (with one, their token is renewed).
   * Throws SyncFailed: WRONG_PIN, TOO_MANY_ATTEMPTS, UNKNOWN_PERSON.
   */
  confirm(accountId: string, tenantId: string, pin: string): Promise<P>
  /**
   * Somebody else approves one act of whoever is at work, by their PIN, and nobody changes places: who has signed in here
   * before without a network if need be, anybody else (`staffCode` not known here) at the gateway. Throws as `confirm`.
   */
  approve(credentials: { tenantId: string; staffCode: string; pin: string }): Promise<Approval>
  /** Forgets the person's token; they stay in the list, to take over by PIN. */
  signOut(accountId: string, tenantId: string): Promise<void>
  /** Forgets the person altogether on this device. */
  forget(accountId: string, tenantId: string): Promise<void>
}
