import { defineModule } from '../../sync/module.ts'
import { glossary } from './glossary.ts'
import { addStockReads } from './graphql.ts'
import { adjust, restock, setThreshold, waste } from './operations.ts'
import { stockItems, stockMoves } from './tables.ts'
import * as words from './words.ts'

/** What is on hand in each branch, and the ledger that explains it. */
export const inventory = defineModule({
  name: 'inventory',
  ...words,
  tables: [stockItems, stockMoves],
  operations: [restock, adjust, setThreshold, waste],
  reads: addStockReads,
  glossary,
})
