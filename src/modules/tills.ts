/** The café's modules, as tills have them. A new one is a folder and a line here; the gateway's list is index.ts. */
import { accessTill } from './access/till.ts'
import { attendanceTill } from './attendance/till.ts'
import { cashSessionTill } from './cash-session/till.ts'
import { closingTill } from './closing/till.ts'
import { inventoryTill } from './inventory/till.ts'
import { menuTill } from './menu/till.ts'
import { policyTill } from './policy/till.ts'
import { saleTill } from './sale/till.ts'
import { tenantTill } from './tenant/till.ts'

export const cafeTill = [
  tenantTill,
  policyTill,
  menuTill,
  accessTill,
  cashSessionTill,
  saleTill,
  closingTill,
  inventoryTill,
  attendanceTill,
] as const

/** What operations of others may build on. */
export { theSession } from './cash-session/till.ts'
export { theSale } from './sale/till.ts'
