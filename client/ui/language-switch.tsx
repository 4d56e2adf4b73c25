import { SegmentedControl } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Language } from './i18n.ts'

/** Each language in its own words: whoever cannot read the one on screen finds theirs. */
const names: { value: Language; label: string }[] = [
  { value: 'en', label: 'English' },
  { value: 'km', label: 'ខ្មែរ' },
]

export function LanguageSwitch() {
  const { t, i18n } = useTranslation('ui')
  return (
    <SegmentedControl
      aria-label={t('language')}
      data={names}
      value={i18n.language}
      onChange={(language) => void i18n.changeLanguage(language)}
    />
  )
}
