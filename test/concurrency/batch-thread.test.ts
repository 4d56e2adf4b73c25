/** Large requests have a thread of their own once several tenants are about; one road with one result, whichever answers. */
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { readdir, rm } from 'node:fs/promises'
import { type IncomingMessage, maxHeaderSize } from 'node:http'
import { connect } from 'node:net'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { createBatchThread } from '../../src/batch-thread/batch-thread.ts'
import { loadConfig } from '../../src/config.ts'
import { createLogger } from '../../src/platform/log.ts'
import { withRequestId } from '../../src/platform/request-id.ts'
import type { Nudge } from '../../src/sync/nudge/bus.ts'
import { createTurns } from '../../src/sync/turns.ts'
import { newFolder, run } from '../start/process.ts'
import { movement, openSession } from '../support/cafe.ts'
import { ofEveryTenant } from '../support/every-tenant.ts'
import {
  type Client,
  type Clients,
  clientsOf,
  type Envelope,
  type Gateway,
  startGateway,
} from '../support/gateway.ts'
import { metricAt } from '../support/metrics.ts'
import { lockWaiters } from '../support/waiting.ts'

const [tell, charge] = [() => {}, () => {}]
const main = new URL('../../src/main.ts', import.meta.url)

type Drawer = { cashier: Client; cashSessionId: string }
type Cafe = Drawer & { gateway: Gateway; rival: Client }

async function drawerOf({ as }: Clients): Promise<Drawer> {
  const cashier = await as('cashier-1')
  const opening = openSession()
  expect(await cashier.push([opening])).toMatchObject([{ status: 'APPLIED' }])
  return { cashier, cashSessionId: (opening.payload as { cashSessionId: string }).cashSessionId }
}

const rivalOf = ({ as }: Clients) => as('admin', { tenantId: 'rival', deviceId: 'rival-till' })

const cafeOf = async (gateway: Gateway): Promise<Cafe> => ({
  ...{ gateway, rival: await rivalOf(gateway) },
  ...(await drawerOf(gateway)),
})

/** Some 15 kB. */
const large = ({ cashSessionId }: Pick<Drawer, 'cashSessionId'>) =>
  Array.from({ length: 30 }, () => movement(cashSessionId))
const statuses = (results: readonly { status: string }[]) => [...new Set(results.map(({ status }) => status))]

const me = (client: Client) =>
  client.data('query ($tenantId: ID!) { me(tenantId: $tenantId) { accountId } }', {
    tenantId: client.tenantId,
  })

const handedOver = async ({ app }: Gateway) =>
  (await app.services.metrics.handedOver.get()).values[0]?.value ?? 0

/** The first line of what is answered. */
async function firstOf(url: string, request: string): Promise<string> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  socket.write(request)
  const [answer] = (await once(socket, 'data')) as [Buffer]
  socket.destroy()
  return answer.toString('latin1').split('\r\n', 1)[0]!
}

/** Both tenants ask, until a large batch is answered by the thread; `count`: how many were. */
async function untilHandedOver(
  cafe: Drawer & { rival: Client },
  count: () => Promise<number>,
): Promise<void> {
  const before = await count()
  await expect
    .poll(
      async () => {
        await me(cafe.rival)
        expect(statuses(await cafe.cashier.push(large(cafe)))).toEqual(['APPLIED'])
        return count()
      },
      { interval: 100, timeout: 30_000 },
    )
    .toBeGreaterThan(before)
}
const untilHandedOverIn = (cafe: Cafe) => untilHandedOver(cafe, () => handedOver(cafe.gateway))

