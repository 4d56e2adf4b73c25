import { accept, alreadyApplied, type Decision, type Operation, reject, type State } from 'modula-sync/module'
import type { LoyaltyRedeem, LoyaltyStamp } from './contract.ts'
import { loyaltyCards, loyaltyStamps } from './tables.ts'

export function decideStamp(
  state: State,
  { branchId, payload, happenedAt }: Operation<LoyaltyStamp>,
): Decision<{ stampId: string; stamps?: number }> {
  const { stampId, saleId, guest } = payload
  const earlier = state.get(loyaltyStamps, branchId, saleId)
  if (earlier)
    return earlier.guest === guest
      ? alreadyApplied({ stampId: earlier.stampId })
      : reject('LOYALTY_SALE_STAMPED', 'This sale is on the card of another guest.', { saleId })
  const stamps = (state.get(loyaltyCards, branchId, guest)?.stamps ?? 0) + 1
  return accept({
    writes: [
      loyaltyStamps.row({ branchId, saleId, stampId, guest, stampedAt: happenedAt }),
      loyaltyCards.row({ branchId, guest, stamps }),
    ],
    audit: [{ name: 'LOYALTY_STAMPED', data: { saleId, guest } }],
    result: { stampId, stamps },
  })
}

export function decideRedeem(state: State, { branchId, payload }: Operation<LoyaltyRedeem>): Decision {
  const { guest, stamps } = payload
  const had = state.get(loyaltyCards, branchId, guest)?.stamps ?? 0
  if (had < stamps)
    return reject('LOYALTY_CARD_NOT_FULL', `This guest has ${had} stamps, not ${stamps}.`, { guest, had })
  return accept({
    writes: [loyaltyCards.row({ branchId, guest, stamps: had - stamps })],
    audit: [{ name: 'LOYALTY_REDEEMED', data: { guest, stamps } }],
    result: { guest, stamps: had - stamps },
  })
}
