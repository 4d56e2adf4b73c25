/**
 * What a sale costs and takes from stock, by the revisions that it names: what was published stays valid, however
 * menu and policy changed since.
 */
import { isDecision, type Operation, type Rejected, reject } from '../../sync/module.ts'
import type { State } from '../../sync/state.ts'
import type { Row } from '../../sync/table.ts'
import type { Json } from '../../sync/words.ts'
import type { StockMove } from '../inventory/ledger.ts'
import type { Component, ModifierOption } from '../menu/contract.ts'
import { menuItemRevisions, menuItems } from '../menu/tables.ts'
import type { PolicyValues } from '../policy/contract.ts'
import { policyRevisions } from '../policy/tables.ts'
import type { SaleFinalize, SoldLine } from './contract.ts'
import { rielDue, type Totals, totalsOf, unitPrice } from './pricing.ts'
import { stalenessOf, tooOld } from './revisions.ts'
import { rightChange } from './tender.ts'

type Revision = Row<typeof menuItemRevisions>

/** A line as sold, with what it takes from stock. */
type PricedLine = { sold: SoldLine; uses: StockMove[] }

/** `stale`: a price or the policy was published anew since the till priced the sale; `staleSince`: when at first. */
export type PricedSale = {
  lines: readonly PricedLine[]
  totals: Totals
  stale: boolean
  staleSince: Date | null
}

/** Prices the sale. A rejection where that cannot be known, or is not what the customer was asked for and given back. */
export function priceSale(state: State, op: Operation<SaleFinalize>): PricedSale | Rejected {
  const { branchId, payload } = op
  const published = state.get(policyRevisions, branchId, payload.policyRevision)
  if (!published)
    return reject(
      'POLICY_REVISION_UNKNOWN',
      'The sale was priced with a policy that was never in force here.',
      { policyRevision: payload.policyRevision },
    )
  const { branchId: _, revision: __, publishedAt: ___, ...values } = published
  const policy = values as PolicyValues

  const lines: PricedLine[] = []
  for (const line of payload.lines) {
    const priced = priceLine(state, line)
    if (isDecision(priced)) return priced
    lines.push(priced)
  }
  const refused = tooOld(state, op)
  if (refused) return refused
  const totals = totalsOf(
    lines.map(({ sold }) => sold),
    policy,
  )
  const { stale, since } = stalenessOf(state, op)
  return checkMoney(payload, totals, policy) ?? { lines, totals, stale, staleSince: since }
}

function priceLine(state: State, line: SaleFinalize['lines'][number]): PricedLine | Rejected {
  const { menuItemId, menuItemRevision, quantity, modifierOptionIds } = line
  const item = state.get(menuItems, menuItemId)
  if (!item)
    return reject('MENU_ITEM_UNKNOWN', 'The sale has an item that was never on the menu.', { menuItemId })
  const revision = state.get(menuItemRevisions, menuItemId, menuItemRevision)
  if (!revision)
    return reject('MENU_REVISION_UNKNOWN', `"${item.name}" was never published at this price.`, {
      menuItemId,
      menuItemRevision,
    })
  const options = selectedOptions(revision, modifierOptionIds)
  if (isDecision(options)) return options

  return {
    sold: soldAs(line, revision, options),
    uses: [...revision.recipe, ...options.flatMap((option) => option.components ?? [])]
      .filter((component: Component) => component.tracking === 'TRACKED')
      .map(({ stockItemId, name, unit, quantity: each }) => ({
        stockItemId,
        name,
        unit,
        quantity: -each * quantity,
      })),
  }
}

/** The line as it is sold: what was chosen of an item as it was published. */
export function soldAs(
  { menuItemId, menuItemRevision, quantity }: SaleFinalize['lines'][number],
  {
    name,
    categoryId,
    categoryName,
    priceUsd,
  }: Pick<Revision, 'name' | 'categoryId' | 'categoryName' | 'priceUsd'>,
  options: readonly ModifierOption[],
): SoldLine {
  const unitUsd = unitPrice(
    priceUsd,
    options.map((option) => option.priceUsd),
  )
  return {
    ...{ menuItemId, menuItemRevision, name, categoryId, categoryName, quantity },
    ...{ unitUsd, lineUsd: unitUsd * quantity },
    modifiers: options.map(({ id, name, priceUsd }) => ({ id, name, priceUsd })),
  }
}

/** The options that the line names, in its order, if they fit the groups' rules as they were published. */
function selectedOptions(revision: Revision, optionIds: readonly string[]): ModifierOption[] | Rejected {
  const invalid = (why: string, details: Record<string, Json>) =>
    reject('MODIFIER_SELECTION_INVALID', `The choices for "${revision.name}" do not fit: ${why}.`, {
      menuItemId: revision.menuItemId,
      ...details,
    })
  const options: ModifierOption[] = []
  const counts = new Map<string, number>()
  for (const optionId of optionIds) {
    const group = revision.modifierGroups.find((each) =>
      each.options.some((option) => option.id === optionId),
    )
    const option = group?.options.find((each) => each.id === optionId)
    if (!group || !option) return invalid('there is no such choice', { modifierOptionId: optionId })
    if (options.includes(option))
      return invalid(`"${option.name}" is chosen twice`, { modifierOptionId: optionId })
    options.push(option)
    counts.set(group.id, (counts.get(group.id) ?? 0) + 1)
  }
  for (const { id, name, minSelections, maxSelections } of revision.modifierGroups) {
    const count = counts.get(id) ?? 0
    if (count < minSelections || count > maxSelections)
      return invalid(`"${name}" takes ${minSelections} to ${maxSelections}, not ${count}`, {
        modifierGroupId: id,
      })
  }
  return options
}

/** Totals to the cent, cash that covers them, and the right change. */
function checkMoney(
  { totals: claimed, tender }: SaleFinalize,
  totals: Totals,
  policy: PolicyValues,
): Rejected | null {
  const wrong = (Object.keys(totals) as (keyof Totals)[]).some((name) => totals[name] !== claimed[name])
  if (wrong)
    return reject('SALE_TOTALS_MISMATCH', 'The totals of the sale are not what its prices add up to.', {
      expected: { ...totals },
      received: { ...claimed },
    })
  if (tender.method !== 'CASH')
    return reject('TENDER_METHOD_NOT_ALLOWED', 'Only cash can be taken here.', { method: tender.method })
  const change = rightChange(tender, totals, policy)
  if (!change)
    return reject(
      'TENDER_INSUFFICIENT',
      'The cash received does not cover the total.',
      'currency' in tender
        ? {
            currency: tender.currency,
            received: tender.received,
            total: tender.currency === 'USD' ? totals.totalUsd : totals.totalKhr,
          }
        : { received: tender.received, due: { khr: rielDue(tender.received.usd, totals.totalUsd, policy) } },
    )
  if (change.usd !== tender.change.usd || change.khr !== tender.change.khr)
    return reject('SALE_TOTALS_MISMATCH', 'The change of the sale is not what it should be.', {
      expected: { change },
      received: { change: tender.change },
    })
  return null
}
