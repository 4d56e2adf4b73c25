import { defineTillModule, entity, online, typeOnly } from '../../sync/till.ts'
import type { CashSessionBookRefused, CashSessionSupplement, OperationGiveUp } from './contract.ts'
import { refusals, statements, supplements } from './tables.ts'
import { type codes, permissions } from './words.ts'

export const closingTill = defineTillModule({
  name: 'closing',
  permissions,
  codes: typeOnly<keyof typeof codes>(),
  online: {
    'cashSession.supplement': online<CashSessionSupplement>('branch'),
    'cashSession.bookRefused': online<CashSessionBookRefused>('branch'),
    'operation.giveUp': online<OperationGiveUp>('branch'),
  },
  entities: [entity(statements), entity(supplements), entity(refusals, { settles: true })],
})
