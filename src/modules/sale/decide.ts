import {
  accept,
  alreadyApplied,
  type Decision,
  type Operation,
  type Rejected,
  reject,
} from '../../sync/module.ts'
import type { State } from '../../sync/state.ts'
import type { Row } from '../../sync/table.ts'
import type { Json } from '../../sync/words.ts'
import { activeAttendance } from '../attendance/index.ts'
import { isDecision, usableSession } from '../cash-session/decide.ts'
import { moveCash, openSessionOf } from '../cash-session/drawer.ts'
import { moveStock, type StockMove } from '../inventory/ledger.ts'
import { stockEntries } from '../inventory/tables.ts'
import type { Component, ModifierOption } from '../menu/contract.ts'
import { menuItemRevisions, menuItems } from '../menu/tables.ts'
import type { PolicyValues } from '../policy/contract.ts'
import { policies, policyRevisions } from '../policy/tables.ts'
import type { SaleFinalize, SaleVoid, SoldLine } from './contract.ts'
import { changeOf, type Totals, totalsOf, unitPrice } from './pricing.ts'
import { receiptCounters, sales } from './tables.ts'

type Sale = Row<typeof sales>
type Revision = Row<typeof menuItemRevisions>

/** A line as sold, with what it takes from stock and whether its price was the current one. */
type PricedLine = { sold: SoldLine; uses: StockMove[]; stale: boolean }

/** Decides `sale.finalize`. The order of the checks is the order in which a cashier would want to hear of them. */
export function decideFinalize(state: State, op: Operation<SaleFinalize>): Decision {
  const { payload } = op

  // The sale's own anchor: sent again under another key, it is still one sale.
  const earlier = state.get(sales, op.branchId, payload.saleId)
  if (earlier)
    return isSameSale(earlier, payload)
      ? alreadyApplied(resultOf(earlier))
      : reject('SALE_ALREADY_FINALIZED', 'Another sale was finalized under this id before.', {
          saleId: payload.saleId,
        })

  const session = usableSession(state, op.branchId, payload.cashSessionId)
  if (isDecision(session)) return session

  const policy = state.get(policyRevisions, op.branchId, payload.policyRevision)
  if (!policy)
    return reject(
      'POLICY_REVISION_UNKNOWN',
      'The sale was priced with a policy that was never in force here.',
      {
        policyRevision: payload.policyRevision,
      },
    )

  const lines: PricedLine[] = []
  for (const line of payload.lines) {
    const priced = priceLine(state, line)
    if (isDecision(priced)) return priced
    lines.push(priced)
  }
  const totals = totalsOf(
    lines.map(({ sold }) => sold),
    policy as PolicyValues,
  )
  const mismatch = checkMoney(payload, totals, policy as PolicyValues)
  if (mismatch) return mismatch

  const stale =
    payload.policyRevision !== state.get(policies, op.branchId)?.revision || lines.some((line) => line.stale)
  const { branchId: _, revision: __, publishedAt: ___, ...policyValues } = policy
  const receiptNumber = (state.get(receiptCounters, op.branchId)?.lastNumber ?? 0) + 1
  const sale: Sale = {
    branchId: op.branchId,
    id: payload.saleId,
    clientOpId: op.clientOpId,
    receiptNumber,
    status: 'FINALIZED',
    saleType: payload.saleType,
    cashSessionId: session.id,
    policyRevision: payload.policyRevision,
    policy: policyValues as PolicyValues,
    lines: lines.map(({ sold }) => sold),
    totals,
    tender: payload.tender,
    pricedFromStaleCache: stale,
    actorId: op.actorId,
    finalizedAt: op.happenedAt,
    recordedAt: op.at,
    voidedAt: null,
    voidedBy: null,
    voidReason: null,
  }
  const { received, currency, change } = payload.tender
  const deductions = moveStock(
    state,
    op,
    lines.flatMap(({ uses }) => uses),
    { kind: 'SALE', saleId: sale.id, reason: null },
  )
  const about = { saleId: sale.id, receiptNumber }
  return accept({
    writes: [
      sales.row(sale),
      receiptCounters.row({ branchId: op.branchId, lastNumber: receiptNumber }),
      ...moveCash(session, {
        id: op.clientOpId,
        kind: 'SALE_IN',
        usd: (currency === 'USD' ? received : 0) - change.usd,
        khr: (currency === 'KHR' ? received : 0) - change.khr,
        reason: null,
        saleId: sale.id,
        actorId: op.actorId,
        occurredAt: op.happenedAt,
      }),
      ...deductions,
    ],
    audit: [
      { name: 'SALE_FINALIZED', data: { ...about, totals: { ...totals } } },
      ...(deductions.length > 0 ? [{ name: 'INVENTORY_DEDUCTION_APPLIED', data: about }] : []),
      ...(stale ? [{ name: 'SALE_PRICED_FROM_STALE_CACHE', data: about }] : []),
      ...(activeAttendance(state, op.actorId)
        ? []
        : [{ name: 'SALE_FINALIZED_WITHOUT_ATTENDANCE', data: about }]),
    ],
    result: resultOf(sale),
  })
}

