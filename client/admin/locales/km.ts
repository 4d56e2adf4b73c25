import type { TranslationOf } from '../../ui/i18n.ts'
import type { en } from './en.ts'

export const km: TranslationOf<typeof en> = {
  title: 'ផ្ទាំងគ្រប់គ្រង Modula',
}
