import type { TranslationOf } from '../../../ui/i18n.ts'
import type { device as english } from '../en/device.ts'

export const device: TranslationOf<typeof english> = {
  look: 'ភាសា និងពណ៌',
  data: 'ទិន្នន័យលើឧបករណ៍នេះ',
  storage: 'ប្រព័ន្ធរក្សាទុក',
  persistent: 'បានសន្យា',
  bestEffort: 'មិនបានសន្យា',
  used: 'កន្លែងផ្ទុកដែលបានប្រើ',
  usedOf: '{{used}} ក្នុងចំណោម {{quota}}',
  id: 'លេខសម្គាល់ឧបករណ៍',
  leader: 'ផ្ទាំងនេះទាក់ទងម៉ាស៊ីនមេ',
  yes: 'បាទ/ចាស',
  no: 'ទេ ផ្ទាំងផ្សេង',
  lastSynced: 'ធ្វើសមកាលកម្មចុងក្រោយ',
  never: 'មិនទាន់',
  install: 'ដំឡើងកម្មវិធីគិតលុយ',
  queue: 'ជួររង់ចាំ',
  queueText:
    'បើឧបករណ៍នេះខូច អ្វីដែលមិនទាន់ផ្ញើអាចយកទៅឧបករណ៍ផ្សេងបាន៖ រក្សាទុកជួររង់ចាំជាឯកសារនៅទីនេះ រួចអានវានៅទីនោះ។ គ្មានអ្វីត្រូវបានផ្ញើពីរដងទេ។',
  export: 'រក្សាទុកជួររង់ចាំជាឯកសារ',
  import: 'អានជួររង់ចាំពីឯកសារ',
  imported: 'បានយកចូល {{imported}} មានរួចហើយ {{skipped}}។',
  people: 'អ្នកប្រើឧបករណ៍នេះ',
  peopleText: 'ពួកគេអាចចូលប្រើដោយលេខសម្ងាត់ ទោះគ្មានអ៊ីនធឺណិតក៏ដោយ។',
  forget: 'បំភ្លេច {{name}}',
  forgetShort: 'បំភ្លេច',
  about: 'អំពីកម្មវិធី',
  version: 'ជំនាន់ {{version}}',
  offlineReady: 'អាចបើកបានដោយគ្មានអ៊ីនធឺណិត។',
  offlineNotReady: 'មិនទាន់អាចបើកដោយគ្មានអ៊ីនធឺណិតទេ៖ សូមនៅភ្ជាប់អ៊ីនធឺណិតបន្តិច។',
}