const resultOf = ({ id, receiptNumber, pricedFromStaleCache, totals }: Sale): Record<string, Json> => ({
  saleId: id,
  receiptNumber,
  pricedFromStaleCache,
  totals: { ...totals },
})

/** The same sale as the customer paid it: everything but the session that the cash was booked into. */
function isSameSale(sale: Sale, payload: SaleFinalize): boolean {
  const asSold = sale.lines.map((line) => ({
    menuItemId: line.menuItemId,
    menuItemRevision: line.menuItemRevision,
    quantity: line.quantity,
    modifierOptionIds: line.modifiers.map(({ id }) => id),
  }))
  const inOrder = ({
    menuItemId,
    menuItemRevision,
    quantity,
    modifierOptionIds,
  }: SaleFinalize['lines'][number]) => [menuItemId, menuItemRevision, quantity, modifierOptionIds]
  const { method, currency, received, change } = payload.tender
  const tender = sale.tender
  return (
    sale.saleType === payload.saleType &&
    sale.policyRevision === payload.policyRevision &&
    JSON.stringify(asSold.map(inOrder)) === JSON.stringify(payload.lines.map(inOrder)) &&
    (Object.keys(sale.totals) as (keyof Totals)[]).every(
      (name) => sale.totals[name] === payload.totals[name],
    ) &&
    tender.method === method &&
    tender.currency === currency &&
    tender.received === received &&
    tender.change.usd === change.usd &&
    tender.change.khr === change.khr
  )
}

/** Prices a line from the revision that it names: what was published stays valid, however the menu changed since. */
function priceLine(state: State, line: SaleFinalize['lines'][number]): PricedLine | Decision {
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

  const unitUsd = unitPrice(
    revision.priceUsd,
    options.map((option) => option.priceUsd),
  )
  if (unitUsd < 0)
    return reject(
      'MODIFIER_SELECTION_INVALID',
      `These choices would make "${revision.name}" cost less than nothing.`,
    )
  return {
    sold: {
      menuItemId,
      menuItemRevision,
      name: revision.name,
      categoryId: revision.categoryId,
      categoryName: revision.categoryName,
      quantity,
      unitUsd,
      lineUsd: unitUsd * quantity,
      modifiers: options.map(({ id, name, priceUsd }) => ({ id, name, priceUsd })),
    },
    uses: [...revision.recipe, ...options.flatMap((option) => option.components ?? [])]
      .filter((component: Component) => component.tracking === 'TRACKED')
      .map(({ stockItemId, name, unit, quantity: each }) => ({
        stockItemId,
        name,
        unit,
        quantity: -each * quantity,
      })),
    stale: menuItemRevision !== item.revision,
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
  const change = changeOf(tender, totals, policy)
  if (!change)
    return reject('TENDER_INSUFFICIENT', 'The cash received does not cover the total.', {
      currency: tender.currency,
      received: tender.received,
      total: tender.currency === 'USD' ? totals.totalUsd : totals.totalKhr,
    })
  if (change.usd !== tender.change.usd || change.khr !== tender.change.khr)
    return reject('SALE_TOTALS_MISMATCH', 'The change of the sale is not what it should be.', {
      expected: { change },
      received: { change: tender.change },
    })
  return null
}

/** Decides `sale.void`: the sale stays, marked; cash and stock are given back by entries of their own. */
export function decideVoid(state: State, op: Operation<SaleVoid>): Decision {
  const sale = state.get(sales, op.branchId, op.payload.saleId)
  if (!sale)
    return reject('SALE_UNKNOWN', 'There is no such sale in this branch.', { saleId: op.payload.saleId })
  if (sale.status === 'VOIDED')
    return reject('SALE_ALREADY_VOIDED', 'This sale was voided before.', { saleId: sale.id })
  const session = openSessionOf(state, op.branchId)
  if (!session)
    return reject('CASH_SESSION_NOT_OPEN', 'The refund needs an open cash session in this branch.')
  const { currency, received, change } = sale.tender
  const returned = state
    .filter(stockEntries, (entry) => entry.clientOpId === sale.clientOpId)
    .map(({ stockItemId, quantity }) => ({ stockItemId, name: stockItemId, unit: '', quantity: -quantity }))
  const { reason } = op.payload
  return accept({
    writes: [
      sales.row({
        ...sale,
        status: 'VOIDED',
        voidedAt: op.happenedAt,
        voidedBy: op.actorId,
        voidReason: reason,
      }),
      ...moveCash(session, {
        id: op.clientOpId,
        kind: 'REFUND',
        usd: change.usd - (currency === 'USD' ? received : 0),
        khr: change.khr - (currency === 'KHR' ? received : 0),
        reason,
        saleId: sale.id,
        actorId: op.actorId,
        occurredAt: op.happenedAt,
      }),
      ...moveStock(state, op, returned, { kind: 'VOID', saleId: sale.id, reason }),
    ],
    audit: [{ name: 'SALE_VOIDED', data: { saleId: sale.id, receiptNumber: sale.receiptNumber, reason } }],
    result: { saleId: sale.id, status: 'VOIDED' },
  })
}
