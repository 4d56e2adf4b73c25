/**
 * The payload hash's input, the same on both sides. Pure: the client imports this file.
 */
import canonicalize from 'canonicalize'
import type { Json } from './words.ts'

/**
 * RFC 8785 canonical JSON of `{branchId, payload, type}`; `branchId` is null where there is none.
 * The payload hash is its SHA-256 (of the UTF-8 bytes) in lower-case hex.
 * Throws on what has no canonical form: numbers that are not finite, lone surrogates.
 */
export function canonicalOperation(operation: {
  type: string
  branchId: string | null
  payload: Json
}): string {
  const { branchId, payload, type } = operation
  const text = canonicalize({ branchId, payload, type })
  if (text === undefined) throw new TypeError('the operation has no canonical JSON form')
  return text
}
