/**
 * How the SDK speaks to the gateway, with a real one, and with what stands between them on a bad day.
 */
import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { buildSchema, parse, validate } from 'graphql'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { directMutation } from '../../client/sdk/transport/direct.ts'
import { probeDocument } from '../../client/sdk/transport/documents.ts'
import { createTransport, type TransportOptions } from '../../client/sdk/transport/http.ts'
import type { PushOperation, Transport, TransportError } from '../../client/sdk/transport/transport.ts'
import { registry } from '../../src/modules/index.ts'
import { moduleScopes } from '../../src/modules/words.ts'
import { freePort } from '../../src/platform/embedded/free-port.ts'
import { type Deed, startBrokenServer } from '../support/broken-server.ts'
import { openSession, startWork } from '../support/cafe.ts'
import { type Client, type Envelope, type Gateway, startGateway } from '../support/gateway.ts'
import { forgeToken } from '../support/people.ts'
import { modules } from './support/modules.ts'

let gateway: Gateway
let admin: Client
let cashier: Client
beforeAll(async () => {
  gateway = await startGateway()
  admin = await gateway.as('admin')
  cashier = await gateway.as('cashier-1')
})
afterAll(() => gateway?.close())

const opened: { close(): unknown }[] = []
afterEach(async () => {
  for (const each of opened.splice(0).reverse()) await each.close()
})
const toClose = <T extends { close(): unknown }>(each: T): T => {
  opened.push(each)
  return each
}

function transportTo(options: Partial<TransportOptions> = {}): Transport {
  return toClose(
    createTransport({
      mutationOf: modules.mutation,
      url: gateway.url,
      token: async () => cashier.token,
      fetch,
      WebSocket,
      random: Math.random,
      ...options,
    }),
  )
}

/** One more gateway on the same database. */
const gatewayWith = async (env: Record<string, string>) =>
  toClose(await startGateway({ databaseUrl: gateway.databaseUrl, env }))

const broken = async (deed: Deed) => toClose(await startBrokenServer(deed))

const pullOf = (branchId: string) => ({
  tenantId: 'demo',
  branchId,
  deviceId: 'till-1',
  cursor: null,
  moduleScopes,
  limit: 3,
})
let deviceSeq = 0
const toPush = (envelope: Envelope): PushOperation => ({
  ...(envelope as PushOperation),
  dependsOn: [],
  actorId: 'demo-cashier-1',
  deviceSeq: ++deviceSeq,
  retry: false,
})
const pushOf = (...operations: Envelope[]) => ({
  tenantId: 'demo',
  deviceId: 'till-1',
  operations: operations.map(toPush),
})

async function fault(request: Promise<unknown>): Promise<Partial<TransportError>> {
  const { name, kind, code, sent, retryAfterMs } = await request.then(
    (answer) => expect.fail(`an answer: ${JSON.stringify(answer)}`),
    (error: TransportError) => error,
  )
  expect(name).toBe('TransportError')
  return { kind, code, sent, ...(retryAfterMs === null ? {} : { retryAfterMs }) }
}

