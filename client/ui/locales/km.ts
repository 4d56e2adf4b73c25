import type { TranslationOf } from '../i18n.ts'
import type { en } from './en.ts'

/**
 * One word for one thing, also in Khmer: cash session វេនសាច់ប្រាក់, branch សាខា, business អាជីវកម្ម, staff បុគ្គលិក,
 * sale ការលក់, item មុខទំនិញ, category ប្រភេទ, modifier ជម្រើសបន្ថែម, total ទឹកប្រាក់សរុប, received ប្រាក់ទទួល, change
 * ប្រាក់អាប់, receipt វិក្កយបត្រ, stock ស្តុក, policy គោលការណ៍, operation ប្រតិបត្តិការ, queue ជួររង់ចាំ, device ឧបករណ៍,
 * server ម៉ាស៊ីនមេ, PIN លេខសម្ងាត់, frozen ផ្អាក.
 */
export const km: TranslationOf<typeof en> = {
  language: 'ភាសា',
  colorScheme: { label: 'ពណ៌អេក្រង់', light: 'ភ្លឺ', dark: 'ងងឹត', auto: 'តាមឧបករណ៍' },
  connectivity: { online: 'មានអ៊ីនធឺណិត', slow: 'អ៊ីនធឺណិតយឺត', offline: 'គ្មានអ៊ីនធឺណិត' },
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
