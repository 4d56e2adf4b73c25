import { useTranslation } from 'react-i18next'
import type { en } from '../locales/en.ts'

type Kind = keyof typeof en.words

/** The gateway's own names as people say them; one that is new here stays as it is: `word('code', 'BRANCH_FROZEN')`. */
export function useWords(): (kind: Kind, name: string) => string {
  const { t } = useTranslation('admin')
  // Types of operations have a dot in them, which would be a step down in the strings.
  return (kind, name) => {
    const words = t(`words.${kind}`, { returnObjects: true }) as Record<string, string>
    return words[name] ?? name
  }
}
