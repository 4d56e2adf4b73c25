import type { Glossary } from '../../sync/module.ts'

/** What its names mean in the schema (src/graphql/glossary.ts). */
export const glossary: Glossary = {
  Policy: 'By what the branch prices and rounds.',
  'Query.policy': 'The policy of the branch.',
  policy: 'The values of the policy that it was priced by.',
  policyRevision: 'The revision of the policy that it was priced by.',
  vatEnabled: 'Whether VAT is added.',
  vatRatePercent: 'Whole percent, 0 to 100.',
  fxRateKhrPerUsd: 'Whole riel for one US dollar.',
  khrRoundingEnabled: 'Whether totals in riel are rounded.',
  khrRoundingMode: 'Which way riel are rounded.',
  khrRoundingGranularity: 'Riel: 100 or 1000.',
  KhrRoundingMode: 'Which way riel are rounded; a half goes up. What is given back is rounded the other way.',
  updatedAt: "By the server's clock.",
  PolicyUpdateInput: 'What is left out stays as it was.',
}
