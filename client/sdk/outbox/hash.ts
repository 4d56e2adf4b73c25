/**
 * SHA-256 of texts, in lower-case hex. In JavaScript rather than by WebCrypto, which is asynchronous and missing where an app
 * is served without TLS on a café's own network; by Node's own where there is Node, in a fifth of the time.
 */
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import { canonicalOperation } from '../../../src/sync/canonical.ts'
import type { Json } from '../words.ts'

const { hash } = globalThis.process?.getBuiltinModule?.('node:crypto') ?? {}

export const sha256Of = (text: string): string =>
  hash ? hash('sha256', text) : bytesToHex(sha256(utf8ToBytes(text)))

/** The payload hash: of the operation's canonical JSON. */
export const payloadHashOf = (operation: { type: string; branchId: string; payload: Json }): string =>
  sha256Of(canonicalOperation(operation))
