/**
 * The proof that somebody did what an operation says: HMAC-SHA-256 by the key that signing in has given this device for
 * them (docs/protocol.md, *Proof*). It lies open while they are at work, and only they can open it.
 */
import { hmac } from '@noble/hashes/hmac.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import type { Context, QueuedOperation } from '../words.ts'

/** Whoever is at work, with their key. */
export type Signer = Pick<Context, 'tenantId' | 'actorId'> & { actorKey: string }

/** Lower-case hex. `actorKey`: base64url, as the gateway gives it. */
export function proofOf(
  actorKey: string,
  of: Pick<QueuedOperation, 'clientOpId' | 'payloadHash' | 'occurredAt' | 'clockSkewMs' | 'approvedFor'>,
): string {
  const key = Uint8Array.from(atob(actorKey.replaceAll('-', '+').replaceAll('_', '/')), (char) =>
    char.charCodeAt(0),
  )
  const claim = [
    of.clientOpId.toLowerCase(),
    of.payloadHash.toLowerCase(),
    `${new Date(of.occurredAt).toISOString()} ${of.clockSkewMs ?? 0}`,
    ...(of.approvedFor === undefined ? [] : [of.approvedFor]),
  ]
  return bytesToHex(hmac(sha256, key, utf8ToBytes(claim.join('\n'))))
}

const isBy = (who: Pick<Context, 'tenantId' | 'actorId'> | null, { tenantId, actorId }: QueuedOperation) =>
  who?.actorId === actorId && who.tenantId === tenantId

/**
 * Whether it waits for the word of whoever is at work: a file says that they did it, and nothing proves it. Sent under
 * their own token it would need no proof.
 */
export const awaitsWord = (
  operation: QueuedOperation,
  atWork: Context | null,
  signer: Signer | null,
): boolean =>
  operation.claimed === true &&
  isBy(atWork, operation) &&
  !(signer && operation.actorProof === proofOf(signer.actorKey, operation))

/** The operation after its actor, if it is they who are at work, has said that they did it. */
export const confirmed = (operation: QueuedOperation, atWork: Context | null): QueuedOperation =>
  isBy(atWork, operation) ? { ...operation, claimed: undefined } : operation

/**
 * The operation with its proof where the signer is who did it; without any otherwise: an old one proves nothing, and what
 * a file says is not signed.
 */
export function signed(operation: QueuedOperation, by: Signer | null): QueuedOperation {
  const { actorProof: _, ...unsigned } = operation
  return by && isBy(by, operation) && !operation.claimed
    ? { ...unsigned, actorProof: proofOf(by.actorKey, operation) }
    : unsigned
}
