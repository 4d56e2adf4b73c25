import * as z from 'zod/mini'
import { currency, id, money, named, text, uuid, whole } from '../primitives.ts'

export const saleType = named('SaleType', z.enum(['DINE_IN', 'TAKEAWAY', 'DELIVERY']))

const total = z.int().check(z.minimum(0))

export const saleLine = named(
  'SaleLine',
  z.object({
    menuItemId: id,
    /** The revision that the till priced the line with. */
    menuItemRevision: z.int().check(z.minimum(1)),
    quantity: whole(1, 999),
    modifierOptionIds: z.array(id).check(z.maxLength(50)),
  }),
)

export const saleTotals = named(
  'SaleTotals',
  z.object({ subtotalUsd: total, vatUsd: total, totalUsd: total, totalKhr: total }),
)

/** CASH; any other is refused (TENDER_METHOD_NOT_ALLOWED). */
const method = z.string().check(z.minLength(1), z.maxLength(40))

/** Cash in one currency or, since the second form, in both. The first is taken for ever, and keeps its own change. */
export const saleTender = named(
  'Tender',
  z.union([
    z.object({
      method,
      currency,
      received: z.int().check(z.minimum(0)).register(z.globalRegistry, {
        description: 'Cents or riel of the currency named; { usd, khr } where none is named.',
      }),
      change: money,
    }),
    z.object({ method, received: money, change: money }),
  ]),
)

export const saleFinalize = z.object({
  saleId: uuid,
  cashSessionId: uuid,
  saleType,
  policyRevision: z.int().check(z.minimum(1)),
  lines: z.array(saleLine).check(z.minLength(1), z.maxLength(200)),
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
  receiptNumber: z.int().check(z.positive()),
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
  voidedAt: z.optional(z.coerce.date()),
  voidReason: z.optional(z.string()),
})
export type SaleEntity = z.infer<typeof saleEntity>
