import * as z from 'zod/mini'
import { currency, money, named, signedAmount, text, uuid } from '../primitives.ts'

export const cashSessionOpen = z.object({ cashSessionId: uuid, openingFloat: money })

export const movementKind = named('CashMovementKind', z.enum(['PAID_IN', 'PAID_OUT', 'ADJUSTMENT']))

export const cashSessionMovement = z
  .object({
    movementId: uuid,
    cashSessionId: uuid,
    kind: movementKind,
    currency,
    /** Cents or riel; positive, but an ADJUSTMENT may be negative. */
    amount: signedAmount,
    reason: text(500),
  })
  .check(
    z.refine(({ amount }) => amount !== 0, { path: ['amount'], message: 'must not be zero' }),
    z.refine(({ kind, amount }) => kind === 'ADJUSTMENT' || amount > 0, {
      path: ['amount'],
      message: 'must be positive',
    }),
  )

export const cashSessionClose = z.object({
  cashSessionId: uuid,
  counted: money,
  note: z.nullish(z.string().check(z.trim(), z.maxLength(500))),
})

export const cashSessionForceClose = z.object({
  cashSessionId: uuid,
  /** Left out where nobody can count: the session closes without a difference. */
  counted: z.nullish(money),
  reason: text(500),
})

export type CashSessionOpen = z.infer<typeof cashSessionOpen>
export type CashSessionMovement = z.infer<typeof cashSessionMovement>
export type CashSessionClose = z.infer<typeof cashSessionClose>
export type CashSessionForceClose = z.infer<typeof cashSessionForceClose>

const amounts = z.object({ usd: z.int(), khr: z.int() })

export const cashSessionEntity = z.object({
  status: z.enum(['OPEN', 'CLOSED', 'FORCE_CLOSED']),
  openedBy: z.string(),
  openedAt: z.coerce.date(),
  openingFloat: amounts,
  expected: amounts,
  counted: z.optional(amounts),
  difference: z.optional(amounts),
  closedAt: z.optional(z.coerce.date()),
  closedBy: z.optional(z.string()),
  note: z.optional(z.string()),
})
export type CashSessionEntity = z.infer<typeof cashSessionEntity>

/** What people put into or took out of the drawer; the cash of sales is in the sales. `usd`, `khr`: what the drawer gained. */
export const cashMovementEntity = z.object({
  cashSessionId: z.string(),
  kind: movementKind,
  usd: z.int(),
  khr: z.int(),
  reason: z.string(),
  actorId: z.string(),
  occurredAt: z.coerce.date(),
})
export type CashMovementEntity = z.infer<typeof cashMovementEntity>

/** Longer than any day at work: nobody closed it at night. */
const longOpenMs = 16 * 3_600_000

/** Whether an open session should have been counted and closed by now (`now` in milliseconds). */
export const isOpenForLong = ({ openedAt }: { openedAt: string }, now: number): boolean =>
  now - Date.parse(openedAt) >= longOpenMs
