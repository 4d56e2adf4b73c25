/** The SDK where there is what React Native has, and no more. */
import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest'
import { memoryStore } from '../../client/sdk/index.ts'
import { addressOf, socketAddressOf } from '../../client/sdk/transport/address.ts'
import { startBrokenServer } from '../support/broken-server.ts'
import { salePayload } from '../support/cafe.ts'
import { type Gateway, startGateway } from '../support/gateway.ts'
import { openTill } from './support/till.ts'

let gateway: Gateway
beforeAll(async () => {
  gateway = await startGateway()
})
afterAll(() => gateway?.close())
afterEach(() => vi.unstubAllGlobals())

it('signs in, sells, synchronises, hears nudges, and tells a request that was given up', async () => {
  const silent = await startBrokenServer(() => {})
  try {
    const sale = salePayload(randomUUID())
    const script = join(import.meta.dirname, 'react-native/till.ts')
    const args = [script, gateway.url, silent.url, JSON.stringify(sale)]
    const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 50_000 })
    expect(JSON.parse(stdout)).toMatchObject({
      sales: [{ id: sale.saleId, pending: false }],
      nudges: true,
      failed: [],
      problem: null,
      late: 'TIMEOUT',
      people: 'UNKNOWN_PERSON',
    })
  } finally {
    await silent.close()
  }
})

it('without WebCrypto nobody takes over without a connection, and it is told why', async () => {
  const till = await openTill(gateway, { store: memoryStore() })
  const { accountId } = till.client.people.list('demo')[0]!
  till.network.state = 'down'
  await till.client.sync().catch(() => {})
  await expect.poll(() => till.client.status().connectivity, { timeout: 30_000 }).toBe('offline')
  vi.stubGlobal('crypto', { getRandomValues: crypto.getRandomValues.bind(crypto) })
  const confirm = () => till.client.people.confirm(accountId, 'demo', '1234')
  await expect(confirm()).rejects.toMatchObject({ code: 'NO_WEBCRYPTO' })
  vi.stubGlobal('isSecureContext', false)
  await expect(confirm()).rejects.toMatchObject({ code: 'INSECURE_CONTEXT' })
  vi.unstubAllGlobals()
  await till.client.close()
})

it('an address is taken as it is, and made absolute only in a page', () => {
  expect(addressOf('https://cafe.example/graphql')).toBe('https://cafe.example/graphql')
  expect(socketAddressOf('https://cafe.example/graphql')).toBe('wss://cafe.example/graphql')
  expect(socketAddressOf('http://10.0.0.2:4000/graphql')).toBe('ws://10.0.0.2:4000/graphql')
  expect(['/graphql', 'graphql', '', 'mailto:a@b', 'http:', 'http:///x'].map(addressOf)).toEqual(
    Array(6).fill(null),
  )
  vi.stubGlobal('location', { href: 'https://cafe.example/pos' })
  expect(addressOf('/graphql')).toBe('https://cafe.example/graphql')
  expect(addressOf('mailto:a@b')).toBeNull()
})
