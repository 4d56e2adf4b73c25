/**
 * The queue as people see it: what waits, in its order, and what each thing is about.
 */
import * as z from 'zod/mini'
import type { Currency } from '../../contract.ts'
import type { Json, Status } from '../../sdk/index.ts'

/** How many operations the server has not answered yet: of the café that is signed in, or of all where none is. */
export const waitingCount = (
  status: Pick<Status, 'pending' | 'syncing' | 'context' | 'waitingForTenant'>,
): number => (status.context === null ? status.waitingForTenant : status.pending + status.syncing)

/** Those that wait, and those that were not accepted. */
export const unansweredCount = (
  status: Parameters<typeof waitingCount>[0] & Pick<Status, 'failed'>,
): number => waitingCount(status) + status.failed.length

/** The amount that an operation is about; null where it is about none. */
export type Amount = { currency: Currency; amount: number }

const sale = z.object({ totals: z.object({ totalUsd: z.int() }) })
const movement = z.object({ currency: z.enum(['USD', 'KHR']), amount: z.int() })

export function amountOf({ type, payload }: { type: string; payload: Json }): Amount | null {
  if (type === 'sale.finalize') {
    const { data } = sale.safeParse(payload)
    return data ? { currency: 'USD', amount: data.totals.totalUsd } : null
  }
  return type === 'cashSession.movement' ? (movement.safeParse(payload).data ?? null) : null
}

/** Whether the operation is this sale. */
export const isSale = ({ type, payload }: { type: string; payload: Json }, saleId: string): boolean =>
  type === 'sale.finalize' && (payload as { saleId?: unknown } | null)?.saleId === saleId
