/**
 * The device's own key, without which no PIN opens anything: made with the first sign-in, and gone with everything that
 * it seals when the gateway shuts the device out. Where the store can, it is kept as a key that WebCrypto does not give
 * out again: then a copy of the records alone (an export, a script in the page) is worth nothing. Who has the disk has
 * the key as well.
 */
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js'
import * as z from 'zod/mini'
import { filled } from '../../../src/modules/primitives.ts'
import { keys } from '../store/layout.ts'
import type { Store } from '../store/store.ts'

export type DeviceKey = { id: string; key: CryptoKey }

export interface DeviceKeys {
  /** Null: there is none (any more). */
  find(): Promise<DeviceKey | null>
  /** The one that there is, or a new one. */
  make(): Promise<DeviceKey>
  drop(): Promise<void>
}

const kept = z.object({ id: filled, secret: z.string().check(z.regex(/^[0-9a-f]{64}$/)) })

const imported = (secret: Uint8Array<ArrayBuffer>) =>
  crypto.subtle.importKey('raw', secret, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign'])

export function deviceKeysOf(store: Store): DeviceKeys {
  const { keyring } = store
  if (keyring)
    return {
      find: () => keyring.find(),
      async make() {
        const [id, secret] = newSecret()
        return keyring.keep({ id, key: await imported(secret) })
      },
      drop: () => keyring.drop(),
    }

  const find = async () => {
    const { data } = kept.safeParse(await store.transact('read', (tx) => tx.get('meta', keys.deviceKey)))
    return data ? { id: data.id, key: await imported(hexToBytes(data.secret)) } : null
  }
  return {
    find,
    async make() {
      const known = await find()
      if (known) return known
      const [id, secret] = newSecret()
      await store.transact('write', async (tx) => {
        // Another tab may have been faster.
        if (kept.safeParse(await tx.get('meta', keys.deviceKey)).success) return
        void tx.put('meta', keys.deviceKey, { id, secret: bytesToHex(secret) })
      })
      return (await find())!
    },
    drop: () => store.transact('write', (tx) => tx.delete('meta', keys.deviceKey)),
  }
}

const newSecret = () =>
  [
    bytesToHex(crypto.getRandomValues(new Uint8Array(16))),
    crypto.getRandomValues(new Uint8Array(32)),
  ] as const
