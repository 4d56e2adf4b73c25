/**
 * A person as the device keeps them, and the rules over it: locks after wrong PINs, and whose token serves. Pure.
 */
import * as z from 'zod/mini'
import { role } from '../../src/modules/access/contract.ts'
import { may, type Role } from '../../src/modules/access/permissions.ts'
import { readPermission } from '../../src/modules/access/scopes.ts'
import { filled } from '../../src/modules/primitives.ts'
import { moduleScopes } from '../../src/sync/words.ts'
import type { Person } from './words.ts'

/** The gateway's numbers, see `src/modules/access/sign-in.ts`. */
const maxAttempts = 5
const lockMs = 60_000

const personRecord = z.object({
  accountId: filled,
  tenantId: filled,
  staffCode: z.string(),
  name: z.string(),
  role,
  branchIds: z.array(z.string()),
  lastSignedInAt: z.iso.datetime(),
  token: z.nullable(z.object({ value: filled, expiresAt: z.iso.datetime({ offset: true }) })),
  /** Null: without a network they cannot take over. */
  pinHash: z.nullable(z.string()),
  /** Wrong PINs in a row. */
  failedAttempts: z.int(),
  lockedAt: z.nullable(z.iso.datetime()),
})
export type PersonRecord = z.infer<typeof personRecord>

/** The record as a person, or undefined where it is none. */
export const readPerson = (value: unknown): PersonRecord | undefined => personRecord.safeParse(value).data

export function personOf(record: PersonRecord, at: Date): Person {
  const { accountId, tenantId, staffCode, name, role, branchIds, lastSignedInAt } = record
  const hasToken = isValid(record, at)
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

export type TokenWanted = {
  tenantId: string
  /** Whose work it is for. */
  actorId: string | null
  /** Given: whoever is assigned to it comes first. */
  branchId?: string
  /** Tokens that the gateway did not take. */
  refused: ReadonlySet<string>
}

/**
 * The best token: the person's own where its role may read every scope; else that of whoever with such a role signed in
 * last; else the person's own; else any. Tokens that have run out by this device's clock come last, but they come:
 * the clock may be wrong, and the gateway has the last word.
 */
export function bestToken(
  people: Iterable<PersonRecord>,
  { tenantId, actorId, branchId, refused }: TokenWanted,
  at: Date,
): { token: string; accountId: string; role: Role } | null {
  const worth = (record: PersonRecord) =>
    8 * Number(isValid(record, at)) +
    4 * Number(branchId === undefined || record.branchIds.includes(branchId)) +
    2 * Number(readsAll(record.role)) +
    Number(record.accountId === actorId)
  const [best] = [...people]
    .filter((each) => each.tenantId === tenantId && each.token && !refused.has(each.token.value))
    .sort((one, other) => worth(other) - worth(one) || byLastSignIn(one, other))
  return best?.token ? { token: best.token.value, accountId: best.accountId, role: best.role } : null
}

const isValid = ({ token }: PersonRecord, at: Date) => token !== null && new Date(token.expiresAt) > at

const readsAll = (role: Role) => moduleScopes.every((scope) => may(role, readPermission[scope]))
