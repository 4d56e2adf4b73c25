/**
 * What lies where in the store: keys and the shapes of the records.
 */
import * as z from 'zod/mini'
import { filled, id, time, uuid } from '../../../src/modules/primitives.ts'
import { isStorable } from '../../../src/sync/json-fault.ts'
import type { Context, Json, ModuleScope } from '../words.ts'
import type { Entry } from './store.ts'

const separator = '\u0000'
const key = (...parts: readonly string[]) => parts.join(separator)

/** One that a gateway and a store can keep. */
export const isId = (value: unknown) => id.safeParse(value).success && isStorable(value as string)

export const contextFields = ['tenantId', 'branchId', 'actorId'] as const
/** Of one that was left here; what is none is nobody, as nothing could be opened with it. */
export const readContext = (value: unknown): Context | null =>
  contextFields.every((name) => isId((value as Partial<Context> | null)?.[name])) ? (value as Context) : null

/** One branch of one tenant: the unit of pulling. */
export type StreamId = Pick<Context, 'tenantId' | 'branchId'>

export const keys = {
  deviceId: 'deviceId',
  context: 'context',
  position: 'position',
  writes: 'writes',
  deviceKey: 'deviceKey',
  actorKey: 'actorKey',
  shutOut: (tenantId: string) => key('shutOut', tenantId),
  deviceSeq: (tenantId: string) => key('deviceSeq', tenantId),
  chain: (tenantId: string) => key('chain', tenantId),
  streams: key('stream', ''),
  stream: ({ tenantId, branchId }: StreamId) => key('stream', tenantId, branchId),
  /** What was confirmed lately. */
  confirmed: ({ tenantId, branchId }: StreamId, clientOpId = '') =>
    key('confirmed', tenantId, branchId, clientOpId),
  confirmedOfAll: key('confirmed', ''),
  entity: ({ tenantId, branchId }: StreamId, kind: string, id: string) => key(tenantId, branchId, kind, id),
  entitiesOf: ({ tenantId, branchId }: StreamId) => `${key(tenantId, branchId)}${separator}`,
}

/** The end of this device's chain of a tenant (docs/proof.md). */
export type ChainHead = { id: string; deviceSeq: number; link: string }

/** Kind and id of an entity's key. */
export function entityOfKey(text: string): { kind: string; id: string } {
  const [, , kind = '', ...id] = text.split(separator)
  return { kind, id: id.join(separator) }
}

export function streamOfKey(text: string): StreamId {
  const [, tenantId = '', branchId = ''] = text.split(separator)
  return { tenantId, branchId }
}

/** How far a stream was pulled. */
export type StreamRecord = {
  /** null: the next pull is a bootstrap. */
  cursor: string | null
  /**
   * The stream's own mark: where it is another, the server was restored, or the stream made anew. Left out before the first
   * page, and by older versions.
   */
  epoch?: string | undefined
  /** Which rebuild of the local data it is; records of earlier ones go when it is complete. */
  generation: number
  /** The newest generation that is complete; null: the branch was never here as a whole. */
  complete: number | null
  /** Everything up to this `seq` is here. */
  pulledSeq: number
  /** ISO 8601; when the head was reached last. */
  syncedAt: string | null
  /** ISO 8601; when a page came last, whether or not it reached the head; left out by older versions. */
  pulledAt?: string
  /** Scopes of which not everything is here yet, with the generation in which their loading began. */
  loading?: Partial<Record<ModuleScope, number>>
  /** Scopes that have been here as a whole once; left out by older versions, which loaded all or nothing. */
  whole?: readonly ModuleScope[]
  /** Scopes of which a page has come and the last one not yet. */
  behind?: readonly ModuleScope[]
  /** How often all of it was at the head; left out by older versions. What is held back in a round is shown after it. */
  round?: number
}
export const newStream: StreamRecord = {
  cursor: null,
  generation: 1,
  complete: null,
  pulledSeq: 0,
  syncedAt: null,
  round: 0,
}

export const roundOf = ({ round = 0 }: StreamRecord): number => round

/** Whether everything that somebody may see has been here once, if it is perhaps old. */
export const isHydrated = ({ complete, whole }: StreamRecord, scopes: readonly ModuleScope[]): boolean =>
  complete !== null && (whole === undefined || scopes.every((scope) => whole.includes(scope)))

export type EntityRecord = {
  payload: Json
  seq: number
  generation: number
  /**
   * What this device recorded for somebody whose records the token may not read (work on a shared tablet): no pull
   * brings it, so it is kept from the operation itself.
   */
  own?: true
  /** From when on it ages, by the server's clock, in milliseconds of 1970; null: it stays; left out by older versions. */
  ages?: number | null
  /** While the catch-up of this round goes on, this is what is shown; null: nothing. */
  held?: { round: number; payload: Json }
  /** A tombstone that is held back: the record goes when the round is over. */
  gone?: true
}

