/** The strings of the till: `useTranslation('pos')`. */
import { en } from './en.ts'
import { km } from './km.ts'

declare module '../../ui/i18n.ts' {
  interface Strings {
    pos: typeof en
  }
}

export const pos = { en, km }
