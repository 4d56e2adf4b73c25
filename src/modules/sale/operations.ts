import { defineOperation } from '../../sync/module.ts'
import { activeAttendanceOf } from '../attendance/tables.ts'
import { cashSessionById, openCashSessionOf } from '../cash-session/tables.ts'
import { movedBy, stockItemById, stockMoves, stockMovesOfOperation } from '../inventory/tables.ts'
import { menuItemById, menuItemRevision, menuItemRevisions } from '../menu/tables.ts'
import { policyOf, policyRevision } from '../policy/tables.ts'
import { theTenant } from '../tenant/tables.ts'
import { saleFinalize, saleVoid } from './contract.ts'
import { decideFinalize, decideVoid } from './decide.ts'
import { replacements } from './revisions.ts'
import { receiptCounterOf, saleById, sales } from './tables.ts'

export const finalize = defineOperation({
  type: 'sale.finalize',
  description:
    'A sale that a customer paid in cash, priced from the menu and policy revisions that it names.',
  payload: saleFinalize,
  offline: true,
  scope: 'branch',
  permission: 'sale.finalize',
  reads: [
    ({ branchId, actorId, payload }) => [
      theTenant(),
      saleById(payload.saleId),
      cashSessionById(payload.cashSessionId),
      policyOf(branchId),
      policyRevision(branchId, payload.policyRevision),
      receiptCounterOf(branchId),
      activeAttendanceOf(actorId),
      ...payload.lines.flatMap((line) => [
        menuItemById(line.menuItemId),
        menuItemRevision(line.menuItemId, line.menuItemRevision),
      ]),
    ],
    (op, state) => [
      ...replacements(op, state),
      ...op.payload.lines.flatMap(({ menuItemId, menuItemRevision: revision }) => {
        const published = state.get(menuItemRevisions, menuItemId, revision)
        const options = published?.modifierGroups.flatMap((group) => group.options) ?? []
        return [...(published?.recipe ?? []), ...options.flatMap((option) => option.components ?? [])].map(
          ({ stockItemId }) => stockItemById(op.branchId, stockItemId),
        )
      }),
    ],
  ],
  decide: decideFinalize,
})

export const voidSale = defineOperation({
  type: 'sale.void',
  description: 'Voids a finalized sale: refund into the open session, stock given back.',
  payload: saleVoid,
  offline: false,
  scope: 'branch',
  permission: 'sale.void',
  reads: [
    ({ branchId, payload }) => [saleById(payload.saleId), openCashSessionOf(branchId)],
    ({ branchId, payload }, state) => {
      const sold = state.get(sales, branchId, payload.saleId)
      return sold ? [stockMovesOfOperation(branchId, sold.clientOpId)] : []
    },
    ({ branchId, payload }, state) =>
      state.get(sales, branchId, payload.saleId)
        ? state
            .filter(stockMoves, () => true)
            .flatMap(movedBy)
            .map(({ stockItemId }) => stockItemById(branchId, stockItemId))
        : [],
  ],
  decide: decideVoid,
})
