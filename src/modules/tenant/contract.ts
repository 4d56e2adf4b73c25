import * as z from 'zod/mini'
import { named, text, timeZone, whole } from '../primitives.ts'

export const deviceEnrolment = named('DeviceEnrolment', z.enum(['OPEN', 'APPROVED']))

export const tenantSave = z.object({
  name: z.optional(text(100)),
  /** Days after signing in on a device during which a person's work may come from it under another's token. */
  actingDays: z.optional(whole(0, 3650)),
  /** Digits that the PIN of a MANAGER or an ADMIN has at least. */
  managerPinDigits: z.optional(whole(4, 12)),
  /** Days after which a sale by a price or policy that was replaced is refused; null: never. */
  refuseRevisionsOlderDays: z.optional(z.nullable(whole(1, 3650))),
  /** OPEN: any device may sign in. APPROVED: only one that was known when this was set, or that a manager lets in since. */
  deviceEnrolment: z.optional(deviceEnrolment),
  /** What new branches begin with. */
  timeZone: z.optional(timeZone),
})
export type TenantSave = z.infer<typeof tenantSave>

/** `timeZone`: by which its days are; left out it stays as it is, and a new branch has the tenant's. */
export const branchSave = z.object({ name: text(100), timeZone: z.optional(timeZone) })
export type BranchSave = z.infer<typeof branchSave>

export const branchFreeze = z.object({})
export const branchUnfreeze = z.object({})

export const branchEntity = z.object({
  name: z.string(),
  status: z.enum(['ACTIVE', 'FROZEN']),
  timeZone: z.string(),
})
export type BranchEntity = z.infer<typeof branchEntity>
