import { z } from 'zod'

export const khrRoundingMode = z.enum(['NEAREST', 'UP', 'DOWN']).meta({ id: 'KhrRoundingMode' })

const values = {
  vatEnabled: z.boolean(),
  /** Whole percent. */
  vatRatePercent: z.int().min(0).max(100),
  /** Whole riel for one US dollar. */
  fxRateKhrPerUsd: z.int().min(1).max(1_000_000),
  khrRoundingEnabled: z.boolean(),
  khrRoundingMode,
  /** Riel. */
  khrRoundingGranularity: z.union([z.literal(100), z.literal(1000)]),
}

export const policyValues = z.object(values)
export type PolicyValues = z.infer<typeof policyValues>

/** Absent fields keep what they were. */
export const policyUpdate = policyValues.partial()
export type PolicyUpdate = z.infer<typeof policyUpdate>

/** Id: the branch's. */
export const policyEntity = policyValues.extend({ revision: z.int().positive() })
export type PolicyEntity = z.infer<typeof policyEntity>
