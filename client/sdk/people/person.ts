/**
 * A person as the device keeps them, and the rules over it: what they have open, and locks after wrong PINs. Pure.
 */
import * as z from 'zod/mini'
import { filled } from '../../../src/modules/primitives.ts'
import type { Person } from '../words.ts'
import { seal } from './pin.ts'

/** The gateway's numbers, see `src/modules/access/sign-in.ts`. */
const maxAttempts = 5
export const lockMs = 60_000

const open = z.object({
  token: filled,
  expiresAt: z.iso.datetime({ offset: true }),
  /** Proves that an operation is theirs (`proof.ts`); null where the gateway has given none. */
  actorKey: z.nullable(filled),
})
/** What a person works with on this device, as the gateway gave it. */
export type Open = z.infer<typeof open>
/** What was sealed, as `Open`; undefined where it is none. */
export const readOpen = (text: string): Open | undefined => {
  try {
    return open.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}

const personRecord = z.object({
  accountId: filled,
  tenantId: filled,
  staffCode: z.string(),
  name: z.string(),
  role: filled,
  branchIds: z.array(z.string()),
  lastSignedInAt: z.iso.datetime(),
  /** Of whoever is at work, and of nobody else. */
  open: z.nullable(open),
  /** The same under their PIN; null: without a network they cannot take over. `expiresAt`: the token's. */
  sealed: z.nullable(z.extend(seal, { expiresAt: z.iso.datetime({ offset: true }) })),
  /** Of the first edition: checked until they sign in at the gateway again, and opens nothing. */
  pinHash: z.optional(z.nullable(z.string())),
  /** Wrong PINs in a row. */
  failedAttempts: z.int(),
  lockedAt: z.nullable(z.iso.datetime()),
})
export type PersonRecord = z.infer<typeof personRecord>

/** The record as a person, or undefined where it is none. */
export const readPerson = (value: unknown): PersonRecord | undefined => personRecord.safeParse(value).data

export const isSame = (
  { tenantId, accountId }: Pick<PersonRecord, 'tenantId' | 'accountId'>,
  who: { tenantId: string; actorId: string } | null,
): boolean => tenantId === who?.tenantId && accountId === who.actorId

export function personOf(record: PersonRecord, held: Open | null, at: Date): Person {
  const { accountId, tenantId, staffCode, name, role, branchIds, lastSignedInAt, sealed } = record
  const hasToken = [held, sealed].some((each) => each !== null && new Date(each.expiresAt) > at)
  return { accountId, tenantId, staffCode, name, role, branchIds, lastSignedInAt, hasToken }
}

/** Whoever signed in last comes first. */
export const byLastSignIn = (one: PersonRecord, other: PersonRecord): number =>
  other.lastSignedInAt.localeCompare(one.lastSignedInAt) || one.accountId.localeCompare(other.accountId)

export function isLocked({ lockedAt }: PersonRecord, at: Date): boolean {
  if (lockedAt === null) return false
  const sinceMs = at.getTime() - new Date(lockedAt).getTime()
  // A clock that was set back must not lock for longer.
  return sinceMs >= 0 && sinceMs < lockMs
}

export const withRightPin = (record: PersonRecord, at: Date): PersonRecord => ({
  ...record,
  lastSignedInAt: at.toISOString(),
  failedAttempts: 0,
  lockedAt: null,
})

/** The fifth in a row locks. */
export function withWrongPin(record: PersonRecord, at: Date): PersonRecord {
  const failedAttempts = record.failedAttempts + 1
  return failedAttempts < maxAttempts
    ? { ...record, failedAttempts }
    : { ...record, failedAttempts: 0, lockedAt: at.toISOString() }
}

/** Nothing is left of theirs by which anything could be done; they can sign in at the gateway. */
export const withNothing = (record: PersonRecord): PersonRecord => ({
  ...record,
  open: null,
  sealed: null,
  pinHash: null,
})
