/**
 * What was handed over and given back, in whichever form the sale says it. Pure; the client imports this file.
 */
import type { Money } from '../primitives.ts'
import type { SaleFinalize } from './contract.ts'
import { changeOf, mixedChangeOf, type Rounding, type Totals } from './pricing.ts'

export type Tender = SaleFinalize['tender']
export type Cash = { readonly received: Money; readonly change: Money }

/** The tender's cash in both currencies. */
export function cashOf(tender: Tender): Cash {
  const { change } = tender
  if (!('currency' in tender)) return { received: tender.received, change }
  const { currency, received } = tender
  return {
    received: currency === 'USD' ? { usd: received, khr: 0 } : { usd: 0, khr: received },
    change,
  }
}

/** What the drawer gained by it; less than nothing where it gave more of a currency than it took. */
export function gainOf(tender: Tender): Money {
  const { received, change } = cashOf(tender)
  return { usd: received.usd - change.usd, khr: received.khr - change.khr }
}

/** The right change by the rule of the tender's form, or null where the cash does not cover the total. */
export const rightChange = (tender: Tender, totals: Totals, policy: Rounding): Money | null =>
  'currency' in tender
    ? changeOf(tender, totals, policy)
    : mixedChangeOf(tender.received, totals.totalUsd, policy)

/** Two ways to say it are two tenders: a sale is the same only as it was said. */
export function isSameTender(one: Tender, other: Tender): boolean {
  const told = (tender: Tender) => {
    const { received, change } = cashOf(tender)
    const form = 'currency' in tender ? tender.currency : null
    return JSON.stringify([tender.method, form, received.usd, received.khr, change.usd, change.khr])
  }
  return told(one) === told(other)
}
