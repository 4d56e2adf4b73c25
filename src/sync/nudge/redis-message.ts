import { z } from 'zod'
import type { Nudge } from './bus.ts'

/**
 * What gateways tell each other: `origin` names the sender, so that it knows its own words when they come back;
 * `access` says that the tenant's people or devices changed (a gateway of before it reads no nudges).
 */
export type NudgeMessage = { origin: string; nudges: Nudge[]; access?: true }

const message: z.ZodType<NudgeMessage> = z.object({
  origin: z.string(),
  nudges: z.array(
    z.object({
      tenantId: z.string(),
      branchId: z.string(),
      modules: z.array(z.string()),
      headSeq: z.int().nonnegative(),
      pullAfterMs: z.int().nonnegative(),
      at: z.iso.datetime(),
    }),
  ),
  access: z.literal(true).optional(),
})

/** The Redis channel of a tenant's nudges. */
export const topicOf = (tenantId: string): string => `modula:nudge:${tenantId}`

/** A message read back, or null if it is none: anybody who can reach Redis can write to a channel. */
export function readMessage(text: string): NudgeMessage | null {
  try {
    return message.parse(JSON.parse(text))
  } catch {
    return null
  }
}
