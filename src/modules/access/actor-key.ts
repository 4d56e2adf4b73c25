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
type Claim = {
  readonly clientOpId: string
  readonly occurredAt: Date
  /** What the device's clock was wrong by, as it says: the time is put right by it. */
  readonly clockSkewMs: number
  /** For whom the actor has approved it; null: it is their own. */
  readonly approvedFor: string | null
} & ActorProof

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
      const { clockSkewMs: _, ...second } = claim
      const { occurredAt: __, ...first } = second
      // Whoever knows of approvals knows the second form: who asked is part of what was approved.
      const forms = claim.approvedFor === null ? [claim, second, first] : [claim, second]
      return forms.some((signed) => isSame(actorProof(key, signed), claim.actorProof))
    },
  }
}

/** For the gate. */
export const proofCheck =
  (keys: ActorKeys): ProofCheck =>
  ({ tenantId, deviceId, actorId, clientOpId, proof, ...op }, generations) =>
    deviceId !== null &&
    proof != null &&
    keys.proves(
      { tenantId, deviceId, accountId: actorId, ...generations },
      {
        ...{ clientOpId, occurredAt: op.occurredAt, clockSkewMs: op.clockSkewMs ?? 0 },
        ...{ approvedFor: op.approvedFor ?? null, ...proof },
      },
    )

/**
 * HMAC-SHA-256, lower-case hex, by the key's bytes over `clientOpId`, `payloadHash` (in lower case), `occurredAt` (in UTC,
 * to the millisecond; a space, and `clockSkewMs`) and, of an approval, `approvedFor`, with line feeds between. Of clients
 * that know no more than the forms before: without the error of the clock, or without the time.
 */
export function actorProof(
  key: Buffer,
  of: Partial<Claim> & Pick<Claim, 'clientOpId' | 'payloadHash'>,
): string {
  const signed = [of.clientOpId.toLowerCase(), of.payloadHash.toLowerCase()]
  if (of.occurredAt)
    signed.push(`${of.occurredAt.toISOString()}${of.clockSkewMs === undefined ? '' : ` ${of.clockSkewMs}`}`)
  if (of.approvedFor) signed.push(of.approvedFor)
  return createHmac('sha256', key).update(signed.join('\n')).digest('hex')
}

function isSame(expected: string, given: string): boolean {
  const [one, other] = [Buffer.from(expected), Buffer.from(given)]
  return one.length === other.length && timingSafeEqual(one, other)
}
