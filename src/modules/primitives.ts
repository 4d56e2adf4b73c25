/**
 * Shapes that several contracts share. Money is integer minor units: US cents and whole riel.
 */
import { z } from 'zod'

/** A UUID made by the client; any version, lower-cased. */
export const uuid = z.guid().toLowerCase()
/** Text for people, 1 to `max` characters. */
export const text = (max: number) => z.string().trim().min(1).max(max)
/** The id of something in the catalogue: a UUID, or any short name. */
export const id = z.string().min(1).max(128).meta({ format: 'id' })

const maxCents = 1_000_000_000
const maxRiel = 5_000_000_000_000
export const cents = z.int().min(0).max(maxCents)
export const riel = z.int().min(0).max(maxRiel)
/** A price change, in cents, that may lower a price. */
export const signedCents = z.int().min(-maxCents).max(maxCents)
export const signedAmount = z.int().min(-maxRiel).max(maxRiel)

/** An amount in both currencies: `usd` in cents, `khr` in riel. */
export const money = z.object({ usd: cents, khr: riel }).meta({ id: 'Money' })
export type Money = z.infer<typeof money>

export const currency = z.enum(['USD', 'KHR']).meta({ id: 'Currency' })
export type Currency = z.infer<typeof currency>
