import { named, text, uuid, whole } from 'modula-sync/contract'
import * as z from 'zod/mini'

/** One stamp for one sale. The till makes the ids, so that it can go on without a network. */
export const loyaltyStamp = z.object({ stampId: uuid, saleId: uuid, guest: named('GuestName', text(80)) })
export type LoyaltyStamp = z.infer<typeof loyaltyStamp>

/** A full card against a drink: online, for a card is full in one place only. */
export const loyaltyRedeem = z.object({ guest: text(80), stamps: whole(1, 100) })
export type LoyaltyRedeem = z.infer<typeof loyaltyRedeem>

/** The id of the entity is the guest's name. */
export const loyaltyCardEntity = z.object({ stamps: z.int() })
export type LoyaltyCardEntity = z.infer<typeof loyaltyCardEntity>
