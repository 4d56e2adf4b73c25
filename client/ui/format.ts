/**
 * Amounts and times as people write them. Amounts look the same in both languages, as on every price list in Cambodia:
 * `$1.50` and `6,200 ៛`.
 */
import { createContext, useContext, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { type WallClock, wallClock } from '../../src/modules/tenant/days.ts'
import { firstOf, type Language } from './i18n.ts'

const dollars = new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD' })
const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 })

/** US cents: 150 is `$1.50`. */
export const usd = (cents: number): string => dollars.format(cents / 100)

/** Whole riel: 6200 is `6,200 ៛`, which never breaks over two lines. */
export const khr = (riel: number): string => `${whole.format(riel)}\u00a0៛`

/** Counts and quantities: 12345 is `12,345`. */
export const quantity = (value: number): string => whole.format(value)

/** What a person typed or pasted as dollars (`1.5`, `.5`, `5,50`, `$1,000`, `១.៥០`), in cents; null where it is no amount. */
export function parseUsd(text: string): number | null {
  // A comma that has no three digits behind it stands for a point, as on keyboards of some languages.
  const plain = plainNumber(text, /^(US\$|\$|USD)|(\$|USD)$/i).replace(/,(?=\d{0,2}$)/, '.')
  const [, units, cents = ''] = /^(\d{0,9})(?:\.(\d{0,2}))?$/.exec(plain) ?? []
  if (units === undefined || units + cents === '') return null
  return Number(units) * 100 + Number(cents.padEnd(2, '0'))
}

/** Dollars with a comma and three digits, and nothing behind them: `2,500` may have been meant as 2.5. */
export const isDoubtfulUsd = (text: string): boolean => /^\D*\d{1,3},\d{3}\D*$/.test(text.trim())

/** What a person typed as riel (`6200`, `6,200 ៛`, `៦២០០`), in riel; null where it is no amount. */
export function parseKhr(text: string): number | null {
  const plain = plainNumber(text, /^(KHR|៛)|(KHR|៛)$/i)
  return /^\d{1,12}$/.test(plain) ? Number(plain) : null
}

/** Khmer digits as others, without spaces, what names the currency, and the commas between thousands. */
const plainNumber = (text: string, sign: RegExp): string =>
  text
    .replace(/[០-៩]/g, (digit) => String(digit.charCodeAt(0) - '០'.charCodeAt(0)))
    .replace(/[\s\u200b-\u200d\u2060\ufeff]/g, '')
    .replace(sign, '')
    .replace(/,(?=\d{3}(\D|$))/g, '')

/** A Date, or a text of ISO 8601. */
export type Moment = Date | string

/** Written out: a browser knows Khmer's months only where Khmer is a language of its own menus, and Chrome's is not. */
const months: Record<Language, readonly string[]> = {
  en: ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'],
  km: [...['មករា', 'កុម្ភៈ', 'មីនា', 'មេសា', 'ឧសភា', 'មិថុនា'], ...['កក្កដា', 'សីហា', 'កញ្ញា', 'តុលា', 'វិច្ឆិកា', 'ធ្នូ']],
}
const twoDigits = (value: number) => String(value).padStart(2, '0')
const clock = ({ hour, minute }: WallClock) => `${twoDigits(hour)}:${twoDigits(minute)}`

/** What a clock on the device's wall says. */
const deviceClock = (at: Date): WallClock => ({
  year: at.getFullYear(),
  month: at.getMonth() + 1,
  day: at.getDate(),
  hour: at.getHours(),
  minute: at.getMinutes(),
})

/** How times are written in a language: as it is then in the zone, or else where the device is. */
export function formatsIn(language: Language, timeZone: string | null = null) {
  const date = ({ day, month }: WallClock) => `${day} ${months[language][month - 1]}`
  const read = (at: Date) => (timeZone === null ? deviceClock(at) : wallClock(at, timeZone))
  const formatter = (write: (at: WallClock) => string) => (moment: Moment) => write(read(new Date(moment)))
  return {
    /** `08:05` */
    time: formatter(clock),
    /** `2 Mar 2026` */
    day: formatter((at) => `${date(at)} ${at.year}`),
    /** `2 Mar, 08:05` */
    dayAndTime: formatter((at) => `${date(at)}, ${clock(at)}`),
  }
}

export const formats = { en: formatsIn('en'), km: formatsIn('km') }

/** The zone of the branch whose times are shown below it; null: the device's own. */
export const TimeZone = createContext<string | null>(null)

/** In the language on screen and the zone around it: `const { time, day, dayAndTime } = useFormats()`. */
export function useFormats() {
  const { i18n } = useTranslation()
  const timeZone = useContext(TimeZone)
  const language = firstOf([i18n.language])
  return useMemo(
    () => (timeZone === null ? formats[language] : formatsIn(language, timeZone)),
    [language, timeZone],
  )
}
