import { defineOperation } from 'modula-sync/module'
import { loyaltyRedeem, loyaltyStamp } from './contract.ts'
import { decideRedeem, decideStamp } from './decide.ts'
import { loyaltyCardOf, loyaltyStampOf } from './tables.ts'

export const stamp = defineOperation({
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

export const redeem = defineOperation({
  type: 'loyalty.redeem',
  description: 'Takes stamps off a card, for what they are worth.',
  payload: loyaltyRedeem,
  offline: false,
  scope: 'branch',
  permission: 'loyalty.redeem',
  reads: [({ branchId, payload }) => [loyaltyCardOf(branchId, payload.guest)]],
  decide: decideRedeem,
})
