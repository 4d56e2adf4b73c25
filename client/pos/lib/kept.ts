/**
 * What the till remembers in this browser, and under which names.
 */
import * as z from 'zod/mini'
import { filled, whole } from '../../contract.ts'
import type { Context } from '../../sdk/index.ts'
import { type Cart, saleTypes } from './cart.ts'
import { forget, recall, remember } from './local.ts'
import type { ParkedCart } from './parked.ts'

const cart = z.object({
  saleId: z.guid(),
  saleType: z.enum(saleTypes),
  lines: z.array(
    z.object({
      id: z.string(),
      menuItemId: z.string(),
      name: z.string(),
      quantity: whole(1, 999),
      optionIds: z.array(z.string()),
      unitUsd: z.int(),
    }),
  ),
})

/** Each person of a branch has a cart of their own. */
const cartName = ({ tenantId, branchId, actorId }: Context) => `cart.${tenantId}.${branchId}.${actorId}`

export const keptCart = (context: Context): Cart | null => recall(cartName(context), cart)
export const keepCart = (context: Context, of: Cart): void =>
  of.lines.length === 0 ? forget(cartName(context)) : remember(cartName(context), of)

const parkedCarts = z.array(
  z.object({ cart, name: z.string(), actorId: z.string(), parkedAt: z.iso.datetime() }),
)
/** Parked carts are the branch's on this tablet, whoever is at work. */
const parkedName = ({ tenantId, branchId }: Context) => `parked.${tenantId}.${branchId}`
export const keptParked = (context: Context): readonly ParkedCart[] =>
  recall(parkedName(context), parkedCarts) ?? []
export const keepParked = (context: Context, parked: readonly ParkedCart[]): void =>
  parked.length === 0 ? forget(parkedName(context)) : remember(parkedName(context), parked)

/** Who was at the till last, in this branch: their cart may still be open when somebody takes over. */
const lastName = ({ tenantId, branchId }: Context) => `last.${tenantId}.${branchId}`
export const keptLastActor = (context: Context): string | null => recall(lastName(context), filled)
export const keepLastActor = (context: Context): void => remember(lastName(context), context.actorId)

export const keptTenant = (): string | null => recall('tenant', filled)
export const keepTenant = (tenantId: string): void => remember('tenant', tenantId)

export const keptBranch = (tenantId: string): string | null => recall(`branch.${tenantId}`, filled)
export const keepBranch = (tenantId: string, branchId: string): void =>
  remember(`branch.${tenantId}`, branchId)

/** Names of branches by id, for the choice of a branch when nobody is signed in. */
const names = z.record(z.string(), z.string())
export const keptBranchNames = (tenantId: string): Record<string, string> =>
  recall(`branches.${tenantId}`, names) ?? {}
export const keepBranchName = (tenantId: string, branchId: string, name: string): void =>
  remember(`branches.${tenantId}`, { ...keptBranchNames(tenantId), [branchId]: name })

/**
 * The device that this browser was. The SDK keeps its own id in its store: where the two differ, the store was cleared
 * (by the system, for space, or by hand), and what waited in it is gone.
 */
export const keptDevice = (): string | null => recall('device', filled)
export const keepDevice = (deviceId: string): void => remember('device', deviceId)

export const wasCleared = (kept: string | null, deviceId: string): boolean =>
  kept !== null && kept !== deviceId
