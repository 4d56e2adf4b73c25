/** A till on React Native, as far as the SDK can tell: works a while at the gateway named, and says how it went. */
import './globals.ts'

const { createSyncClient, createTransport, memoryStore } = await import('../../../client/sdk/index.ts')
const [url = '', silentUrl = '', sale = ''] = process.argv.slice(2)
const payload = JSON.parse(sale)

const client = await createSyncClient({ url, store: memoryStore(), pullEveryMs: 3_600_000 })
const who = { tenantId: 'demo', staffCode: 'admin', pin: '1234' }
const { accountId } = await client.people.signIn(who)
await client.switchContext({ tenantId: 'demo', branchId: 'riverside', actorId: accountId })
await client.sync()
await client.perform('cashSession.open', {
  cashSessionId: payload.cashSessionId,
  openingFloat: { usd: 0, khr: 0 },
})
await client.perform('sale.finalize', payload)
await client.sync()
const sales = client.query('sale').map(({ id, pending }) => ({ id, pending }))
for (let waits = 0; waits < 200 && !client.status().nudges; waits += 1)
  await new Promise((resolve) => setTimeout(resolve, 50))
const { nudges, failed, problem } = client.status()
await client.close()

const silent = createTransport({
  ...{ url: silentUrl, token: async () => null, fetch, WebSocket: undefined, random: Math.random },
  timeoutMs: 100,
})
const codeOf = (error: { code?: string }) => error.code ?? String(error)
const late = await silent.probe().then(() => 'answered', codeOf)

const offline = await createSyncClient({ url: silentUrl, store: memoryStore(), context: null })
const people = await offline.people.confirm(accountId, 'demo', '1234').then(() => 'in', codeOf)
await offline.close()

console.log(JSON.stringify({ sales, nudges, failed, problem, late, people }))
process.exit(0)
