/**
 * The references of sales made on this till, as their receipts have them: a receipt that is printed again has the same one.
 */
import * as z from 'zod/mini'
import { recall, remember } from './local.ts'

const name = 'references'
const kept = z.array(z.tuple([z.string(), z.string()]))
/** The latest; of an older sale its receipt number is enough. */
const most = 500

export function keepReference(saleId: string, reference: string): void {
  const others = (recall(name, kept) ?? []).filter(([id]) => id !== saleId)
  remember(name, [...others, [saleId, reference]].slice(-most))
}

/** Null: it was not made here, or long ago. */
export const referenceAt = (saleId: string): string | null =>
  recall(name, kept)?.find(([id]) => id === saleId)?.[1] ?? null
