/**
 * A closing as this till saw it when it was made, and what the server's statement says other than that.
 */
import * as z from 'zod/mini'
import type { Entity } from '../../sdk/index.ts'
import type { CashSession } from './drawer.ts'
import { recall, remember } from './local.ts'

export type Statement = Entity<'closingStatement'>
type Sale = Entity<'sale'>

const money = z.object({ usd: z.int(), khr: z.int() })
const seen = z.object({ expected: money, sales: z.int(), totalUsd: z.int() })
export type Seen = z.infer<typeof seen>

/** The sales of a session that this till knows: how many, and what they came to; those that were voided are among them. */
export function salesOf(sales: readonly Sale[], cashSessionId: string) {
  const own = sales.filter((sale) => sale.cashSessionId === cashSessionId)
  return { sales: own.length, totalUsd: own.reduce((sum, { totals }) => sum + totals.totalUsd, 0) }
}

const name = (cashSessionId: string) => `closing.${cashSessionId}`

/** Kept when the session is closed here: the server may know of more, or of less. */
export const keepSeen = ({ id, expected }: CashSession, sales: readonly Sale[]): void =>
  remember(name(id), { expected, ...salesOf(sales, id) })

export const seenAt = (cashSessionId: string): Seen | null => recall(name(cashSessionId), seen)

/** What the statement says other than the till saw; none: they agree. */
export function differences(of: Seen, statement: Statement): ('expected' | 'sales' | 'total')[] {
  const { expected, sales } = statement
  return [
    ...(expected.usd !== of.expected.usd || expected.khr !== of.expected.khr ? (['expected'] as const) : []),
    ...(sales.count !== of.sales ? (['sales'] as const) : []),
    ...(sales.totalUsd !== of.totalUsd ? (['total'] as const) : []),
  ]
}