describe('asking', () => {
  it('push: a verdict for each operation, in order', async () => {
    const first = openSession(randomUUID(), { branchId: 'riverside' })
    const second = startWork(randomUUID(), { branchId: 'nowhere' })
    const { results, serverTime } = await transportTo().push(pushOf(first, second))
    expect(results).toMatchObject([
      { clientOpId: first.clientOpId, status: 'APPLIED', duplicate: false, appliedSeq: expect.any(Number) },
      { clientOpId: second.clientOpId, status: 'REJECTED', code: 'NO_BRANCH_ACCESS', appliedSeq: null },
    ])
    expect(Date.parse(serverTime)).toBeGreaterThan(Date.now() - 60_000)
  })

  it('pull: pages to the head, then none; and a reset', async () => {
    const transport = transportTo()
    const first = await transport.pull(pullOf('riverside'))
    if ('reset' in first) return expect.fail(first.reset)
    expect(first).toMatchObject({ hasMore: true, changes: [{ opKind: 'UPSERT' }, {}, {}] })
    const rest = await transport.pull({ ...pullOf('riverside'), cursor: first.nextCursor, limit: 2000 })
    if ('reset' in rest) return expect.fail(rest.reset)
    expect(rest).toMatchObject({ hasMore: false, headSeq: first.headSeq })
    expect(rest.changes.at(-1)!.seq).toBe(rest.headSeq)

    const reset = await transport.pull({ ...pullOf('riverside'), cursor: 'nonsense' })
    expect(reset).toEqual({ reset: 'CURSOR_MALFORMED', newEpoch: null, message: expect.any(String) })
  })

  it('direct: with a branch or without, with an input or without', async () => {
    const transport = transportTo({ token: async () => admin.token })
    const direct = (type: string, input: Parameters<Transport['direct']>[1]['input']) =>
      transport.direct(type, { tenantId: 'demo', branchId: 'market', idempotencyKey: randomUUID(), input })
    expect(await direct('menuCategory.save', { categoryId: 'soup', name: 'Soup' })).toMatchObject({
      status: 'APPLIED',
    })
    expect(await direct('branch.freeze', {})).toMatchObject({ status: 'APPLIED' })
    expect(await direct('policy.update', { vatRatePercent: 5 })).toMatchObject({ code: 'BRANCH_FROZEN' })
    expect(await direct('branch.unfreeze', {})).toMatchObject({ status: 'APPLIED' })
  })

  it('sign-in and probe: without a token, whoever else is signed in', async () => {
    const transport = transportTo({ token: () => expect.fail('nobody asks for a token') })
    await transport.probe()
    const credentials = { tenantId: 'demo', staffCode: 'cashier-2', pin: '1234', deviceId: 'till-2' }
    const { token, expiresAt, actorId } = await transport.signIn(credentials)
    expect(await gateway.withToken(token).data('{ me(tenantId: "demo") { accountId } }')).toEqual({
      me: { accountId: actorId },
    })
    expect(Date.parse(expiresAt)).toBeGreaterThan(Date.now())
  })

  it('report: what a device says of itself is what a manager reads', async () => {
    const report = {
      tenantId: 'demo',
      deviceId: 'till-1',
      branchId: 'riverside',
      at: '2026-03-01T08:00:00.000Z',
      waiting: 3,
      failed: 1,
      oldestWaitingAt: '2026-03-01T07:00:00.000Z',
      storage: 'BEST_EFFORT',
      usageBytes: 5_000_000_000,
      quotaBytes: null,
      appVersion: '1.2.3',
      chain: null,
    } as const
    const { serverTime } = await transportTo().report(report)
    const manager = await gateway.as('manager')
    const { devices } = await manager.data<{ devices: { edges: { node: object }[] } }>(
      `{ devices(tenantId: "demo", first: 100) { edges { node { deviceId report {
        branchId at waiting failed oldestWaitingAt storage usageBytes quotaBytes appVersion receivedAt
      } } } } }`,
    )
    const { tenantId: _, deviceId, chain: __, ...said } = report
    expect(devices.edges).toContainEqual({
      node: { deviceId, report: { ...said, receivedAt: serverTime } },
    })
  })

  it('read: a document with types; with a token of its own if need be', async () => {
    const me = { toString: () => 'query ($tenantId: ID!) { me(tenantId: $tenantId) { staffCode } }' }
    type Me = { me: { staffCode: string } }
    const transport = transportTo()
    expect(await transport.read<Me, object>(me, { tenantId: 'demo' })).toEqual({
      me: { staffCode: 'cashier-1' },
    })
    expect(await transport.read<Me, object>(me, { tenantId: 'demo' }, { token: admin.token! })).toEqual({
      me: { staffCode: 'admin' },
    })
    expect(await transport.read(probeDocument, {})).toEqual({ __typename: 'Query' })
  })

  it('equal questions at one time are asked each with its own token', async () => {
    const transport = transportTo()
    const me = { toString: () => '{ me(tenantId: "demo") { staffCode } }' }
    const asked = [admin, cashier].map(({ token }) => transport.read(me, {}, { token: token! }))
    expect(await Promise.all(asked)).toMatchObject([
      { me: { staffCode: 'admin' } },
      { me: { staffCode: 'cashier-1' } },
    ])
  })
})

describe("the direct lane's documents", () => {
  const schema = buildSchema(readFileSync(join(import.meta.dirname, '../../schema.graphql'), 'utf8'))
  const fields = schema.getMutationType()!.getFields()
  const args = {
    tenantId: 'demo',
    branchId: 'riverside',
    idempotencyKey: randomUUID(),
    approvedFor: 'demo-cashier-1',
    input: {},
  }
  const types = [...registry.operations.keys()]

  it.each(types)('%s is a mutation of the schema, with all that it takes', (type) => {
    const { document, variables } = directMutation(modules.mutation(type), args)
    expect(validate(schema, parse(document))).toEqual([])
    const [, field = ''] = /verdict: (\w+)/.exec(document) ?? []
    expect(Object.keys(variables).sort()).toEqual(fields[field]!.args.map(({ name }) => name).sort())
  })

  it('are all the mutations that end in a verdict', () => {
    const verdicts = Object.values(fields).filter(({ type }) => String(type) === 'SyncOperationResult!')
    expect(verdicts.length).toBe(types.length)
  })
})

