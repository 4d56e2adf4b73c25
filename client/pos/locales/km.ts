import type { TranslationOf } from '../../ui/i18n.ts'
import type { en } from './en.ts'

export const km: TranslationOf<typeof en> = {
  title: 'ម៉ាស៊ីនលក់ Modula',
}
