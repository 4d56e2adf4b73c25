/**
 * Entities as the rows that the server's deciders look at. The feed was derived from rows; this is the way back, as
 * far as a device needs it. What the feed does not carry is left as nobody's business here: it does not decide.
 */
import { deviceSignIns, members } from '../../../src/modules/access/tables.ts'
import { attendances } from '../../../src/modules/attendance/tables.ts'
import { cashMovements, cashSessions } from '../../../src/modules/cash-session/tables.ts'
import { stockItems } from '../../../src/modules/inventory/tables.ts'
import { menuItemRevisions, menuItems } from '../../../src/modules/menu/tables.ts'
import { policies, policyRevisions } from '../../../src/modules/policy/tables.ts'
import { defaultTimeZone } from '../../../src/modules/primitives.ts'
import { sales } from '../../../src/modules/sale/tables.ts'
import { branches, tenants } from '../../../src/modules/tenant/tables.ts'
import { type AnyRow, type AnyTable, matches, type Read, type Row } from '../../../src/sync/table.ts'
import type { EntityKind, EntityPayloads } from '../words.ts'

/** What the rows are made from: the view, or anything that can be read like it. */
export type Known = {
  readonly branchId: string
  /** The branch has been loaded as a whole once: what is missing here does not exist. */
  readonly isWhole: boolean
  get<Kind extends EntityKind>(kind: Kind, id: string): EntityPayloads[Kind] | undefined
  ids(kind: EntityKind): Iterable<string>
}

type Source<Kind extends EntityKind = EntityKind> = {
  kind: Kind
  /** The column that holds the entity's id. */
  idColumn: string
  row: (id: string, payload: EntityPayloads[Kind], known: Known) => AnyRow
}

const source = <Kind extends EntityKind, T>(
  _table: T,
  kind: Kind,
  idColumn: keyof Row<T> & string,
  row: (id: string, payload: EntityPayloads[Kind], known: Known) => Row<T>,
): Source => ({ kind, idColumn, row }) as unknown as Source

const dateOr = (text: string | null | undefined) => (text ? new Date(text) : null)
const longAgo = new Date(0)

const sources = new Map<AnyTable, Source>([
  [
    branches,
    source(branches, 'branch', 'branchId', (branchId, { name, status, timeZone }) => ({
      branchId,
      name,
      status,
      timeZone: timeZone ?? defaultTimeZone,
    })),
  ],
  [
    members,
    source(members, 'staffMember', 'accountId', (accountId, { staffCode, name, role }, { branchId }) => ({
      accountId,
      staffCode,
      name,
      role,
      status: 'ACTIVE',
      branchIds: [branchId],
      tokenGeneration: 0,
    })),
  ],
  [
    policies,
    source(policies, 'policy', 'branchId', (branchId, policy) => ({
      branchId,
      ...policy,
      updatedAt: longAgo,
    })),
  ],
  [
    policyRevisions,
    source(policyRevisions, 'policy', 'branchId', (branchId, policy) => ({
      branchId,
      ...policy,
      publishedAt: longAgo,
    })),
  ],
  [
    menuItems,
    source(menuItems, 'menuItem', 'id', (id, item) => ({
      id,
      ...item,
      recipe: item.recipe ?? [],
      visibleIn: null,
      removed: false,
    })),
  ],
  [
    // Only the newest revision is known: the menu as it is now.
    menuItemRevisions,
    source(menuItemRevisions, 'menuItem', 'menuItemId', (menuItemId, item, known) => ({
      menuItemId,
      revision: item.revision,
      name: item.name,
      categoryId: item.categoryId,
      categoryName: known.get('menuCategory', item.categoryId)?.name ?? '',
      priceUsd: item.priceUsd,
      modifierGroups: item.modifierGroupIds.flatMap((id) => {
        const group = known.get('modifierGroup', id)
        return group ? [{ id, ...group }] : []
      }),
      recipe: item.recipe ?? [],
      publishedAt: longAgo,
    })),
  ],
  [
    cashSessions,
    source(cashSessions, 'cashSession', 'id', (id, session, { branchId }) => ({
      id,
      branchId,
      status: session.status,
      openedBy: session.openedBy,
      openedAt: new Date(session.openedAt),
      openingUsd: session.openingFloat.usd,
      openingKhr: session.openingFloat.khr,
      expectedUsd: session.expected.usd,
      expectedKhr: session.expected.khr,
      countedUsd: session.counted?.usd ?? null,
      countedKhr: session.counted?.khr ?? null,
      closedBy: session.closedBy ?? null,
      closedAt: dateOr(session.closedAt),
      note: session.note ?? null,
    })),
  ],
  [
    cashMovements,
    source(cashMovements, 'cashMovement', 'id', (id, movement, { branchId }) => ({
      id,
      branchId,
      ...movement,
      occurredAt: new Date(movement.occurredAt),
      saleId: null,
    })),
  ],
  [
    sales,
    source(sales, 'sale', 'id', (id, sale, { branchId }) => ({
      id,
      branchId,
      clientOpId: '',
      receiptNumber: sale.receiptNumber ?? 0,
      status: sale.status,
      saleType: sale.saleType,
      cashSessionId: sale.cashSessionId,
      policyRevision: sale.policyRevision,
      policy: {} as Row<typeof sales>['policy'],
      lines: sale.lines,
      totals: sale.totals,
      tender: sale.tender,
      pricedFromStaleCache: sale.pricedFromStaleCache,
      actorId: sale.actorId,
      finalizedAt: new Date(sale.finalizedAt),
      recordedAt: new Date(sale.finalizedAt),
      voidedAt: dateOr(sale.voidedAt),
      voidedBy: null,
      voidReason: sale.voidReason ?? null,
    })),
  ],
  [
    stockItems,
    source(stockItems, 'stockItem', 'id', (id, { name, unit, onHand }, { branchId }) => ({
      id,
      branchId,
      name,
      unit,
      onHand,
    })),
  ],
  [
    attendances,
    source(attendances, 'attendance', 'id', (id, { actorId, status, startedAt, endedAt }, { branchId }) => ({
      id,
      branchId,
      actorId,
      status,
      startedAt: new Date(startedAt),
      endedAt: dateOr(endedAt),
      startLocation: null,
      endLocation: null,
    })),
  ],
])

/** Facts that no stream carries, and that a device takes for granted: the server looks again. */
function assumed({ finder, values }: Read): AnyRow | null {
  if (finder.table === tenants)
    return {
      name: '',
      status: 'ACTIVE',
      actingDays: 30,
      managerPinDigits: 6,
      refuseWeakPins: true,
      refuseRevisionsOlderDays: null,
      timeZone: defaultTimeZone,
    }
  // Whoever works here has signed in here.
  if (finder.table === deviceSignIns)
    return { deviceId: values[0], accountId: values[1], signedInAt: longAgo }
  return null
}

/** The rows that a look-up finds in what is known. A look-up by id costs one access, any other a walk over its kind. */
export function* rowsFor(read: Read, known: Known): Generator<AnyRow> {
  const { table, by } = read.finder
  const given = assumed(read)
  if (given) yield given
  const from = sources.get(table)
  if (!from) return
  const at = by.indexOf(from.idColumn)
  const ids = at < 0 ? known.ids(from.kind) : [String(read.values[at])]
  for (const id of ids) {
    const payload = known.get(from.kind, id)
    if (!payload) continue
    const row = from.row(id, payload, known)
    if (matches(read, row)) yield row
  }
}