describe('what is wrong is told by its kind', () => {
  it('forbidden: with the reason of the access rules', async () => {
    expect(await fault(transportTo().pull(pullOf('market')))).toEqual({
      kind: 'forbidden',
      code: 'NO_BRANCH_ACCESS',
      sent: false,
    })
  })

  it('limited: with the time to wait', async () => {
    const { url } = await gatewayWith({ RATE_LIMIT_PER_SECOND: '1' })
    const transport = transportTo({ url })
    for (let n = 0; n < 10; n += 1) await transport.pull(pullOf('riverside'))
    expect(await fault(transport.pull(pullOf('riverside')))).toEqual({
      kind: 'limited',
      code: 'RATE_LIMITED',
      sent: false,
      retryAfterMs: expect.any(Number),
    })
  })

  it('refused: a batch that is too large, an envelope that is not of its types, a PIN tried too often', async () => {
    const { url } = await gatewayWith({ MAX_BATCH: '1' })
    const transport = transportTo({ url })
    expect(await fault(transport.push(pushOf(startWork(), startWork())))).toMatchObject({
      kind: 'refused',
      code: 'BATCH_TOO_LARGE',
    })
    const crooked = { ...startWork(), clientOpId: 'crooked' }
    expect(await fault(transport.push(pushOf(crooked)))).toMatchObject({
      kind: 'refused',
      code: 'BAD_USER_INPUT',
    })
    const signIn = (pin: string) =>
      fault(transport.signIn({ tenantId: 'demo', staffCode: 'barista-1', pin, deviceId: 'till-1' }))
    for (let n = 0; n < 5; n += 1)
      expect(await signIn('0000')).toMatchObject({ kind: 'unauthenticated', code: 'UNAUTHENTICATED' })
    expect(await signIn('1234')).toMatchObject({ kind: 'refused', code: 'TOO_MANY_ATTEMPTS' })
  })

  it('unreachable: a gateway that gives up, and may have begun', async () => {
    const { url } = await gatewayWith({ REQUEST_TIMEOUT_MS: '1' })
    const operations = Array.from({ length: 100 }, () => startWork())
    expect(await fault(transportTo({ url }).push(pushOf(...operations)))).toEqual({
      kind: 'unreachable',
      code: 'SERVICE_UNAVAILABLE',
      sent: true,
    })
  })

  const html =
    (status: number): Deed =>
    (response) =>
      response.writeHead(status, { 'content-type': 'text/html' }).end('<h1>Bad Gateway</h1>')
  const json =
    (body: unknown, status = 200): Deed =>
    (response) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  const half: Deed = (response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': 1000 })
    response.write('{ "data": { "__type')
    setTimeout(() => response.destroy(), 20)
  }
  const error = (code?: string) => ({ errors: [{ message: 'no', extensions: { code } }] })

  it.each<[string, string, Deed]>([
    ['a page with 502', 'HTTP_502', html(502)],
    ['a page with 401', 'HTTP_401', html(401)],
    ['a page where an answer should be', 'BROKEN_ANSWER', html(200)],
    ['JSON of something else', 'BROKEN_ANSWER', json({ hello: 'world' })],
    ['JSON that is no object', 'BROKEN_ANSWER', json(null)],
    ['an answer of nothing', 'BROKEN_ANSWER', json({ data: null })],
    ['data with a 503', 'HTTP_503', json({ data: { __typename: 'Query' } }, 503)],
    ["somebody else's error", 'BROKEN_ANSWER', json(error())],
    ["somebody else's error, with 500", 'HTTP_500', json(error(), 500)],
    ["the gateway's incident", 'INTERNAL', json(error('INTERNAL'))],
    ['half a body', 'BROKEN_ANSWER', half],
    ['a connection that breaks', 'NETWORK', (_, request) => request.socket.destroy()],
  ])('unreachable: %s', async (_, code, answer) => {
    const { url } = await broken(answer)
    const transport = transportTo({ url })
    expect(await fault(transport.probe())).toEqual({ kind: 'unreachable', code, sent: true })
    expect(await fault(transport.push(pushOf(startWork())))).toMatchObject({ kind: 'unreachable', code })
  })

  it('unreachable: nobody there, so that certainly nothing was done', async () => {
    const url = `http://127.0.0.1:${await freePort()}/graphql`
    expect(await fault(transportTo({ url }).push(pushOf(startWork())))).toEqual({
      kind: 'unreachable',
      code: 'NETWORK',
      sent: false,
    })
  })

  it('unreachable: no answer in time, not even half of one', async () => {
    const silent = await broken(() => {})
    expect(await fault(transportTo({ url: silent.url, timeoutMs: 100 }).probe())).toEqual({
      kind: 'unreachable',
      code: 'TIMEOUT',
      sent: true,
    })
    const slow = await broken((response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).write('{ "data": ')
    })
    expect(await fault(transportTo({ url: slow.url, timeoutMs: 100 }).probe())).toMatchObject({
      code: 'TIMEOUT',
      sent: true,
    })
  })

  it.each([
    ['too few', (results: unknown[]) => results.slice(1)],
    ['too many', (results: unknown[]) => [...results, results[0]]],
    ['another order', (results: unknown[]) => results.toReversed()],
    [
      'one of no known status',
      ([first, second]: unknown[]) => [first, { ...(second as object), status: 'OK' }],
    ],
  ])('a push whose verdicts are not those of its operations is a broken answer: %s', async (_, change) => {
    const { url } = await broken(async (response, request, body) => {
      const answer = await fetch(gateway.url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          authorization: request.headers.authorization!,
        },
        body: new Uint8Array(body),
      })
      const { data } = (await answer.json()) as { data: { syncPushBatch: { results: unknown[] } } }
      data.syncPushBatch.results = change(data.syncPushBatch.results)
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ data }))
    })
    const push = pushOf(startWork(), startWork())
    expect(await fault(transportTo({ url }).push(push))).toEqual({
      kind: 'unreachable',
      code: 'BROKEN_ANSWER',
      sent: true,
    })
  })

  it('what is under way when it is closed is given up, and nothing is begun any more', async () => {
    const silent = await broken(() => {})
    const transport = transportTo({ url: silent.url })
    const asked = fault(transport.probe())
    await expect.poll(silent.requests).toBe(1)
    transport.close()
    expect(await asked).toEqual({ kind: 'unreachable', code: 'CLOSED', sent: true })
    expect(await fault(transport.probe())).toEqual({ kind: 'unreachable', code: 'CLOSED', sent: false })
    expect(silent.requests()).toBe(1)
  })
})

