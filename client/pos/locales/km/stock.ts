import type { TranslationOf } from '../../../ui/i18n.ts'
import type { stock as english } from '../en/stock.ts'

export const stock: TranslationOf<typeof english> = {
  title: 'ស្តុក',
  none: 'មិនទាន់មានស្តុកនៅសាខានេះទេ',
  noneText: 'អ្នកគ្រប់គ្រងបញ្ចូលស្តុកក្នុងកុងសូល។',
  low: 'ជិតអស់៖ សូមប្រាប់អ្នកចាត់ការ',
  waste: {
    button: 'បោះចោល',
    buttonFor: 'បោះចោល {{item}}',
    title: '{{item}}៖ បានបោះចោល',
    quantity: 'ចំនួន ({{unit}})',
    needQuantity: 'សូមវាយចំនួនគត់ធំជាងសូន្យ។',
    reason: 'មូលហេតុ',
    reasonHelp: 'ឧទាហរណ៍៖ កំពប់ ឬហួសថ្ងៃ។',
    needReason: 'សូមសរសេរមូលហេតុ។',
    left: 'នៅសល់ {{quantity}} {{unit}}។',
    confirm: 'ដកចេញពីស្តុក',
    done: 'បានដកចេញពីស្តុក។',
  },
}
