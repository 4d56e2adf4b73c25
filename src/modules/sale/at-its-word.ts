/**
 * A sale as its payload claims it, where a device no longer has the revisions that it was priced by: with the names that
 * are known now. The gateway has the revisions, and looks again.
 */
import { type Decision, isDecision, type Operation } from '../../sync/module.ts'
import type { State } from '../../sync/state.ts'
import type { Read } from '../../sync/table.ts'
import { usableSession } from '../cash-session/drawer.ts'
import { menuItemRevision, menuItemRevisions, menuItems } from '../menu/tables.ts'
import { bookSale } from './book-sale.ts'
import type { SaleFinalize } from './contract.ts'
import { type PricedSale, soldAs } from './priced-sale.ts'

type Look = (reads: readonly Read[]) => void

export function takeAtItsWord(state: State, op: Operation<SaleFinalize>, look: Look): Decision {
  const session = usableSession(state, op.branchId, op.payload.cashSessionId)
  return isDecision(session) ? session : bookSale(state, op, session, claimed(state, op, look))
}

function claimed(state: State, { payload }: Operation<SaleFinalize>, look: Look): PricedSale {
  const lines = payload.lines.map((line) => {
    const item = state.get(menuItems, line.menuItemId)
    if (item) look([menuItemRevision(item.id, item.revision)])
    const newest = item && state.get(menuItemRevisions, item.id, item.revision)
    const options = (newest?.modifierGroups ?? [])
      .flatMap((group) => group.options)
      .filter(({ id }) => line.modifierOptionIds.includes(id))
    const known = {
      name: item?.name ?? line.menuItemId,
      categoryId: item?.categoryId ?? '',
      categoryName: newest?.categoryName ?? '',
      priceUsd: item?.priceUsd ?? 0,
    }
    return { sold: soldAs(line, known, options), uses: [] }
  })
  return { lines, totals: payload.totals, stale: true, staleSince: null }
}
