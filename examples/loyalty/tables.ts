import { col, defineFinder, defineTable } from 'modula-sync/module'
import type { LoyaltyCardEntity } from './contract.ts'

/** How many stamps a guest has in a branch. */
export const loyaltyCards = defineTable({
  name: 'loyalty_card',
  key: ['branchId', 'guest'],
  write: 'upsert',
  columns: { branchId: col.text, guest: col.text, stamps: col.int },
  change: {
    module: 'LOYALTY',
    kind: 'loyaltyCard',
    scope: 'branch',
    id: (row) => row.guest,
    payload: ({ stamps }): LoyaltyCardEntity => ({ stamps }),
  },
})
export const loyaltyCardOf = defineFinder(loyaltyCards, ['branchId', 'guest'])

/** A sale is stamped once, whoever sends it and however often. */
export const loyaltyStamps = defineTable({
  name: 'loyalty_stamp',
  key: ['branchId', 'saleId'],
  write: 'append',
  columns: { branchId: col.text, saleId: col.uuid, stampId: col.uuid, guest: col.text, stampedAt: col.time },
})
export const loyaltyStampOf = defineFinder(loyaltyStamps, ['branchId', 'saleId'])
