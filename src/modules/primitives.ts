/**
 * Shapes that several contracts share. Money is integer minor units: US cents and whole riel.
 */

import * as z from 'zod/mini'
import en from 'zod/v4/locales/en.js'

// zod/mini, a third of zod's size in a browser, has no sentences of its own; an app's choice of them stands.
if (!z.config().localeError) z.config(en())

/** The schema, under a name of its own in GraphQL and in JSON Schema. */
export const named = <Schema extends z.ZodMiniType>(name: string, schema: Schema): Schema => {
  z.globalRegistry.add(schema, { id: name })
  return schema
}
/** A whole number from `min` to `max`. */
export const whole = (min: number, max: number) => z.int().check(z.minimum(min), z.maximum(max))
/** A UUID made by the client; any version, lower-cased. */
export const uuid = z.guid().check(z.toLowerCase())
/** Text that is not empty. */
export const filled = z.string().check(z.minLength(1))
/** Text for people, 1 to `max` characters. */
export const text = (max: number) => z.string().check(z.trim(), z.minLength(1), z.maxLength(max))
/** The id of something in the catalogue: a UUID, or any short name. */
export const id = z
  .string()
  .check(z.minLength(1), z.maxLength(128))
  .register(z.globalRegistry, { format: 'id' })

/** As `Date` prints it, of the years that PostgreSQL can hold. */
const isTime = (text: string) =>
  text >= '0001' && !Number.isNaN(Date.parse(text)) && new Date(text).toISOString() === text
/** A time that a device tells. */
export const time = z
  .string()
  .check(
    z.regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/, 'must be UTC with milliseconds'),
    z.refine(isTime, 'must be a time'),
  )

const maxCents = 1_000_000_000
const maxRiel = 5_000_000_000_000
export const cents = whole(0, maxCents)
export const riel = whole(0, maxRiel)
/** A price change, in cents, that may lower a price. */
export const signedCents = whole(-maxCents, maxCents)
export const signedAmount = whole(-maxRiel, maxRiel)

/** An amount in both currencies: `usd` in cents, `khr` in riel. */
export const money = named('Money', z.object({ usd: cents, khr: riel }))
export type Money = z.infer<typeof money>

export const currency = named('Currency', z.enum(['USD', 'KHR']))
export type Currency = z.infer<typeof currency>

/** The zone of a business that has said nothing. */
export const defaultTimeZone = 'Asia/Phnom_Penh'
/** Offsets and POSIX rules are no names, and mean different things to different readers. */
const isZoneName = /^[A-Za-z][A-Za-z0-9_+-]*(\/[A-Za-z0-9_+-]+)*$/

/** Whether the name is of the IANA database, as far as this machine knows it. */
export function isTimeZone(name: string): boolean {
  if (!isZoneName.test(name)) return false
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: name }) !== null
  } catch {
    return false
  }
}

/** A name of the IANA database, such as `Asia/Phnom_Penh`. */
export const timeZone = z
  .string()
  .check(z.maxLength(64), z.refine(isTimeZone, 'is no time zone of the IANA database'))
