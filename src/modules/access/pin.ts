/**
 * PINs are kept as scrypt hashes, with a salt each.
 */
import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto'
import { pinPattern } from './contract.ts'

const cost: ScryptOptions = { N: 2 ** 14, r: 8, p: 1 }
const keyLength = 32

/** 32 bytes. */
export const derive = (pin: string, salt: Buffer) =>
  new Promise<Buffer>((resolve, reject) =>
    scrypt(pin, salt, keyLength, cost, (error, key) => (error ? reject(error) : resolve(key))),
  )

/** `scrypt$<salt>$<key>`, both base64url. */
export async function hashPin(pin: string): Promise<string> {
  const salt = randomBytes(16)
  return `scrypt$${salt.toString('base64url')}$${(await derive(pin, salt)).toString('base64url')}`
}

/** Takes the same time whether the PIN is right or wrong, or none that can be. */
export async function verifyPin(pin: string, hash: string): Promise<boolean> {
  const [, salt = '', key = ''] = hash.split('$')
  const expected = Buffer.from(key, 'base64url')
  const actual = await derive(pinPattern.test(pin) ? pin : '', Buffer.from(salt, 'base64url'))
  return expected.length === actual.length && timingSafeEqual(expected, actual)
}
