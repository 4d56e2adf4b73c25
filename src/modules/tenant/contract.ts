import * as z from 'zod/mini'
import { text } from '../primitives.ts'

export const branchSave = z.object({ name: text(100) })
export type BranchSave = z.infer<typeof branchSave>

export const branchFreeze = z.object({})
export const branchUnfreeze = z.object({})

export const branchEntity = z.object({ name: z.string(), status: z.enum(['ACTIVE', 'FROZEN']) })
export type BranchEntity = z.infer<typeof branchEntity>
