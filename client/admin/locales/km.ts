import type { TranslationOf } from '../../ui/i18n.ts'
import type { en } from './en.ts'
import { audit } from './km/audit.ts'
import { cash } from './km/cash.ts'
import { closings } from './km/closings.ts'
import { devices } from './km/devices.ts'
import { menu } from './km/menu.ts'
import { overview } from './km/overview.ts'
import { policy } from './km/policy.ts'
import { rejected } from './km/rejected.ts'
import { sales } from './km/sales.ts'
import { settings } from './km/settings.ts'
import { shell } from './km/shell.ts'
import { staff } from './km/staff.ts'
import { stock } from './km/stock.ts'
import { words } from './km/words.ts'

export const km: TranslationOf<typeof en> = {
  title: 'ផ្ទាំងគ្រប់គ្រង Modula',
  shell,
  words,
  overview,
  devices,
  rejected,
  sales,
  cash,
  closings,
  menu,
  policy,
  stock,
  staff,
  audit,
  settings,
}
