/**
 * Clients that do not go when the gateway does: they do not keep it. Those that wait for an answer get it.
 */
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import pg from 'pg'
import { expect, it } from 'vitest'
import { openSession } from '../support/cafe.ts'
import { ofEveryTenant } from '../support/every-tenant.ts'
import { type Gateway, startGateway } from '../support/gateway.ts'
import { lockWaiters } from '../support/waiting.ts'

async function dial({ url }: Gateway, said: string): Promise<Socket> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  socket.on('error', () => {})
  await once(socket, 'connect')
  socket.write(said)
  return socket
}

const head = (line: string, more = '') => `${line} HTTP/1.1\r\nHost: 127.0.0.1\r\n${more}`

it.each<[string, string]>([
  ['says nothing', ''],
  ['is in the middle of a head', head('POST /graphql')],
  ['kept its connection after an answer', `${head('GET /healthz')}\r\n`],
])('who %s is left at once', async (_, said) => {
  // So long that the test would end before.
  const gateway = await startGateway({ env: { REQUEST_TIMEOUT_MS: '600000' } })
  const socket = await dial(gateway, said)
  if (said.endsWith('\r\n\r\n')) await once(socket, 'data')
  await gateway.close()
  socket.destroy()
})

it.each<[string, string]>([
  [
    'is in the middle of a body',
    `${head('POST /graphql', 'Content-Length: 99\r\nContent-Type: application/json\r\n')}\r\n{"`,
  ],
  ['does not read its answer', `${head('GET /graphql', 'Accept: text/html\r\n')}\r\n`],
])('who %s is left after REQUEST_TIMEOUT_MS', async (_, said) => {
  const gateway = await startGateway({ env: { REQUEST_TIMEOUT_MS: '500' } })
  const socket = await dial(gateway, said)
  socket.pause()
  await gateway.close()
  socket.destroy()
})

it('who waits for an answer gets all of it', async () => {
  const gateway = await startGateway()
  const cashier = await gateway.as('cashier-1')
  const holder = new pg.Client(ofEveryTenant(gateway.databaseUrl))
  await holder.connect()
  await holder.query('begin')
  await holder.query(
    "select 1 from sync_stream where tenant_id = 'demo' and branch_id = 'riverside' for update",
  )
  const operations = [openSession()]
  const body = JSON.stringify({
    query: cashier.pushMutation,
    variables: { input: { tenantId: 'demo', deviceId: 'till-1', operations } },
  })
  const fields = {
    Authorization: `Bearer ${cashier.token}`,
    'Content-Type': 'application/json',
    'Content-Length': String(Buffer.byteLength(body)),
  }
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`)
  const socket = await dial(gateway, `${head('POST /graphql', lines.join(''))}\r\n${body}`)
  await lockWaiters(gateway.databaseUrl, 1)
  const closed = gateway.close().catch((error: Error) => error.message)
  await holder.query('rollback')
  await holder.end()
  const answer = await text(socket)
  expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n/)
  expect(answer).toContain('"status":"APPLIED"')
  expect(await closed).toBeUndefined()
})
