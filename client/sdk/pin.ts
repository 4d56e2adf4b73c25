/**
 * PINs on the device, so that a person can take over without a network: PBKDF2-SHA-256 with a salt each. A PIN is
 * short, and whoever can read the store can try them all in the end: the hash keeps it from being read, and makes
 * trying slow.
 */
import { bytesToHex, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js'

/** As OWASP recommends for PBKDF2-SHA-256: 108 ms in Chromium on a server's core. Kept in each hash, so it can be raised. */
const iterations = 600_000
const algorithm = 'pbkdf2-sha256'

/** WebCrypto is missing where an app is served without TLS from another machine. */
export const canHashPins = (): boolean => globalThis.crypto?.subtle !== undefined

/** `pbkdf2-sha256$<iterations>$<salt>$<key>`, both hex. */
export async function hashPin(pin: string): Promise<string> {
  const salt = crypto.getRandomValues(new Uint8Array(16))
  const key = await derive(pin, salt, iterations)
  return [algorithm, iterations, bytesToHex(salt), bytesToHex(key)].join('$')
}

/** Takes the same time whether the PIN is right or wrong. */
export async function verifyPin(pin: string, hash: string): Promise<boolean> {
  const [, count = '', salt = '', key = ''] = hash.split('$')
  const expected = hexToBytes(key)
  const actual = await derive(pin, hexToBytes(salt), Number(count))
  return isEqual(expected, actual)
}

async function derive(pin: string, salt: Uint8Array<ArrayBuffer>, count: number): Promise<Uint8Array> {
  const secret = await crypto.subtle.importKey('raw', utf8ToBytes(pin), 'PBKDF2', false, ['deriveBits'])
  const parameters = { name: 'PBKDF2', hash: 'SHA-256', salt, iterations: count }
  return new Uint8Array(await crypto.subtle.deriveBits(parameters, secret, 256))
}

/** Looks at every byte, so that the time tells nothing. */
function isEqual(one: Uint8Array, other: Uint8Array): boolean {
  let difference = one.length ^ other.length
  for (const [index, byte] of one.entries()) difference |= byte ^ (other[index] ?? 0)
  return difference === 0
}
