/** The policy while it is edited, and what it means for a customer. */
import { changeOf, type PolicyValues, policyValues, totalsOf } from '../../contract.ts'
import type { PolicyQuery } from '../generated/graphql.ts'
import { type FormValues, formValues } from './form-values.ts'
import { parseWhole } from './money.ts'

export type Policy = PolicyQuery['policy']
export type PolicyDraft = Omit<PolicyValues, 'vatRatePercent' | 'fxRateKhrPerUsd'> & {
  vatRatePercent: string
  fxRateKhrPerUsd: string
}

export const draftOf = (policy: Policy): PolicyDraft => ({
  vatEnabled: policy.vatEnabled,
  vatRatePercent: String(policy.vatRatePercent),
  fxRateKhrPerUsd: String(policy.fxRateKhrPerUsd),
  khrRoundingEnabled: policy.khrRoundingEnabled,
  khrRoundingMode: policy.khrRoundingMode as PolicyValues['khrRoundingMode'],
  khrRoundingGranularity: policy.khrRoundingGranularity as PolicyValues['khrRoundingGranularity'],
})

export const valuesOf = (draft: PolicyDraft): FormValues<PolicyValues> =>
  formValues(policyValues, {
    ...draft,
    vatRatePercent: parseWhole(draft.vatRatePercent),
    fxRateKhrPerUsd: parseWhole(draft.fxRateKhrPerUsd),
  })

/** A latte, two espressos and a croissant: the cents make rounding show. Paid with a ten-dollar note. */
const basket = [
  { unitUsd: 245, quantity: 1 },
  { unitUsd: 165, quantity: 2 },
  { unitUsd: 180, quantity: 1 },
]
export const basketUsd = basket.reduce((sum, { unitUsd, quantity }) => sum + unitUsd * quantity, 0)

/** The smallest note that covers it, in cents. */
export const noteFor = (totalUsd: number): number =>
  [1_000, 2_000, 5_000, 10_000].find((note) => note >= totalUsd) ?? Math.ceil(totalUsd / 10_000) * 10_000

export type Example = ReturnType<typeof exampleOf>
export function exampleOf(values: PolicyValues) {
  const totals = totalsOf(basket, values)
  const received = noteFor(totals.totalUsd)
  const change = changeOf({ currency: 'USD', received }, totals, values) ?? { usd: 0, khr: 0 }
  return { ...totals, received, change }
}
