/**
 * Stamps of loyal guests: a module that is not the café's own, written with nothing but the gateway's public door.
 */
import { defineModule, defineOperation } from 'modula-sync/gateway'
import { loyaltyRedeem, loyaltyStamp } from './contract.ts'
import { decideRedeem, decideStamp } from './decide.ts'
import { addLoyaltyReads } from './graphql.ts'
import { loyaltyCardOf, loyaltyCards, loyaltyStampOf, loyaltyStamps } from './tables.ts'

const stamp = defineOperation({
  type: 'loyalty.stamp',
  description: 'A stamp for a sale; the operation that made the sale is what it depends on.',
  payload: loyaltyStamp,
  offline: true,
  scope: 'branch',
  permission: 'loyalty.stamp',
  reads: [
    ({ branchId, payload: { saleId, guest } }) => [
      loyaltyStampOf(branchId, saleId),
      loyaltyCardOf(branchId, guest),
    ],
  ],
  decide: decideStamp,
})

const redeem = defineOperation({
  type: 'loyalty.redeem',
  description: 'Takes stamps off a card, for what they are worth.',
  payload: loyaltyRedeem,
  offline: false,
  scope: 'branch',
  permission: 'loyalty.redeem',
  reads: [({ branchId, payload }) => [loyaltyCardOf(branchId, payload.guest)]],
  decide: decideRedeem,
})

export const loyalty = defineModule({
  name: 'loyalty',
  scopes: { LOYALTY: { read: 'loyalty.read' } },
  permissions: { 'loyalty.read': 'STAFF', 'loyalty.stamp': 'CASHIER', 'loyalty.redeem': 'CASHIER' },
  codes: {
    LOYALTY_SALE_STAMPED: 'This sale is on the card of another guest.',
    LOYALTY_CARD_NOT_FULL: 'This guest does not have so many stamps.',
  },
  audits: ['LOYALTY_STAMPED', 'LOYALTY_REDEEMED'],
  tables: [loyaltyCards, loyaltyStamps],
  operations: [stamp, redeem],
  reads: addLoyaltyReads,
})
