/** A refusal that somebody has dealt with. */
import type { Write } from '../../sync/table.ts'
import type { Outcome } from './contract.ts'
import { type Refusal, refusals } from './tables.ts'

export const settled = (
  refusal: Refusal,
  how: { outcome: Outcome; by: string; at: Date; reason?: string | null; bookedAs?: string | null },
): Write =>
  refusals.row({
    ...refusal,
    settled: true,
    outcome: how.outcome,
    settledBy: how.by,
    settledAt: how.at,
    reason: how.reason ?? null,
    bookedAs: how.bookedAs ?? null,
  })
