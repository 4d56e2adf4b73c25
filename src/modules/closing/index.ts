import { defineModule } from '../../sync/module.ts'
import { giveUp } from './give-up/operations.ts'
import { glossary } from './glossary.ts'
import { addClosingReads } from './graphql.ts'
import { bookRefused, supplement } from './operations.ts'
import { giveUpRider, keepRefusal, settleRider } from './refusals.ts'
import { statementRider } from './statement.ts'
import { closingHeads, refusals, statements, supplements, tallies } from './tables.ts'
import { tallyRiders } from './tally.ts'
import * as words from './words.ts'

/** Closings that can be proven: statements, supplements, and what was refused until somebody has dealt with it. */
export const closing = defineModule({
  name: 'closing',
  ...words,
  tables: [tallies, closingHeads, statements, supplements, refusals],
  operations: [supplement, bookRefused, giveUp],
  riders: [...tallyRiders, statementRider, settleRider, giveUpRider],
  keeps: keepRefusal,
  reads: addClosingReads,
  glossary,
})
