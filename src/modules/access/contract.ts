import { z } from 'zod'
import { id, text } from '../primitives.ts'
import { roles } from './permissions.ts'

export const role = z.enum(roles).meta({ id: 'Role' })

/** Absent fields keep what they were; a new person needs all but `pin`. */
export const staffSave = z.object({
  accountId: id,
  staffCode: text(40).optional(),
  name: text(100).optional(),
  role: role.optional(),
  status: z.enum(['ACTIVE', 'REVOKED']).meta({ id: 'MemberStatus' }).optional(),
  branchIds: z.array(id).max(20_000).optional(),
  /** 4 to 12 digits; kept only as an scrypt hash. */
  pin: z
    .string()
    .regex(/^\d{4,12}$/, 'a PIN is 4 to 12 digits')
    .optional(),
})
export type StaffSave = z.infer<typeof staffSave>

export const staffMemberEntity = z.object({ staffCode: z.string(), name: z.string(), role })
export type StaffMemberEntity = z.infer<typeof staffMemberEntity>
