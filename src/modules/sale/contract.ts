import { z } from 'zod'
import { currency, id, money, text, uuid } from '../primitives.ts'

export const saleType = z.enum(['DINE_IN', 'TAKEAWAY', 'DELIVERY']).meta({ id: 'SaleType' })

const total = z.int().min(0)

export const saleLine = z
  .object({
    menuItemId: id,
    /** The revision that the till priced the line with. */
    menuItemRevision: z.int().min(1),
    quantity: z.int().min(1).max(999),
    modifierOptionIds: z.array(id).max(50),
  })
  .meta({ id: 'SaleLine' })

export const saleTotals = z
  .object({ subtotalUsd: total, vatUsd: total, totalUsd: total, totalKhr: total })
  .meta({ id: 'SaleTotals' })

export const saleTender = z
  .object({
    /** CASH; any other is refused (TENDER_METHOD_NOT_ALLOWED). */
    method: z.string().min(1).max(40),
    currency,
    received: z.int().min(0),
    change: money,
  })
  .meta({ id: 'Tender' })

export const saleFinalize = z.object({
  saleId: uuid,
  cashSessionId: uuid,
  saleType,
  policyRevision: z.int().min(1),
  lines: z.array(saleLine).min(1).max(200),
  totals: saleTotals,
  tender: saleTender,
})
export type SaleFinalize = z.infer<typeof saleFinalize>

export const saleVoid = z.object({ saleId: uuid, reason: text(500) })
export type SaleVoid = z.infer<typeof saleVoid>

/** A line as it was sold: names and prices do not change with the menu. */
export const soldLine = z.object({
  menuItemId: z.string(),
  menuItemRevision: z.int(),
  name: z.string(),
  categoryId: z.string(),
  categoryName: z.string(),
  quantity: z.int(),
  unitUsd: z.int(),
  lineUsd: z.int(),
  modifiers: z.array(z.object({ id: z.string(), name: z.string(), priceUsd: z.int() })),
})
export type SoldLine = z.infer<typeof soldLine>

export const saleEntity = z.object({
  receiptNumber: z.int().positive(),
  status: z.enum(['FINALIZED', 'VOIDED']),
  saleType,
  cashSessionId: z.string(),
  policyRevision: z.int(),
  lines: z.array(soldLine),
  totals: saleTotals,
  tender: saleTender,
  pricedFromStaleCache: z.boolean(),
  actorId: z.string(),
  finalizedAt: z.coerce.date(),
  voidedAt: z.coerce.date().optional(),
  voidReason: z.string().optional(),
})
export type SaleEntity = z.infer<typeof saleEntity>
