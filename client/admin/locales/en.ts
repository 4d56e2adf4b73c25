/** What the console says, in English. The keys are the law for every other language. */
import { audit } from './en/audit.ts'
import { cash } from './en/cash.ts'
import { closings } from './en/closings.ts'
import { devices } from './en/devices.ts'
import { menu } from './en/menu.ts'
import { overview } from './en/overview.ts'
import { policy } from './en/policy.ts'
import { rejected } from './en/rejected.ts'
import { sales } from './en/sales.ts'
import { settings } from './en/settings.ts'
import { shell } from './en/shell.ts'
import { staff } from './en/staff.ts'
import { stock } from './en/stock.ts'
import { words } from './en/words.ts'

export const en = {
  title: 'Modula console',
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
} as const
