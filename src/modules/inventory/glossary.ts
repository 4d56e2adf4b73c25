import type { Glossary } from '../../sync/module.ts'

/** What its names mean in the schema (src/graphql/glossary.ts). */
export const glossary: Glossary = {
  StockItem: 'Something that is in stock in a branch.',
  stockItemId: 'The stock item: a UUID, or any short name.',
  unit: 'The base unit that it is counted in, such as g or piece.',
  quantity: 'In the base unit of the stock item.',
  'InventoryAdjustInput.quantity': 'What is added to what is on hand, in the base unit; may be negative.',
  lowAt: 'In the base unit: at or below it somebody should order; null: nobody is warned.',
  belowZero: 'More was sold than there was: somebody should count.',
  'Query.stock': 'What the branch has in stock.',
}
