import { pbkdf2Sync } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { deviceKeysOf } from '../../client/sdk/people/device-key.ts'
import { canSeal, opened, sealed, verifyPin } from '../../client/sdk/people/pin.ts'
import { memoryStore } from '../../client/sdk/store/memory.ts'

async function newKeys() {
  const store = memoryStore()
  await store.open()
  return deviceKeysOf(store)
}
const keyOf = async () => (await newKeys()).make()

describe('a seal', () => {
  test('is opened by the PIN under which it was made, and by no other', async () => {
    const key = await keyOf()
    const seal = await sealed('what is in it', '1234', key, 1000)
    expect(await opened(seal, '1234', key)).toBe('what is in it')
    for (const pin of ['1235', '12345', '123', '', ' 1234']) expect(await opened(seal, pin, key)).toBeNull()
  })

  test('is not opened with the key of another device', async () => {
    const seal = await sealed('what is in it', '1234', await keyOf(), 1000)
    expect(await opened(seal, '1234', await keyOf())).toBeNull()
  })

  test('tells nothing: each is another, and one that was changed does not open', async () => {
    const key = await keyOf()
    const [one, other] = [
      await sealed('the same', '1234', key, 1000),
      await sealed('the same', '1234', key, 1000),
    ]
    expect(one.data).not.toBe(other.data)
    expect(one.salt).not.toBe(other.salt)
    expect(one.iterations).toBe(1000)
    const changed = `${one.data.slice(0, -2)}${one.data.endsWith('00') ? '01' : '00'}`
    expect(await opened({ ...one, data: changed }, '1234', key)).toBeNull()
  })

  test('opens by the iterations that it names', async () => {
    const key = await keyOf()
    const seal = await sealed('what is in it', '1234', key, 1000)
    expect(await opened({ ...seal, iterations: 999 }, '1234', key)).toBeNull()
  })
})

describe("the device's key", () => {
  test('is made once, also by two at once, and cannot be taken out', async () => {
    const keys = await newKeys()
    expect(await keys.find()).toBeNull()
    const [one, other] = await Promise.all([keys.make(), keys.make()])
    expect(one.id).toBe(other.id)
    expect((await keys.find())?.id).toBe(one.id)
    expect(one.key.extractable).toBe(false)
    await keys.drop()
    expect(await keys.find()).toBeNull()
    expect((await keys.make()).id).not.toBe(one.id)
  })
})

describe('a hash of the first edition', () => {
  const hashOf = (pin: string, iterations: number) => {
    const salt = Buffer.from('00112233445566778899aabbccddeeff', 'hex')
    const key = pbkdf2Sync(pin, salt, iterations, 32, 'sha256').toString('hex')
    return `pbkdf2-sha256$${iterations}$${salt.toString('hex')}$${key}`
  }

  test('is still checked, whatever its iterations', async () => {
    for (const iterations of [1000, 600_000]) {
      expect(await verifyPin('2580', hashOf('2580', iterations))).toBe(true)
      expect(await verifyPin('2581', hashOf('2580', iterations))).toBe(false)
    }
  })

  test('is nobody’s where its key was cut short', async () => {
    expect(await verifyPin('1234', hashOf('1234', 1000).slice(0, -2))).toBe(false)
  })
})

test('Node has what it takes', () => expect(canSeal()).toBe(true))
