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
export function proofOf(actorKey: string, of: { clientOpId: string; payloadHash: string }): string {
  const key = Uint8Array.from(atob(actorKey.replaceAll('-', '+').replaceAll('_', '/')), (char) =>
    char.charCodeAt(0),
  )
  const claim = utf8ToBytes(`${of.clientOpId.toLowerCase()}\n${of.payloadHash.toLowerCase()}`)
  return bytesToHex(hmac(sha256, key, claim))
}

/** The operation with its proof where the signer is who did it; without any otherwise: an old one proves nothing. */
export function signed(operation: QueuedOperation, by: Signer | null): QueuedOperation {
  const { actorProof: _, ...unsigned } = operation
  const isTheirs = by?.actorId === operation.actorId && by.tenantId === operation.tenantId
  return isTheirs ? { ...unsigned, actorProof: proofOf(by.actorKey, operation) } : unsigned
}
