import * as z from 'zod/mini'
import { id, named, text } from '../primitives.ts'
import { roles } from './roles.ts'

export const role = named('Role', z.enum(roles))

/** What a PIN can be. */
export const pinPattern = /^\d{4,12}$/

/** Absent fields keep what they were; a new person needs all but `pin`. */
export const staffSave = z.object({
  accountId: id,
  staffCode: z.optional(text(40)),
  name: z.optional(text(100)),
  role: z.optional(role),
  status: z.optional(named('MemberStatus', z.enum(['ACTIVE', 'REVOKED']))),
  /** All that they are assigned to; as many as fit into an operation. */
  branchIds: z.optional(z.array(id).check(z.maxLength(20_000))),
  /** Beside or instead of those that they have: for so many that it takes several operations. */
  addBranchIds: z.optional(z.array(id).check(z.maxLength(1_500))),
  removeBranchIds: z.optional(z.array(id).check(z.maxLength(1_500))),
  /** 4 to 12 digits; kept only as an scrypt hash. */
  pin: z.optional(z.string().check(z.regex(pinPattern, 'a PIN is 4 to 12 digits'))),
})
export type StaffSave = z.infer<typeof staffSave>

export const deviceShutOut = z.object({ deviceId: id, reason: z.optional(text(200)) })
export type DeviceShutOut = z.infer<typeof deviceShutOut>

/** Lets it into the business, where devices are enrolled. `byCode`: by one that whoever lets it in has made. */
export const deviceApprove = z.object({
  deviceId: id,
  name: z.optional(text(60)),
  byCode: z.optional(z.boolean()),
})
export type DeviceApprove = z.infer<typeof deviceApprove>

/** Eight characters of 32 that nobody takes for another, not all alike: made at random, kept only as a hash. */
export const enrolmentCode = z.string().check(
  z.regex(/^[A-HJ-NP-Z2-9]{8}$/, 'a code is 8 of A to Z and 2 to 9, without I and O'),
  z.refine((code) => new Set(code).size >= 4, 'has to be made at random'),
)
export const deviceInvite = z.object({ enrolmentCode, name: z.optional(text(60)) })
export type DeviceInvite = z.infer<typeof deviceInvite>

/** How long a code lets a device in. */
export const inviteMs = 15 * 60_000

/** What people call it; null: nothing any more. */
export const deviceRename = z.object({ deviceId: id, name: z.nullable(text(60)) })
export type DeviceRename = z.infer<typeof deviceRename>

export const deviceNameEntity = z.object({ name: z.string() })
export type DeviceNameEntity = z.infer<typeof deviceNameEntity>

export const deviceLetIn = z.object({ deviceId: id })
export type DeviceLetIn = z.infer<typeof deviceLetIn>

export const staffMemberEntity = z.object({ staffCode: z.string(), name: z.string(), role })
export type StaffMemberEntity = z.infer<typeof staffMemberEntity>
