import type { TranslationOf } from '../../../ui/i18n.ts'
import type { approval as englishApproval, work as englishWork } from '../en/approval.ts'

export const approval: TranslationOf<typeof englishApproval> = {
  title: 'ការអនុញ្ញាតដោយលេខសម្ងាត់',
  text: '{{name}} មិនអាចធ្វើវាតែម្នាក់ឯងបានទេ។ អ្នកដែលអនុញ្ញាតគឺជាអ្នកទទួលខុសត្រូវ។',
  who: 'អ្នកអនុញ្ញាត',
  other: 'អ្នកផ្សេង',
  confirm: 'អនុញ្ញាត',
  offlineUnknown: 'គ្មានអ៊ីនធឺណិត។ មានតែអ្នកដែលធ្លាប់ចូលប្រើលើឧបករណ៍នេះទេ ទើបអាចអនុញ្ញាតបាន។',
}

export const work: TranslationOf<typeof englishWork> = {
  title: 'ការងាររបស់អ្នក',
  notRunning: 'អ្នកមិនទាន់ចាប់ផ្ដើមធ្វើការទេ។',
  since: 'ធ្វើការតាំងពី {{time}}។',
  runs: '{{hours}} ម៉ោង {{minutes}} នាទី',
  last: 'ថ្ងៃចុងក្រោយរបស់អ្នក',
  none: 'មិនទាន់មានអ្វីកត់ត្រាទេ។',
  now: 'ឥឡូវ',
}
