/** Rejected operations: what is said about one beside what the server has said. */
import type { RejectedQuery } from '../generated/graphql.ts'
import type { en } from '../locales/en.ts'

export type Rejected = RejectedQuery['rejectedOperations']['edges'][number]['node']
export type Advice = keyof typeof en.rejected.advice

/** What lies between the device's time and the server's decision. A second is nothing. */
export type Between = { readonly is: 'atOnce' } | { readonly is: 'waited' | 'ahead'; readonly ms: number }

export function betweenOf({ occurredAt, decidedAt }: Pick<Rejected, 'occurredAt' | 'decidedAt'>): Between {
  const ms = Date.parse(decidedAt) - Date.parse(occurredAt)
  if (Math.abs(ms) < 5_000) return { is: 'atOnce' }
  return ms > 0 ? { is: 'waited', ms } : { is: 'ahead', ms: -ms }
}

/** Which advice there is for a code, among those that are written. */
export const adviceFor = (code: string | null | undefined, written: object): Advice =>
  (code != null && code in written ? code : 'other') as Advice
