/** Hashes of what is written down for good: SHA-256 of RFC 8785 canonical JSON, lower-case hex. Pure. */
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import canonicalize from 'canonicalize'

export function hashOf(content: object): string {
  const text = canonicalize(content)
  if (text === undefined) throw new TypeError('there is nothing to hash')
  return hashOfText(text)
}

/** Of what the engine writes down canonically itself: chains. */
export const hashOfText = (canonical: string): string => bytesToHex(sha256(utf8ToBytes(canonical)))

/** What the first statement, or supplement, of a branch holds in place of the hash of one before. */
export const firstPrev = (of: {
  tenantId: string
  branchId: string
  kind: 'statement' | 'supplement'
}): string => hashOf(of)
