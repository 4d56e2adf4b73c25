import type { TranslationOf } from '../i18n.ts'
import type { en } from './en.ts'

export const km: TranslationOf<typeof en> = {
  language: 'ភាសា',
  colorScheme: { label: 'ពណ៌អេក្រង់', light: 'ភ្លឺ', dark: 'ងងឹត', auto: 'តាមឧបករណ៍' },
  connectivity: { online: 'មានអ៊ីនធឺណិត', offline: 'គ្មានអ៊ីនធឺណិត' },
  action: {
    cancel: 'បោះបង់',
    confirm: 'បញ្ជាក់',
    close: 'បិទ',
    save: 'រក្សាទុក',
    back: 'ត្រឡប់ក្រោយ',
    retry: 'ព្យាយាមម្ដងទៀត',
    reload: 'ផ្ទុកឡើងវិញ',
    signIn: 'ចូលប្រើ',
    signOut: 'ចាកចេញ',
  },
}
