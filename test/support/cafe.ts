/**
 * What tills of the demo café do, with the arithmetic done right. Ids can be given; else they are new.
 */
import { randomUUID } from 'node:crypto'
import { items, modifierGroups } from '../../src/demo/menu.ts'
import type { PolicyValues } from '../../src/modules/policy/contract.ts'
import { defaultPolicy } from '../../src/modules/policy/publish.ts'
import { changeOf, totalsOf, unitPrice } from '../../src/modules/sale/pricing.ts'
import { type Envelope, operation } from './gateway.ts'

const priceOf = new Map(items.map(([id, , , priceUsd]) => [id, priceUsd]))
const optionPrice = new Map(
  modifierGroups.flatMap(({ options }) => options.map(({ id, priceUsd }) => [id, priceUsd])),
)

export type Line = {
  menuItemId: string
  quantity?: number
  modifierOptionIds?: string[]
  menuItemRevision?: number
  /** What the till believes one unit costs without its modifiers; the demo's first price unless given. */
  priceUsd?: number
}
export type SaleOptions = {
  saleId?: string
  lines?: Line[]
  policyRevision?: number
  policy?: PolicyValues
  currency?: 'USD' | 'KHR'
  received?: number
}

/** A well-formed `sale.finalize` payload; pays exactly in riel unless told otherwise. */
export function salePayload(cashSessionId: string, options: SaleOptions = {}) {
  const { saleId = randomUUID(), policyRevision = 1, policy = defaultPolicy, currency = 'KHR' } = options
  const lines = (options.lines ?? [{ menuItemId: 'croissant' }]).map((line) => ({
    menuItemId: line.menuItemId,
    menuItemRevision: line.menuItemRevision ?? 1,
    quantity: line.quantity ?? 1,
    modifierOptionIds: line.modifierOptionIds ?? [],
    unitUsd: unitPrice(
      line.priceUsd ?? priceOf.get(line.menuItemId) ?? 0,
      (line.modifierOptionIds ?? []).map((id) => optionPrice.get(id) ?? 0),
    ),
  }))
  const totals = totalsOf(lines, policy)
  const received = options.received ?? (currency === 'KHR' ? totals.totalKhr : totals.totalUsd)
  const change = changeOf({ currency, received }, totals, policy) ?? { usd: 0, khr: 0 }
  return {
    saleId,
    cashSessionId,
    saleType: 'TAKEAWAY',
    policyRevision,
    lines: lines.map(({ unitUsd: _, ...line }) => line),
    totals,
    tender: { method: 'CASH', currency, received, change },
  }
}

export const openSession = (
  cashSessionId: string = randomUUID(),
  { usd = 5000, khr = 200_000, ...envelope }: { usd?: number; khr?: number } & Partial<Envelope> = {},
) => operation('cashSession.open', { cashSessionId, openingFloat: { usd, khr } }, envelope)

export const sale = (cashSessionId: string, options: SaleOptions = {}, envelope: Partial<Envelope> = {}) =>
  operation('sale.finalize', salePayload(cashSessionId, options), envelope)

export const movement = (
  cashSessionId: string,
  what: { kind?: string; currency?: string; amount?: number; reason?: string; movementId?: string } = {},
  envelope: Partial<Envelope> = {},
) =>
  operation(
    'cashSession.movement',
    {
      movementId: randomUUID(),
      cashSessionId,
      kind: 'PAID_IN',
      currency: 'USD',
      amount: 500,
      reason: 'change',
      ...what,
    },
    envelope,
  )

export const closeSession = (
  cashSessionId: string,
  counted: { usd: number; khr: number } = { usd: 0, khr: 0 },
  envelope: Partial<Envelope> = {},
) => operation('cashSession.close', { cashSessionId, counted }, envelope)

export const startWork = (attendanceId: string = randomUUID(), envelope: Partial<Envelope> = {}) =>
  operation('attendance.startWork', { attendanceId }, envelope)

export const endWork = (attendanceId: string, envelope: Partial<Envelope> = {}) =>
  operation('attendance.endWork', { attendanceId }, envelope)
