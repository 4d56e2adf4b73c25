/**
 * What a PIN opens on the device, so that a person can take over without a network: what they have (a token, a key) is
 * sealed by AES-GCM, under a key from the PIN (PBKDF2-SHA-256, a salt each) and the device's own (`device-key.ts`). To
 * open the seal is to check the PIN; there is no hash of it.
 *
 * A PIN is short: whoever has the disk has both the seal and the device's key, and can try all PINs in the end. The
 * many rounds make it slow (four digits: 43 minutes on a core, six digits: three days); a gateway that shuts the device
 * out makes worthless what is found.
 */
import { bytesToHex, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js'
import * as z from 'zod/mini'
import type { DeviceKey } from './device-key.ts'

const hex = z.string().check(z.regex(/^([0-9a-f]{2})+$/))
export const seal = z.object({
  /** Which key of the device it takes beside the PIN. */
  keyId: z.string(),
  /** Kept in each seal, so that they can be raised. */
  iterations: z.int().check(z.positive(), z.maximum(100_000_000)),
  salt: hex,
  iv: hex,
  data: hex,
})
export type Seal = z.infer<typeof seal>

/** WebCrypto is missing where an app is served without TLS from another machine, and in React Native. */
export const canSeal = (): boolean => globalThis.crypto?.subtle !== undefined

export async function sealed(
  text: string,
  pin: string,
  deviceKey: DeviceKey,
  iterations: number,
): Promise<Seal> {
  const salt = crypto.getRandomValues(new Uint8Array(16))
  const iv = crypto.getRandomValues(new Uint8Array(12))
  const key = await sealingKey(pin, salt, iterations, deviceKey)
  const data = await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, key, utf8ToBytes(text))
  return {
    ...{ keyId: deviceKey.id, iterations },
    ...{ salt: bytesToHex(salt), iv: bytesToHex(iv), data: bytesToHex(new Uint8Array(data)) },
  }
}

/** What was sealed; null where the PIN is wrong. */
export async function opened(
  { iterations, salt, iv, data }: Seal,
  pin: string,
  deviceKey: DeviceKey,
): Promise<string | null> {
  const key = await sealingKey(pin, hexToBytes(salt), iterations, deviceKey)
  try {
    const text = await crypto.subtle.decrypt({ name: 'AES-GCM', iv: hexToBytes(iv) }, key, hexToBytes(data))
    return new TextDecoder().decode(text)
  } catch {
    return null
  }
}

async function sealingKey(
  pin: string,
  salt: Uint8Array<ArrayBuffer>,
  count: number,
  deviceKey: DeviceKey,
): Promise<CryptoKey> {
  const ofBoth = await crypto.subtle.sign('HMAC', deviceKey.key, await derive(pin, salt, count))
  return crypto.subtle.importKey('raw', ofBoth, 'AES-GCM', false, ['encrypt', 'decrypt'])
}

async function derive(pin: string, salt: Uint8Array<ArrayBuffer>, count: number) {
  const secret = await crypto.subtle.importKey('raw', utf8ToBytes(pin), 'PBKDF2', false, ['deriveBits'])
  const parameters = { name: 'PBKDF2', hash: 'SHA-256', salt, iterations: count }
  return new Uint8Array(await crypto.subtle.deriveBits(parameters, secret, 256))
}

/**
 * Of the first edition, which kept a hash of the PIN: `pbkdf2-sha256$<iterations>$<salt>$<key>`, both hex. Whoever has
 * one takes over by it until they sign in at the gateway again.
 */
export async function verifyPin(pin: string, hash: string): Promise<boolean> {
  const [, count = '', salt = '', key = ''] = hash.split('$')
  const expected = hexToBytes(key)
  const actual = await derive(pin, hexToBytes(salt), Number(count))
  // Looks at every byte, so that the time tells nothing.
  let difference = expected.length ^ actual.length
  for (const [index, byte] of expected.entries()) difference |= byte ^ (actual[index] ?? 0)
  return difference === 0
}
