import { defineModule } from '../../sync/module.ts'
import { glossary } from './glossary.ts'
import { addCashSessionReads } from './graphql.ts'
import { close, forceClose, movement, open } from './operations.ts'
import { cashMovements, cashSessions } from './tables.ts'
import * as words from './words.ts'

/** The drawer: opened, moved, counted, closed. */
export const cashSession = defineModule({
  name: 'cash-session',
  ...words,
  tables: [cashSessions, cashMovements],
  operations: [open, movement, close, forceClose],
  reads: addCashSessionReads,
  glossary,
})