/** What there is to see of the record in this round; null: nothing. */
export function shownOf({ payload, held, gone }: EntityRecord, round: number): Json {
  if (held?.round === round) return held.payload
  return gone ? null : payload
}

/** Done with, and kept for a while: a server that is restored from a backup may have forgotten it. */
export type ConfirmedOperation = { operation: QueuedOperation; at: string }

export type DiscardedOperation = {
  operation: QueuedOperation
  reason: string
  /** The person who gave it up, or null where the SDK replaced it (reassigned). */
  by: string | null
  replacedBy: string | null
  at: string
}

const isJson = (value: unknown): boolean =>
  value === null ||
  ['string', 'boolean'].includes(typeof value) ||
  (typeof value === 'object' ? Object.values(value).every(isJson) : Number.isFinite(value))

/** As `z.json`, at a tenth of what that puts into an app, and of its time: queues are long. */
const json = z.custom<Json>(isJson)

const sha256 = z.string().check(z.regex(/^[0-9a-f]{64}$/))

const verdict = z.object({
  clientOpId: z.string(),
  status: z.enum(['APPLIED', 'REJECTED', 'DEFERRED']),
  duplicate: z.boolean(),
  code: z.nullable(z.string()),
  message: z.nullable(z.string()),
  details: json,
  result: json,
  /** The point of the branch's stream from which on its effects are in what is pulled. */
  appliedSeq: z.nullable(z.number()),
})
export type Verdict = z.infer<typeof verdict>

const queuedOperation = z.object({
  clientOpId: uuid,
  /** Order in the queue of this device. */
  position: z.int(),
  /** Place in what this device does for the tenant: 1, 2, 3 ... */
  deviceSeq: z.int().check(z.positive()),
  /** Its place in the device's chain, as it was queued (`outbox/chain.ts`); left out by older versions. */
  chain: z.optional(z.object({ id: uuid, prev: z.string(), madeAs: z.string() })),
  tenantId: filled,
  branchId: filled,
  actorId: filled,
  /** Who asked for it, where the actor approved it by their PIN. */
  approvedFor: z.optional(filled),
  type: filled,
  payload: json,
  /** Which version of the payload's shape it has; see `upcast`. */
  payloadVersion: z.int().check(z.positive()),
  payloadHash: sha256,
  dependsOn: z.array(uuid),
  /** The device's clock, ISO 8601. */
  occurredAt: time,
  /** PENDING: waits. SYNCING: sent, no answer yet. SYNCED: applied, not pulled yet. FAILED: rejected, a person decides. */
  status: z.enum(['PENDING', 'SYNCING', 'SYNCED', 'FAILED']),
  /** It was sent at least once: the server may know it, so it is never changed any more. */
  attempted: z.boolean(),
  /** A person asked to try again what was rejected. */
  retry: z.boolean(),
  /** The server's last word, if it has spoken. */
  verdict: z.nullable(verdict),
  /** The server has kept a word on it: its number has come (`outbox/chain.ts`). Left out by older versions. */
  came: z.optional(z.boolean()),
  /** Its change has been pulled, although its verdict may still be missing: its effects are in what was pulled. */
  seen: z.boolean(),
  /** The same of a catch-up that goes on: seen when that is over. */
  met: z.optional(z.literal(true)),
  /** Only a file says that its actor did it: under their own token it goes on their word (`retry`). */
  claimed: z.optional(z.literal(true)),
  /** What the device's clock was ahead of the server's, as far as that was known then. */
  clockSkewMs: z.optional(z.int()),
  /** That its actor did it (`proof.ts`); left out where they had no key. */
  actorProof: z.optional(sha256),
})
/** An operation in the queue, as it is kept. */
export type QueuedOperation = z.infer<typeof queuedOperation>

/** What an operation is when it is queued, whatever it was before. */
export const asQueued = {
  status: 'PENDING',
  attempted: false,
  retry: false,
  verdict: null,
  seen: false,
} as const

/** The record as an operation, its keys in small letters, or null where it is none. */
export const readOperation = (value: unknown): QueuedOperation | null =>
  queuedOperation.safeParse(value).data ?? null

/** Whether a record of the cache can be used. Cheap: there are many. */
export const isEntity = (entry: Entry<EntityRecord>): entry is { key: string; value: EntityRecord } =>
  typeof entry.value === 'object' &&
  entry.value !== null &&
  typeof entry.value.payload === 'object' &&
  entry.value.payload !== null &&
  typeof entry.value.generation === 'number'
