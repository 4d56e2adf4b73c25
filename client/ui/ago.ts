/**
 * Times as people say them: how long ago, and how long. In words of our own: not every browser knows these in Khmer.
 */
type Language = 'en' | 'km'
type Unit = 'day' | 'hour' | 'minute' | 'second'

const sizes: readonly (readonly [Unit, seconds: number])[] = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
]

const words = {
  en: {
    now: 'now',
    past: (time: string) => `${time} ago`,
    future: (time: string) => `in ${time}`,
    short: { day: 'd', hour: 'h', minute: 'min', second: 's' },
    long: (count: number, unit: Unit) => `${count} ${unit}${count === 1 ? '' : 's'}`,
  },
  km: {
    now: 'ឥឡូវនេះ',
    past: (time: string) => `${time}មុន`,
    future: (time: string) => `ក្នុង ${time}ទៀត`,
    short: { day: 'ថ្ងៃ', hour: 'ម៉ោង', minute: 'នាទី', second: 'វិនាទី' },
    long: (count: number, unit: Unit): string => `${count} ${words.km.short[unit]}`,
  },
} as const

/** `3 minutes ago`, `in 2 hours`; what was within ten seconds is `now`. */
export function ago(moment: Date | string | number, now: number, language: Language): string {
  const seconds = Math.round((new Date(moment).getTime() - now) / 1000)
  const { now: justNow, past, future, long } = words[language]
  if (Math.abs(seconds) < 10) return justNow
  const [unit, size] = sizes.find(([, size]) => Math.abs(seconds) >= size)!
  const time = long(Math.floor(Math.abs(seconds) / size), unit)
  return seconds < 0 ? past(time) : future(time)
}

/** `3 h 12 min`, `45 s`: its largest part, and the next smaller one. */
export function duration(ms: number, language: Language): string {
  const seconds = Math.round(Math.abs(ms) / 1000)
  const largest = sizes.findIndex(([, size]) => seconds >= size)
  const parts = largest < 0 ? sizes.slice(-1) : sizes.slice(largest, largest + 2)
  return parts
    .map(([unit, size], index) => ({
      unit,
      value: Math.floor(seconds / size) % (index === 0 ? Infinity : unitsOf(unit)),
    }))
    .filter(({ value }, index) => index === 0 || value > 0)
    .map(({ unit, value }) => `${value} ${words[language].short[unit]}`)
    .join(' ')
}

/** How many of a unit make one of the next larger. */
const unitsOf = (unit: Unit): number => (unit === 'hour' ? 24 : 60)
