/**
 * Why something was not done, in the language of the person: the gateway and the SDK say it in English, with a code.
 */
import { useTranslation } from 'react-i18next'
import { reasons } from './locales/reasons.km.ts'

/** A rejection, an error of the SDK, `status().problem` ... */
export type Problem = { code: string | null; message: string | null; details?: unknown }

/** In English as it was said, which is the most exact; in Khmer by its code. A code that is new here stays English. */
export function reasonIn(language: string, { code, message, details }: Problem): string {
  const inKhmer = language === 'km' ? (reasons as Record<string, string>)[code ?? ''] : undefined
  return inKhmer?.replace('{{minutes}}', String(minutesIn(details))) ?? message ?? code ?? ''
}

/** How long somebody has to wait: of a `retryAfterMs`, a minute where nothing says more. */
const minutesIn = (details: unknown): number =>
  Math.max(1, Math.ceil(((details as { retryAfterMs?: number } | null)?.retryAfterMs ?? 0) / 60_000))

/** `const reason = useReason(); reason(error)`. */
export function useReason(): (problem: Problem) => string {
  const { i18n } = useTranslation()
  return (problem) => reasonIn(i18n.language, problem)
}
