/**
 * Stamps of loyal guests: a module that is not the café's own, written with nothing but the public doors. This is what a
 * gateway has of it.
 */
import { defineModule } from 'modula-sync/gateway'
import { addLoyaltyReads } from './graphql.ts'
import { redeem, stamp } from './operations.ts'
import { loyaltyCards, loyaltyStamps } from './tables.ts'
import * as words from './words.ts'

export const loyalty = defineModule({
  name: 'loyalty',
  ...words,
  tables: [loyaltyCards, loyaltyStamps],
  operations: [stamp, redeem],
  reads: addLoyaltyReads,
  glossary: {
    guest: 'The name on the card.',
    stamps: 'How many: one for each sale.',
    stampId: 'A UUID that the till makes.',
  },
})
