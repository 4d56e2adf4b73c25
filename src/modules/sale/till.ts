import { reject } from '../../sync/module.ts'
import {
  defineTillModule,
  entity,
  entityOf,
  type Known,
  local,
  thing,
  typeOnly,
  type Wire,
} from '../../sync/till.ts'
import { theSession, withoutSession } from '../cash-session/till.ts'
import * as cashSession from '../cash-session/words.ts'
import * as inventory from '../inventory/words.ts'
import { menuItems } from '../menu/tables.ts'
import { policies } from '../policy/tables.ts'
import { branches } from '../tenant/tables.ts'
import { takeAtItsWord } from './at-its-word.ts'
import type { SaleEntity, SaleFinalize } from './contract.ts'
import { finalize, voidSale } from './operations.ts'
import { sales } from './tables.ts'
import { type codes, permissions, scopes } from './words.ts'

/** The sale that an operation names. */
export const theSale = thing(sales, 'saleId')

/** Only the gateway gives receipt numbers. */
type SaleShown = Omit<Wire<SaleEntity>, 'receiptNumber'> & { receiptNumber: number | null }

/** What was queued stays sold when it leaves the menu; what is not on it cannot be sold anew. */
function notOnMenu(known: Known, { lines }: SaleFinalize) {
  const unknown = lines.find(({ menuItemId }) => !entityOf(known, menuItems, menuItemId))
  return unknown
    ? reject('MENU_ITEM_UNKNOWN', 'The sale has an item that is not on the menu here.', {
        menuItemId: unknown.menuItemId,
      })
    : null
}

export const saleTill = defineTillModule({
  name: 'sale',
  scopes,
  permissions,
  codes: typeOnly<keyof typeof codes>(),
  operations: [
    local(finalize, {
      makes: [theSale],
      uses: [theSession],
      seenIn: [cashSession.scopes, scopes, inventory.scopes].flatMap(Object.keys),
      needs: {
        tables: [branches, policies, menuItems],
        message: 'This device has not loaded the menu and the prices of this branch yet: connect it once.',
      },
      blocked: withoutSession,
      check: notOnMenu,
      // Prices that this device does not have (any more).
      atItsWord: {
        codes: ['MENU_ITEM_UNKNOWN', 'MENU_REVISION_UNKNOWN', 'POLICY_REVISION_UNKNOWN'],
        decide: takeAtItsWord,
      },
    }),
    local(voidSale),
  ],
  entities: [
    entity(sales, {
      together: true,
      provisional: (sale): SaleShown => ({ ...sale, receiptNumber: null }),
      row: (id, sale, { branchId }) => ({
        id,
        branchId,
        clientOpId: '',
        receiptNumber: sale.receiptNumber ?? 0,
        status: sale.status,
        saleType: sale.saleType,
        cashSessionId: sale.cashSessionId,
        policyRevision: sale.policyRevision,
        policy: {},
        lines: sale.lines,
        totals: sale.totals,
        tender: sale.tender,
        pricedFromStaleCache: sale.pricedFromStaleCache,
        actorId: sale.actorId,
        finalizedAt: new Date(sale.finalizedAt),
        recordedAt: new Date(sale.finalizedAt),
        voidedAt: sale.voidedAt ? new Date(sale.voidedAt) : null,
        voidedBy: null,
        voidReason: sale.voidReason ?? null,
      }),
    }),
  ],
})
