import { defineModule } from '../../sync/module.ts'
import { glossary } from './glossary.ts'
import { addPolicyReads } from './graphql.ts'
import { update } from './operations.ts'
import { policies, policyRevisions } from './tables.ts'
import * as words from './words.ts'

/** VAT, exchange rate and riel rounding of each branch. */
export const policy = defineModule({
  name: 'policy',
  ...words,
  tables: [policies, policyRevisions],
  operations: [update],
  reads: addPolicyReads,
  glossary,
})