describe('tokens', () => {
  /** Gives these one after the other, and remembers what it was told of the last. */
  function tokens(...given: (string | null)[]) {
    const refused: (string | null)[] = []
    return {
      refused,
      token: async (asked: { refused: string | null }) => {
        refused.push(asked.refused)
        return given[Math.min(refused.length, given.length) - 1]!
      },
    }
  }

  it('one that is not taken is asked for anew, and the request is sent once more', async () => {
    const old = await forgeToken(gateway, 'demo-cashier-1', new Date(Date.now() - 1000))
    const { refused, token } = tokens(old, cashier.token)
    const { results } = await transportTo({ token }).push(pushOf(startWork()))
    expect(results).toHaveLength(1)
    expect(refused).toEqual([null, old])
  })

  it('a second one that is not taken is the end; so is the same again, or none', async () => {
    for (const [given, asked] of [
      [
        ['bad', 'worse', cashier.token],
        [null, 'bad'],
      ],
      [
        ['bad', 'bad'],
        [null, 'bad'],
      ],
      [
        ['bad', null],
        [null, 'bad'],
      ],
    ] as const) {
      const { refused, token } = tokens(...given)
      expect(await fault(transportTo({ token }).pull(pullOf('riverside')))).toEqual({
        kind: 'unauthenticated',
        code: 'UNAUTHENTICATED',
        sent: false,
      })
      expect(refused).toEqual(asked)
    }
  })

  it('without one, nothing is sent', async () => {
    const server = await broken(() => {})
    const transport = transportTo({ url: server.url, token: async () => null })
    expect(await fault(transport.pull(pullOf('riverside')))).toEqual({
      kind: 'unauthenticated',
      code: 'UNAUTHENTICATED',
      sent: false,
    })
    expect(server.requests()).toBe(0)
  })

  it('where there is no telling, or no telling in time, it is as if the gateway were away', async () => {
    const lost = async () => {
      throw new Error('the identity provider is away')
    }
    expect(await fault(transportTo({ token: lost }).pull(pullOf('riverside')))).toEqual({
      kind: 'unreachable',
      code: 'TOKEN',
      sent: false,
    })
    const never = () => new Promise<never>(() => {})
    expect(await fault(transportTo({ token: never, timeoutMs: 50 }).pull(pullOf('riverside')))).toEqual({
      kind: 'unreachable',
      code: 'TIMEOUT',
      sent: false,
    })
  })

  it('a token given for one request is not exchanged', async () => {
    const transport = transportTo({ token: () => expect.fail('nobody asks for a token') })
    const me = { toString: () => '{ me(tenantId: "demo") { staffCode } }' }
    expect(await fault(transport.read(me, {}, { token: 'bad' }))).toMatchObject({ kind: 'unauthenticated' })
  })
})
