import * as z from 'zod/mini'
import { named, whole } from '../primitives.ts'

export const khrRoundingMode = named('KhrRoundingMode', z.enum(['NEAREST', 'UP', 'DOWN']))

const values = {
  vatEnabled: z.boolean(),
  /** Whole percent. */
  vatRatePercent: whole(0, 100),
  /** Whole riel for one US dollar. */
  fxRateKhrPerUsd: whole(1, 1_000_000),
  khrRoundingEnabled: z.boolean(),
  khrRoundingMode,
  /** Riel. */
  khrRoundingGranularity: z.union([z.literal(100), z.literal(1000)]),
}

export const policyValues = z.object(values)
export type PolicyValues = z.infer<typeof policyValues>

/** Absent fields keep what they were. */
export const policyUpdate = z.partial(policyValues)
export type PolicyUpdate = z.infer<typeof policyUpdate>

/** Id: the branch's. */
export const policyEntity = z.extend(policyValues, { revision: z.int().check(z.positive()) })
export type PolicyEntity = z.infer<typeof policyEntity>
