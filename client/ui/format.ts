/**
 * Amounts and times as people read them. Amounts are written the same way in both languages, as on every price list in
 * Cambodia: `$1.50` and `6,200 ៛`.
 */
import type { Language } from './i18n.ts'

const dollars = new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD' })
const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 })

/** US cents: 150 is `$1.50`. */
export const usd = (cents: number): string => dollars.format(cents / 100)

/** Whole riel: 6200 is `6,200 ៛`, which never breaks over two lines. */
export const khr = (riel: number): string => `${whole.format(riel)}\u00a0៛`

/** Counts and quantities: 12345 is `12,345`. */
export const count = (value: number): string => whole.format(value)

type Moment = Date | string

const locales: Record<Language, string> = { en: 'en-GB', km: 'km-KH' }
const formatter = (options: Intl.DateTimeFormatOptions) => {
  const made = Object.fromEntries(
    Object.entries(locales).map(([language, locale]) => [language, new Intl.DateTimeFormat(locale, options)]),
  )
  return (moment: Moment, language: Language): string => made[language]!.format(new Date(moment))
}

/** The device's time of day: `08:05`. */
export const timeOfDay = formatter({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
/** `2 Mar 2026`. */
export const day = formatter({ day: 'numeric', month: 'short', year: 'numeric' })
/** `2 Mar, 08:05`. */
export const dayAndTime = formatter({
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
})