describe('the thread of batches', () => {
  let cafe: Cafe
  let beside: Gateway
  beforeAll(async () => {
    const gateway = await startGateway({ entry: main })
    beside = await startGateway({ entry: main, env: { BATCH_THREAD: '0' }, databaseUrl: gateway.databaseUrl })
    cafe = await cafeOf(gateway)
  })
  afterAll(async () => {
    await cafe?.gateway.close()
    await beside?.close()
  })

  it('is not there while one tenant is alone', async () => {
    const gateway = await startGateway({ entry: main })
    const alone = await drawerOf(gateway)
    for (let i = 0; i < 3; i += 1)
      expect(statuses(await alone.cashier.push(large(alone)))).toEqual(['APPLIED'])
    expect(await handedOver(gateway)).toBe(0)
    await gateway.close()
  })

  it('answers what is large, and a batch that was decided there is known everywhere', async () => {
    await untilHandedOverIn(cafe)
    const before = await handedOver(cafe.gateway)
    const batch = large(cafe)
    const nudges: Nudge[] = []
    const filter = { tenantId: 'demo', branchId: 'riverside', modules: null }
    const stop = cafe.gateway.app.services.hub.subscribe(filter, (nudge) => nudges.push(nudge))
    const first = await cafe.cashier.push(batch)
    expect(statuses(first)).toEqual(['APPLIED'])
    await expect.poll(() => nudges.at(-1)?.headSeq).toBeGreaterThanOrEqual(first.at(-1)!.appliedSeq!)
    stop()
    expect(await handedOver(cafe.gateway)).toBe(before + 1)

    // One of them is little, and decided here.
    const again = await cafe.cashier.push(batch.slice(4, 5))
    expect(again).toMatchObject([{ status: 'APPLIED', duplicate: true, appliedSeq: first[4]!.appliedSeq }])
    expect(await handedOver(cafe.gateway)).toBe(before + 1)
    const other = await clientsOf(beside.url).as('cashier-1')
    expect(await other.push(batch)).toEqual(first.map((result) => ({ ...result, duplicate: true })))
    expect(await handedOver(beside)).toBe(0)
  })

  it('answers as the gateway itself does, whatever it is sent', async () => {
    await untilHandedOverIn(cafe)
    const signedIn = await cafe.gateway.as('cashier-1')
    const { token } = signedIn
    const push = (operations: readonly Envelope[], more = {}) =>
      JSON.stringify({
        query:
          'mutation ($input: SyncPushBatchInput!) { syncPushBatch(input: $input) { results { status code } } }',
        variables: { input: { tenantId: 'demo', deviceId: 'till-1', operations, ...more } },
      })
    const operations = large(cafe)
    const foreign = push(operations, { tenantId: 'rival' })
    const bodies: [what: string, body: string | Buffer, headers?: Record<string, string>][] = [
      ['no JSON', `${push(operations)}}`],
      ['no such field', push(operations, { nothing: 1 })],
      ['of another tenant', foreign],
      ['of another device', push(operations, { deviceId: 'till-9' })],
      ['too many', push(Array.from({ length: 501 }, () => operations[0]!))],
      ['too long, in chunks', `${push(operations)}${' '.repeat(5_000_000)}`],
      ['a gzip that is none', Buffer.from(push(operations)), { 'content-encoding': 'gzip' }],
      ['a gzip', gzipSync(push(operations)), { 'content-encoding': 'gzip' }],
      ['a query of another kind', JSON.stringify({ query: `{ __typename }${' '.repeat(10_000)}` })],
    ]
    for (const [what, body, headers] of bodies) {
      const ask = async (url: string) => {
        // As a stream it has no length.
        const stream = new Blob([body as BlobPart]).stream()
        const inChunks = what.endsWith('chunks')
        const answer = await fetch(url, {
          method: 'POST',
          headers: {
            'content-type': 'application/json',
            authorization: `Bearer ${token}`,
            'x-request-id': 'the-same',
            ...headers,
          },
          body: inChunks ? stream : (body as BodyInit),
          ...(inChunks && { duplex: 'half' }),
        } as RequestInit)
        const told = ['content-type', 'x-request-id', 'access-control-allow-origin', 'cache-control']
        return {
          what,
          status: answer.status,
          headers: told.map((name) => answer.headers.get(name)),
          text: await answer.text(),
        }
      }
      const before = await handedOver(cafe.gateway)
      expect(await ask(cafe.gateway.url)).toEqual(await ask(beside.url))
      expect(await handedOver(cafe.gateway), what).toBe(before + 1)
    }
    // Whoever has no token is this thread's, whatever they send.
    const before = await handedOver(cafe.gateway)
    const nobody = await fetch(cafe.gateway.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: push(operations),
    })
    expect(await nobody.text()).toContain('UNAUTHENTICATED')
    expect(await handedOver(cafe.gateway)).toBe(before)
  })

  it('is asked by any head that the gateway lets in, and before the body has come', async () => {
    await untilHandedOverIn(cafe)
    const { url } = cafe.gateway
    const { token } = await cafe.gateway.as('cashier-1')
    const head = (length: number, more = '') =>
      `POST /graphql HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nAuthorization: Bearer ${token}\r\nContent-Length: ${length}\r\n${more}\r\n`
    const before = await handedOver(cafe.gateway)
    expect(await firstOf(url, head(100_000_000))).toBe('HTTP/1.1 413 Payload Too Large')
    const body = JSON.stringify({ query: `{ __typename }${' '.repeat(10_000)}` })
    // As long as the gateway itself takes: on the way it grows by whom it came by.
    const padded = (bytes: number) => head(body.length, `X-Padding: ${'a'.repeat(bytes)}\r\n`) + body
    let most = maxHeaderSize - token!.length
    while ((await firstOf(beside.url, padded(most))) !== 'HTTP/1.1 200 OK') most -= 20
    // And as many names.
    const many = (names: number) =>
      head(body.length, Array.from({ length: names }, (_, i) => `x${i.toString(36)}:\r\n`).join('')) + body
    let names = 1_000
    while ((await firstOf(beside.url, many(names))) !== 'HTTP/1.1 200 OK') names -= 1
    for (const each of [padded(most), many(names), many(names - 1), many(names - 2)])
      expect(await firstOf(url, each)).toBe('HTTP/1.1 200 OK')
    expect(await handedOver(cafe.gateway)).toBe(before + 5)
  })

  it('opens no stream of events: whoever says that they want one has it of the gateway itself', async () => {
    await untilHandedOverIn(cafe)
    const { token } = await cafe.gateway.as('cashier-1')
    const listen = (accept: string) =>
      fetch(cafe.gateway.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}`, accept },
        body: JSON.stringify({
          query: `subscription { syncNudge(tenantId: "demo", branchId: "riverside") { headSeq } }${' '.repeat(10_000)}`,
        }),
      })
    expect(await (await listen('*/*')).text()).toContain('with Accept: text/event-stream')
    for (const accept of ['text/event-stream', 'text/*']) {
      const stream = await listen(accept)
      const reader = stream.body!.pipeThrough(new TextDecoderStream()).getReader()
      const heard = (async () => {
        for (let text = ''; ; ) {
          const { value, done } = await reader.read()
          text += value
          if (done || text.includes('headSeq')) return text
        }
      })()
      // It may be that it was not yet there when the first was told.
      const pushing = setInterval(() => void cafe.cashier.push(large(cafe).slice(0, 1)).catch(() => {}), 200)
      expect(await heard).toContain('headSeq')
      clearInterval(pushing)
      await reader.cancel()
    }
  })

  it('is done without where its socket is gone', async () => {
    const temporary = await newFolder()
    vi.stubEnv('TMPDIR', temporary)
    const gateway = await startGateway({ entry: main })
    const own = await cafeOf(gateway)
    await untilHandedOverIn(own)
    vi.unstubAllEnvs()
    const [folder] = (await readdir(temporary)).filter((name) => name.startsWith('modula-sync-'))
    await rm(join(temporary, folder!), { recursive: true })
    const before = await handedOver(gateway)
    // The connections that there are go on.
    const pushing = Array.from({ length: 8 }, () => own.cashier.push(large(own)))
    expect(statuses((await Promise.all(pushing)).flat())).toEqual(['APPLIED'])
    expect((await handedOver(gateway)) - before).toBeLessThan(8)
    await gateway.close()
  })

  it('takes what an account may from one account: what comes out of a gzip counts for what it asks of the gateway', async () => {
    const { databaseUrl } = cafe.gateway
    const gateway = await startGateway({ entry: main, databaseUrl, env: { RATE_LIMIT_PER_SECOND: '30' } })
    await untilHandedOverIn({
      ...cafe,
      cashier: await gateway.as('cashier-1'),
      gateway,
      rival: await rivalOf(gateway),
    })
    const manager = await gateway.as('manager')
    const before = await handedOver(gateway)
    const answer = await fetch(gateway.url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'content-encoding': 'gzip',
        authorization: `Bearer ${manager.token}`,
      },
      // Of the 300 that it may have in ten seconds it costs 245.
      body: gzipSync(`{"query":"{ __typename }"}${' '.repeat(4_000_000)}`),
    })
    expect(await answer.text()).toContain('Query')
    expect(await handedOver(gateway)).toBe(before + 1)
    const codes: (string | undefined)[] = []
    for (let i = 0; i < 100; i += 1)
      codes.push((await manager.send('{ __typename }')).errors?.[0]?.extensions.code)
    expect(codes).toContain('RATE_LIMITED')
    await gateway.close()
  })

  it('is counted with the rest', async () => {
    await untilHandedOverIn(cafe)
    const text = await (await fetch(new URL('/metrics', cafe.gateway.url))).text()
    const { pushOperations } = cafe.gateway.app.services.metrics
    const here = (await pushOperations.get()).values.find(
      ({ metricName }) => metricName === 'modula_push_batch_operations_count',
    )
    const all = Number(/^modula_push_batch_operations_count (\d+)$/m.exec(text)?.[1])
    expect(all).toBeGreaterThan(here!.value)
    expect(text.match(/^process_start_time_seconds /gm)).toHaveLength(1)
    expect(text).toMatch(/^modula_build_info\{version="[^"]+"\} 1$/m)
  })
})

describe('a gateway that is told to stop', () => {
  it('has what the thread has in hand answered', async () => {
    const cafe = await cafeOf(await startGateway({ entry: main }))
    await untilHandedOverIn(cafe)
    const { databaseUrl, app } = cafe.gateway
    const holder = new pg.Client(ofEveryTenant(databaseUrl))
    await holder.connect()
    await holder.query("begin; select 1 from sync_stream where branch_id = 'riverside' for update")
    const before = await handedOver(cafe.gateway)
    const pushing = cafe.cashier.push(large(cafe))
    await lockWaiters(databaseUrl, 1)
    expect(await handedOver(cafe.gateway)).toBe(before + 1)
    const closing = app.close()
    await expect.poll(() => fetch(cafe.gateway.url).catch(() => 'refused')).toBe('refused')
    await holder.query('rollback')
    await holder.end()
    expect(statuses(await pushing)).toEqual(['APPLIED'])
    await closing
  })

  it('ends as a process, and leaves nothing behind', async () => {
    const temporary = await newFolder()
    const { url, stop } = await run({ DATA_DIR: await newFolder(), TMPDIR: temporary, LOG_LEVEL: 'warn' })
    const clients = clientsOf(`${url}/graphql`)
    const count = () => metricAt(url, 'modula_requests_handed_over_total')
    await untilHandedOver({ ...(await drawerOf(clients)), rival: await rivalOf(clients) }, count)
    expect((await readdir(temporary)).filter((name) => name.startsWith('modula-sync-'))).toHaveLength(1)
    expect(await stop()).toMatchObject({ code: 0, stderr: [] })
    expect((await readdir(temporary)).filter((name) => name.startsWith('modula-sync-'))).toEqual([])
  })
})

describe('a thread that fails', () => {
  it('is told of by itself, not as of the request with which it was begun', async () => {
    const lines: string[] = []
    const log = createLogger('warn', { write: (line) => void lines.push(line) })
    const turns = createTurns(1)
    for (const tenantId of ['demo', 'rival']) turns.tenants.note(tenantId)
    const entry = new URL(`file:///no/such/${randomUUID()}.ts`)
    const thread = createBatchThread({
      entry,
      config: loadConfig({}),
      databaseUrl: '',
      turns,
      tell,
      charge,
      log,
    })
    const request = { method: 'POST', headers: { 'content-type': 'application/json' } } as IncomingMessage
    expect(withRequestId('of-the-first', () => thread.takes(request))).toBe(false)
    await expect.poll(() => lines.join('')).toContain('there is no thread of batches any more')
    expect(lines.join('')).not.toContain('of-the-first')
    await thread.close()
  })

  it('when it is told to stop: the gateway ends as it would have', async () => {
    const entry = new URL('../fixtures/stubborn-batch-thread.ts', import.meta.url)
    const cafe = await cafeOf(await startGateway({ entry }))
    await me(cafe.rival)
    expect(statuses(await cafe.cashier.push(large(cafe)))).toEqual(['APPLIED'])
    await cafe.gateway.close()
  })

  it.each([
    ['ends with a request', new URL('../fixtures/mortal-batch-thread.ts', import.meta.url)],
    ['cannot begin', new URL(`file:///no/such/${randomUUID()}.ts`)],
  ])('%s: what it had is sent again, and decided without it', async (what, entry) => {
    const cafe = await cafeOf(await startGateway({ entry }))
    const batch = large(cafe)
    const answers: string[] = []
    for (let i = 0; i < 20 && answers.at(-1) !== 'SERVICE_UNAVAILABLE'; i += 1) {
      await me(cafe.rival)
      const { data, errors } = await cafe.cashier.send<{ syncPushBatch: { results: { status: string }[] } }>(
        'mutation ($input: SyncPushBatchInput!) { syncPushBatch(input: $input) { results { status } } }',
        { input: { tenantId: 'demo', deviceId: 'till-1', operations: batch } },
      )
      answers.push(errors?.[0]?.extensions.code ?? statuses(data!.syncPushBatch.results).join())
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    const failed = what.startsWith('ends') ? ['SERVICE_UNAVAILABLE'] : []
    expect(answers.filter((answer) => answer !== 'APPLIED')).toEqual(failed)
    expect(statuses(await cafe.cashier.push(large(cafe)))).toEqual(['APPLIED'])
    await cafe.gateway.close()
  })
})
