import type { TranslationOf } from '../../ui/i18n.ts'
import type { en } from './en.ts'
import { approval, work } from './km/approval.ts'
import { cash } from './km/cash.ts'
import { device } from './km/device.ts'
import { pay } from './km/pay.ts'
import { sales } from './km/sales.ts'
import { sell } from './km/sell.ts'
import { shell } from './km/shell.ts'
import { signIn } from './km/sign-in.ts'
import { stock } from './km/stock.ts'
import { sync } from './km/sync.ts'

/** One word for one thing: see `client/ui/locales/km.ts`. */
export const km: TranslationOf<typeof en> = {
  title: 'កម្មវិធីគិតលុយ Modula',
  shell,
  signIn,
  sell,
  pay,
  cash,
  sales,
  stock,
  sync,
  device,
  approval,
  work,
}
