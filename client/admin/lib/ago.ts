/** Times as people say them: how long ago, and how long. */
import type { formats } from '../../ui/format.ts'

type Language = keyof typeof formats

const steps = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
] as const

const relative = {
  en: new Intl.RelativeTimeFormat('en-GB', { numeric: 'auto' }),
  km: new Intl.RelativeTimeFormat('km-KH', { numeric: 'auto' }),
}

/** `3 minutes ago`, `in 2 hours`; what was within ten seconds is `now`. */
export function ago(moment: Date | string | number, now: number, language: Language): string {
  const seconds = Math.round((new Date(moment).getTime() - now) / 1000)
  if (Math.abs(seconds) < 10) return relative[language].format(0, 'second')
  const [unit, size] = steps.find(([, size]) => Math.abs(seconds) >= size)!
  return relative[language].format(Math.trunc(seconds / size), unit)
}

/** `3 h 12 min`, `45 s`: the two largest parts of it. */
export function duration(ms: number, language: Language): string {
  let left = Math.round(Math.abs(ms) / 1000)
  const parts: string[] = []
  for (const [unit, size] of steps) {
    const value = Math.floor(left / size)
    left -= value * size
    if (value > 0 || (unit === 'second' && parts.length === 0)) parts.push(spell(value, unit, language))
    else if (parts.length > 0) break
    if (parts.length === 2) break
  }
  return parts.join(' ')
}

const spell = (value: number, unit: string, language: Language): string =>
  new Intl.NumberFormat(language === 'km' ? 'km-KH' : 'en-GB', {
    style: 'unit',
    unit,
    unitDisplay: 'short',
  }).format(value)
