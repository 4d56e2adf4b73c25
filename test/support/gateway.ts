/**
 * A whole gateway with the demo café on a database of its own, and clients that speak to it as any other would:
 * over HTTP, with tokens.
 */
import { createHmac, randomInt, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { request } from 'node:http'
import { platform } from 'node:os'
import { text } from 'node:stream/consumers'
import { type App, createApp } from '../../src/app.ts'
import { loadConfig } from '../../src/config.ts'
import { seedDemo } from '../../src/demo/seed.ts'
import { cafe, type GatewayModule } from '../../src/modules/index.ts'
import { moduleScopes } from '../../src/modules/words.ts'
import { createLogger } from '../../src/platform/log.ts'
import { migrate } from '../../src/platform/migrate.ts'
import { payloadHashOf, type SubmittedOperation } from '../../src/sync/inspect.ts'
import type { Json } from '../../src/sync/words.ts'
import { createTestDatabase } from './database.ts'

/** Clients of the gateway at an address, whoever runs it. */
export type Clients = {
  /** Signs in (PIN 1234 unless given) and returns a client of that person. */
  as: (
    staffCode: string,
    options?: { tenantId?: string; deviceId?: string; pin?: string },
  ) => Promise<Client & { actorKey: string }>
  /** A client with this token, or with none. */
  withToken: (
    token: string | null,
    /** `named`: the device that each request names itself. */
    options?: { tenantId?: string; deviceId?: string; named?: string },
  ) => Client
}

export type Gateway = Clients & {
  app: App
  /** Of GraphQL. */
  url: string
  databaseUrl: string
  close: () => Promise<void>
}

export function clientsOf(url: string): Clients {
  const withToken: Clients['withToken'] = (token, options = {}) =>
    createClient({ url, token, tenantId: 'demo', deviceId: 'till-1', ...options })
  return {
    withToken,
    async as(staffCode, { tenantId = 'demo', deviceId = 'till-1', pin = '1234' } = {}) {
      const { data, errors } = await signInAt(url, { tenantId, staffCode, pin, deviceId })
      if (!data) throw new Error(`unexpected errors: ${JSON.stringify(errors)}`)
      const { signIn } = data
      return { ...withToken(signIn.token, { tenantId, deviceId }), actorKey: signIn.actorKey }
    },
  }
}

/**
 * From an address of its own, as people are: PINs that come from one are looked at one by one, with a rest between them.
 * Linux has all addresses of the loopback; elsewhere it takes its time.
 */
async function signInAt(
  url: string,
  input: object,
): Promise<Response<{ signIn: { token: string; actorKey: string } }>> {
  const query = 'mutation ($input: SignInInput!) { signIn(input: $input) { token actorKey } }'
  const part = () => randomInt(1, 255)
  const localAddress = platform() === 'linux' ? `127.${part()}.${part()}.${part()}` : undefined
  const headers = { 'content-type': 'application/json' }
  const asked = request(url, { method: 'POST', headers, localAddress, agent: false })
  asked.end(JSON.stringify({ query, variables: { input } }))
  const [answer] = await once(asked, 'response')
  return JSON.parse(await text(answer))
}

/** Starts one; `databaseUrl` shares the database of another. `env` as in the README. */
export async function startGateway(
  options: {
    env?: Record<string, string>
    clock?: () => Date
    databaseUrl?: string
    /** GraphiQL shows the demo's first steps. */
    demo?: boolean
    /** Modules beside the café's, and where their migrations are. */
    modules?: readonly GatewayModule[]
    migrations?: readonly string[]
    /** What a thread for large requests begins with; without it there is none. */
    entry?: URL
  } = {},
): Promise<Gateway> {
  // By a clock of the caller's own, the café is made at that time; else it is there, as after a first start.
  const own = options.databaseUrl ? null : await createTestDatabase(options.clock ? 'tables' : 'demo')
  const databaseUrl = options.databaseUrl ?? own!.url
  const config = loadConfig({ PORT: '0', LOG_LEVEL: 'silent', RATE_LIMIT_PER_SECOND: '0', ...options.env })
  const log = createLogger(config.logLevel)
  if (options.migrations) await migrate(databaseUrl, { log, further: options.migrations })
  const modules = [...cafe, ...(options.modules ?? [])]
  const { clock, demo, entry } = options
  const app = await createApp({ config, databaseUrl, log, clock, modules, demo, entry })
  if (own && options.clock) await seedDemo(app.services, app.db, log)
  const { url: base } = await app.listen()
  const url = `${base}/graphql`

  return {
    app,
    url,
    databaseUrl,
    ...clientsOf(url),
    async close() {
      await app.close()
      await own?.drop()
    },
  }
}

export type GraphqlError = {
  message: string
  path?: string[]
  extensions: { code: string; [key: string]: unknown }
}
export type Response<Data> = { data?: Data | null; errors?: GraphqlError[] }

export type Result = {
  clientOpId: string
  status: 'APPLIED' | 'REJECTED' | 'DEFERRED'
  duplicate: boolean
  code: string | null
  message: string | null
  details: Json
  // biome-ignore lint/suspicious/noExplicitAny: results differ by type of operation
  result: any
  appliedSeq: number | null
}

export type PulledChange = {
  seq: number
  opKind: 'UPSERT' | 'TOMBSTONE'
  module: string
  entityKind: string
  entityId: string
  // biome-ignore lint/suspicious/noExplicitAny: payloads differ by kind of entity
  payload: any
  occurredAt: string
  actorId: string | null
  clientOpId: string | null
}
export type Page = {
  changes: PulledChange[]
  nextCursor: string
  hasMore: boolean
  headSeq: number
  added: string[]
}
export type Reset = { reason: string; message: string }

export type Envelope = Omit<SubmittedOperation, 'occurredAt'> & { occurredAt: string }

/** An operation as a till would queue it. `branchId` defaults to riverside. */
export function operation(type: string, payload: unknown, envelope: Partial<Envelope> = {}): Envelope {
  const branchId = envelope.branchId === undefined ? 'riverside' : envelope.branchId
  return {
    clientOpId: randomUUID(),
    type,
    branchId,
    payload,
    payloadHash: payloadHashOf({ type, branchId, payload: payload as Json }),
    occurredAt: new Date().toISOString(),
    ...envelope,
  }
}

/** The signature that an operation carries for its actor: what docs/protocol.md says, by Node's own means. */
export const actorProof = (
  actorKey: string,
  {
    clientOpId,
    payloadHash,
    occurredAt,
    clockSkewMs,
    approvedFor,
  }: Pick<Envelope, 'clientOpId' | 'payloadHash' | 'occurredAt' | 'clockSkewMs' | 'approvedFor'>,
): string =>
  createHmac('sha256', Buffer.from(actorKey, 'base64url'))
    .update(
      [
        clientOpId.toLowerCase(),
        payloadHash.toLowerCase(),
        `${new Date(occurredAt).toISOString()} ${clockSkewMs ?? 0}`,
        ...(approvedFor ? [approvedFor] : []),
      ].join('\n'),
    )
    .digest('hex')

const pushMutation = `mutation ($input: SyncPushBatchInput!) {
  syncPushBatch(input: $input) {
    serverTime
    results { clientOpId status duplicate code message details result appliedSeq }
  }
}`
const pullQuery = `query ($input: SyncPullInput!) {
  syncPull(input: $input) {
    ... on SyncPullPage {
      changes { seq opKind module entityKind entityId payload occurredAt actorId clientOpId }
      nextCursor hasMore headSeq added
    }
    ... on SyncPullReset { reason message }
  }
}`

export type Client = ReturnType<typeof createClient>

function createClient(of: {
  url: string
  token: string | null
  tenantId: string
  deviceId: string
  named?: string
}) {
  const { url, token, tenantId, deviceId, named } = of

  async function send<Data>(query: string, variables: object = {}): Promise<Response<Data>> {
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(token ? { authorization: `Bearer ${token}` } : {}),
        ...(named ? { 'x-device-id': named } : {}),
      },
      body: JSON.stringify({ query, variables }),
    })
    return (await response.json()) as Response<Data>
  }

  /** The data of an answer without errors. */
  async function data<Data>(query: string, variables: object = {}): Promise<Data> {
    const { data: answer, errors } = await send<Data>(query, variables)
    if (errors || !answer) throw new Error(`unexpected errors: ${JSON.stringify(errors)}`)
    return answer
  }

  async function push(operations: readonly Envelope[], input: object = {}): Promise<Result[]> {
    const answer = await data<{ syncPushBatch: { results: Result[] } }>(pushMutation, {
      input: { tenantId, deviceId, operations, ...input },
    })
    return answer.syncPushBatch.results
  }

  /** One pull: a page, or the reset that it was answered with. */
  async function pull(input: object = {}): Promise<Page | Reset> {
    const answer = await data<{ syncPull: Page | Reset }>(pullQuery, {
      input: { tenantId, branchId: 'riverside', deviceId, moduleScopes, ...input },
    })
    return answer.syncPull
  }

  /** All pages from a cursor (or from nothing) to the head. */
  async function pullAll(input: { cursor?: string; [key: string]: unknown } = {}) {
    const changes: PulledChange[] = []
    let cursor = input.cursor
    for (;;) {
      const page = await pull({ ...input, cursor })
      if ('reason' in page) throw new Error(`unexpected reset: ${page.reason}`)
      changes.push(...page.changes)
      cursor = page.nextCursor
      if (!page.hasMore) return { changes, cursor, headSeq: page.headSeq }
    }
  }

  /** A mutation of the direct lane by its field's name. `branchId: null` leaves it out. */
  async function direct(
    field: string,
    input: object | null,
    { branchId = 'riverside', key = randomUUID() as string }: { branchId?: string | null; key?: string } = {},
  ): Promise<Result> {
    const type = `${field[0]!.toUpperCase()}${field.slice(1)}Input`
    const variables = [
      ['tenantId', 'ID!', tenantId],
      ...(branchId === null ? [] : [['branchId', 'ID!', branchId]]),
      ['idempotencyKey', 'UUID!', key],
      ...(input === null ? [] : [['input', `${type}!`, input]]),
    ] as const
    const query = `mutation (${variables.map(([name, kind]) => `$${name}: ${kind}`).join(', ')}) {
      ${field}(${variables.map(([name]) => `${name}: $${name}`).join(', ')}) {
        clientOpId status duplicate code message details result appliedSeq
      }
    }`
    const answer = await data<Record<string, Result>>(
      query,
      Object.fromEntries(variables.map(([name, , value]) => [name, value])),
    )
    return answer[field]!
  }

  return {
    url,
    token,
    tenantId,
    deviceId,
    named,
    send,
    data,
    push,
    pull,
    pullAll,
    direct,
    pushMutation,
    pullQuery,
  }
}
