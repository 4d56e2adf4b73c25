import * as z from 'zod/mini'
import { id, text, time, uuid } from '../primitives.ts'

/** Operations that a queue brought and that were refused, at most so many at a time. */
const refused = z.array(uuid).check(z.minLength(1), z.maxLength(100))

/** Who did it, where nothing but the person was the matter; left out: whoever the device says. */
const person = z.optional(id)

export const cashSessionSupplement = z.object({
  /** The session in which they were made: it is closed. */
  cashSessionId: uuid,
  clientOpIds: refused,
  reason: z.nullish(text(500)),
  actorId: person,
})
export type CashSessionSupplement = z.infer<typeof cashSessionSupplement>

export const cashSessionBookRefused = z.object({
  /** The session that is open now. */
  cashSessionId: uuid,
  clientOpIds: refused,
  actorId: person,
})
export type CashSessionBookRefused = z.infer<typeof cashSessionBookRefused>

const hex64 = z.string().check(z.regex(/^[0-9a-f]{64}$/, 'must be 64 lower-case hex digits'))
/** Any object of JSON: its own contract reads it, or nothing does. */
const unread = z.unknown() as unknown as z.ZodMiniType<Record<string, never>>

/** An operation as its device had it: it may never have come, and then its number is not missing but given up. */
const hadOperation = z.object({
  clientOpId: uuid,
  type: text(100),
  actorId: id,
  occurredAt: time,
  payloadHash: hex64,
  /** What `payloadHash` is of, with the branch; left out where it is long. */
  payload: z.nullish(unread),
  deviceSeq: z.nullish(z.int().check(z.minimum(1))),
  /** Its place in the device's chain: the link before it, and the payload hash that it was queued with. */
  prev: z.nullish(hex64),
  madeAs: z.nullish(hex64),
})
export type HadOperation = z.infer<typeof hadOperation>

export const operationGiveUp = z.object({
  clientOpIds: refused,
  reason: text(500),
  operations: z.optional(z.array(hadOperation).check(z.maxLength(100))),
})
export type OperationGiveUp = z.infer<typeof operationGiveUp>

const money = z.object({ usd: z.int(), khr: z.int() })
/** `usd` (cents) and `khr`: what the drawer gained. */
const figure = z.object({ count: z.int(), usd: z.int(), khr: z.int() })
const worth = z.object({ count: z.int(), totalUsd: z.int() })
const valued = z.extend(figure, { totalUsd: z.int() })
export type Figure = z.infer<typeof figure>

const outcomes = ['RETRIED', 'BOOKED', 'SUPPLEMENTED', 'GIVEN_UP'] as const
export type Outcome = (typeof outcomes)[number]

/** What a device did in a session. Its chain, first and last number and link; null where it has no chain. */
const devicePart = z.object({
  deviceId: z.string(),
  operations: z.int(),
  chain: z.nullable(z.string()),
  from: z.nullable(z.int()),
  to: z.nullable(z.int()),
  link: z.nullable(z.string()),
})
export type DevicePart = z.infer<typeof devicePart>

const figures = {
  sales: z.extend(valued, { byTender: z.object({ USD: worth, KHR: worth, MIXED: worth }) }),
  voids: valued,
  paidIn: figure,
  paidOut: figure,
  adjustments: figure,
  receipts: z.nullable(z.object({ first: z.int(), last: z.int() })),
  devices: z.array(devicePart),
  /** Operations of devices beyond those listed. */
  otherOperations: z.int(),
}
const tally = z.object(figures)
/** What a session came to, as far as it is. */
export type Tally = z.infer<typeof tally>

/** A device that holds, or held, what is not here. `numbers`: how many have not come; null: not known, it was not heard of. */
const outsideDevice = z.object({
  deviceId: z.string(),
  numbers: z.nullable(z.int()),
  /** The device says that it holds them: they may still come. */
  held: z.boolean(),
  heardAt: z.string(),
})
export type OutsideDevice = z.infer<typeof outsideDevice>

const refusedOperation = z.object({
  clientOpId: z.string(),
  type: z.string(),
  code: z.string(),
  deviceId: z.nullable(z.string()),
  occurredAt: z.string(),
  usd: z.int(),
  khr: z.int(),
  totalUsd: z.int(),
})

/** A device of which nothing was missing when it was last heard of. `waiting`: what it last said it held; null: it says nothing. */
const heardDevice = z.object({
  deviceId: z.string(),
  heardAt: z.string(),
  waiting: z.nullable(z.int()),
})
export type HeardDevice = z.infer<typeof heardDevice>

const outside = z.object({
  devices: z.array(outsideDevice),
  /** Left out by statements of before. */
  heard: z.optional(z.array(heardDevice)),
  /** All that wait for somebody; the latest of them are listed. */
  refused: z.extend(valued, { operations: z.array(refusedOperation) }),
})
/** What is known not to be in a session though it belongs there. */
export type Outside = z.infer<typeof outside>

/** `kind`, `version` and who it belongs to are hashed with the rest; times are ISO 8601. */
const entry = {
  version: z.literal(1),
  tenantId: z.string(),
  branchId: z.string(),
  number: z.int(),
  prev: z.string(),
  cashSessionId: z.string(),
  recordedAt: z.string(),
}

export const closingStatementEntity = z.object({
  kind: z.literal('statement'),
  ...entry,
  status: z.enum(['CLOSED', 'FORCE_CLOSED']),
  openedBy: z.string(),
  openedAt: z.string(),
  closedBy: z.string(),
  closedAt: z.string(),
  note: z.nullable(z.string()),
  openingFloat: money,
  expected: money,
  counted: z.nullable(money),
  difference: z.nullable(money),
  ...figures,
  outside,
  supplements: z.object({ number: z.int(), hash: z.string() }),
  hash: z.string(),
})
export type ClosingStatementEntity = z.infer<typeof closingStatementEntity>
export type StatementContent = Omit<ClosingStatementEntity, 'hash'>

const supplementEntry = z.object({
  clientOpId: z.string(),
  type: z.string(),
  /** Of the sale or movement. */
  id: z.string(),
  receiptNumber: z.nullable(z.int()),
  actorId: z.string(),
  deviceId: z.nullable(z.string()),
  occurredAt: z.string(),
  usd: z.int(),
  khr: z.int(),
  totalUsd: z.int(),
})
export type SupplementEntry = z.infer<typeof supplementEntry>

export const closingSupplementEntity = z.object({
  kind: z.literal('supplement'),
  ...entry,
  /** Null where the session was closed before there were statements. */
  statement: z.nullable(z.object({ number: z.int(), hash: z.string() })),
  by: z.string(),
  reason: z.nullable(z.string()),
  entries: z.array(supplementEntry),
  usd: z.int(),
  khr: z.int(),
  totalUsd: z.int(),
  hash: z.string(),
})
export type ClosingSupplementEntity = z.infer<typeof closingSupplementEntity>
export type SupplementContent = Omit<ClosingSupplementEntity, 'hash'>

/** Codes of refusals that speak of nothing but the person: somebody who was there may say who it was. */
export const aboutPerson = ['ACTION_NOT_PERMITTED', 'NO_MEMBERSHIP', 'MEMBERSHIP_NOT_ACTIVE']

/** How a refused operation was dealt with; its id is the operation's key. */
export const refusalEntity = z.object({
  type: z.string(),
  code: z.string(),
  cashSessionId: z.nullable(z.string()),
  outcome: z.enum(outcomes),
  by: z.string(),
  at: z.coerce.date(),
  reason: z.nullable(z.string()),
})
export type RefusalEntity = z.infer<typeof refusalEntity>
