import { defineModule } from '../../sync/module.ts'
import { glossary } from './glossary.ts'
import { addSaleReads } from './graphql.ts'
import { finalize, voidSale } from './operations.ts'
import { receiptCounters, sales } from './tables.ts'
import * as words from './words.ts'

/** Sales: immutable snapshots with gapless receipt numbers. */
export const sale = defineModule({
  name: 'sale',
  ...words,
  tables: [sales, receiptCounters],
  operations: [finalize, voidSale],
  reads: addSaleReads,
  glossary,
})
