/**
 * The payload hash: SHA-256, lower-case hex, of the operation's canonical JSON. In JavaScript rather than by
 * WebCrypto, which is asynchronous and missing where an app is served without TLS on a café's own network.
 */
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import { canonicalOperation } from '../../../src/sync/canonical.ts'
import type { Json } from '../words.ts'

export const payloadHashOf = (operation: { type: string; branchId: string; payload: Json }): string =>
  bytesToHex(sha256(utf8ToBytes(canonicalOperation(operation))))
