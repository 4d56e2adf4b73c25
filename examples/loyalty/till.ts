/** What a till has of it: no GraphQL, no SQL, and of what takes a connection no decider. */
import { theSale } from 'modula-sync/client'
import { defineTillModule, entity, local, online, typeOnly } from 'modula-sync/module'
import type { LoyaltyRedeem } from './contract.ts'
import { stamp } from './operations.ts'
import { loyaltyCards } from './tables.ts'
import { type codes, permissions, scopes } from './words.ts'

export const loyaltyTill = defineTillModule({
  name: 'loyalty',
  scopes,
  permissions,
  codes: typeOnly<keyof typeof codes>(),
  // A stamp waits for its sale: where that is refused, it is not given.
  operations: [local(stamp, { uses: [theSale] })],
  online: { 'loyalty.redeem': online<LoyaltyRedeem>('branch') },
  entities: [
    entity(loyaltyCards, {
      together: true,
      row: (guest, { stamps }, { branchId }) => ({ branchId, guest, stamps }),
    }),
  ],
})
