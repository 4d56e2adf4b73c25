/**
 * The chain of a till that pushes over HTTP (docs/proof.md). The same rows make the same chain, so that a second run brings
 * nothing new.
 */
import { createHash } from 'node:crypto'
import { canonicalLink, canonicalOrigin } from '../src/sync/chain.ts'

const hashOf = (text: string) => createHash('sha256').update(text).digest('hex')

type Chained = { clientOpId: string; payloadHash: string; occurredAt: string; deviceSeq: number | null }

/** `link`: what an operation is sent with, in the order of the till. What has no number is none of the chain. */
export function chainOf(of: { tenantId: string; deviceId: string; chain: string; actorId: string }) {
  const { chain, actorId } = of
  let prev = hashOf(canonicalOrigin(of))
  return {
    link<Operation extends Chained>(operation: Operation) {
      const { deviceSeq, clientOpId, payloadHash, occurredAt } = operation
      if (deviceSeq === null) return operation
      const linked = { ...operation, chain: { id: chain, prev } }
      prev = hashOf(canonicalLink({ chain, deviceSeq, prev, clientOpId, payloadHash, actorId, occurredAt }))
      return linked
    },
  }
}
