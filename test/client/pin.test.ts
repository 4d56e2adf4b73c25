import { pbkdf2Sync } from 'node:crypto'
import { expect, test } from 'vitest'
import { canHashPins, hashPin, verifyPin } from '../../client/sdk/pin.ts'

test('the PIN that was hashed is right, and no other', async () => {
  const hash = await hashPin('1234')
  expect(await verifyPin('1234', hash)).toBe(true)
  for (const pin of ['1235', '12345', '123', '', ' 1234']) expect(await verifyPin(pin, hash)).toBe(false)
})

test('it is PBKDF2-SHA-256 with the salt and the iterations that the hash names', async () => {
  const [algorithm, iterations, salt = '', key] = (await hashPin('1234')).split('$')
  const expected = pbkdf2Sync('1234', Buffer.from(salt, 'hex'), Number(iterations), 32, 'sha256')
  expect([algorithm, iterations, salt.length, key]).toEqual([
    'pbkdf2-sha256',
    '600000',
    32,
    expected.toString('hex'),
  ])
})

test('a hash that was made with fewer iterations still holds', async () => {
  const salt = Buffer.from('00112233445566778899aabbccddeeff', 'hex')
  const key = pbkdf2Sync('2580', salt, 1000, 32, 'sha256').toString('hex')
  const hash = `pbkdf2-sha256$1000$${salt.toString('hex')}$${key}`
  expect(await verifyPin('2580', hash)).toBe(true)
  expect(await verifyPin('2581', hash)).toBe(false)
})

test('a hash whose key was cut short is nobody’s', async () => {
  expect(await verifyPin('1234', (await hashPin('1234')).slice(0, -2))).toBe(false)
})

test('Node has what it takes', () => expect(canHashPins()).toBe(true))
