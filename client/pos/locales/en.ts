/** What the till says, in English. The keys are the law for every other language. */
import { approval, work } from './en/approval.ts'
import { cash } from './en/cash.ts'
import { device } from './en/device.ts'
import { pay } from './en/pay.ts'
import { sales } from './en/sales.ts'
import { sell } from './en/sell.ts'
import { shell } from './en/shell.ts'
import { signIn } from './en/sign-in.ts'
import { stock } from './en/stock.ts'
import { sync } from './en/sync.ts'

export const en = {
  title: 'Modula till',
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
} as const
