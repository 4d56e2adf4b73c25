/**
 * The proof that the person named as an operation's actor was at work: signing in gives the device a key for that
 * person, and whoever acts signs with it what they do (docs/protocol.md, *Proof*). Keys are derived, not stored: a new
 * PIN, a revocation or a device that is shut out raises a generation, and the key of before proves nothing.
 */
import { createHmac, timingSafeEqual } from 'node:crypto'
import type { ActorProof } from '../../sync/module.ts'
import type { ProofCheck } from './gate.ts'

/** Whose key, on which device, of which generations. */
type KeyHolder = {
  readonly tenantId: string
  readonly deviceId: string
  readonly accountId: string
  readonly memberGeneration: number
  readonly deviceGeneration: number
}

/** What is signed, and the signature as it was sent. */
type Claim = { readonly clientOpId: string; readonly occurredAt: Date } & ActorProof

export type ActorKeys = {
  /** 32 bytes, base64url. */
  keyOf(holder: KeyHolder): string
  /** Whether the holder of the key has signed this operation. */
  proves(holder: KeyHolder, claim: Claim): boolean
}

export function createActorKeys(secret: Buffer): ActorKeys {
  const derive = ({ tenantId, deviceId, accountId, memberGeneration, deviceGeneration }: KeyHolder) =>
    createHmac('sha256', secret)
      .update(JSON.stringify([tenantId, deviceId, accountId, memberGeneration, deviceGeneration]))
      .digest()
  return {
    keyOf: (holder) => derive(holder).toString('base64url'),
    proves(holder, claim) {
      const key = derive(holder)
      const { occurredAt: _, ...timeless } = claim
      return [claim, timeless].some((signed) => isSame(actorProof(key, signed), claim.actorProof))
    },
  }
}

/** For the gate. */
export const proofCheck =
  (keys: ActorKeys): ProofCheck =>
  ({ tenantId, deviceId, actorId, clientOpId, occurredAt, proof }, generations) =>
    deviceId !== null &&
    proof != null &&
    keys.proves(
      { tenantId, deviceId, accountId: actorId, ...generations },
      { clientOpId, occurredAt, ...proof },
    )

/**
 * HMAC-SHA-256, lower-case hex, by the key's bytes over `clientOpId`, `payloadHash` (in lower case) and `occurredAt` (in UTC,
 * to the millisecond) with line feeds between. Of a client that knows the first form alone: without the time.
 */
export function actorProof(
  key: Buffer,
  { clientOpId, payloadHash, occurredAt }: { clientOpId: string; payloadHash: string; occurredAt?: Date },
): string {
  const signed = [clientOpId.toLowerCase(), payloadHash.toLowerCase()]
  if (occurredAt) signed.push(occurredAt.toISOString())
  return createHmac('sha256', key).update(signed.join('\n')).digest('hex')
}

function isSame(expected: string, given: string): boolean {
  const [one, other] = [Buffer.from(expected), Buffer.from(given)]
  return one.length === other.length && timingSafeEqual(one, other)
}
