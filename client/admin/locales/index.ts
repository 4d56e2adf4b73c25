/** The strings of the console: `useTranslation('admin')`. */
import { en } from './en.ts'
import { km } from './km.ts'

declare module '../../ui/i18n.ts' {
  interface Strings {
    admin: typeof en
  }
}

export const admin = { en, km }
