import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buildSchema, GraphQLError, type GraphQLSchema } from 'graphql'
import { WebSocket } from 'ws'
import { createNudgeAccess, type NudgeScope } from '../../src/graphql/nudge-access.ts'
import type { Session } from '../../src/graphql/nudge-connection.ts'
import { createNudgeSocketServer, type NudgeSocketOptions } from '../../src/graphql/nudge-sockets.ts'
import type { OpenNudges } from '../../src/graphql/nudge-subscriptions.ts'
import { boundConnections } from '../../src/http/connections.ts'
import { Reception } from '../../src/http/reception.ts'
import type { Nudge } from '../../src/sync/nudge/bus.ts'
import { createNudgeHub } from '../../src/sync/nudge/hub.ts'
import { createProcessBus } from '../../src/sync/nudge/process-bus.ts'

export const MODULES = ['BRANCH', 'POLICY', 'MENU', 'SALE', 'INVENTORY']

type Context = { session: Session; nudges: OpenNudges }
type Args = { tenantId: string; branchId?: string; moduleScopes?: string[] }

/** The nudge part of the gateway's schema, with a query and a mutation beside it. */
export function nudgeSchema(): GraphQLSchema {
  const schema = buildSchema(`
    scalar SafeInt
    scalar DateTime
    enum ModuleScope { ${MODULES.join(' ')} }
    type SyncNudge {
      tenantId: ID!
      branchId: ID!
      modules: [ModuleScope!]!
      headSeq: SafeInt!
      pullAfterMs: Int!
      at: DateTime!
    }
    type Query { whoAmI: String! fails: Int }
    type Mutation { count: Int! }
    type Subscription {
      syncNudge(tenantId: ID!, branchId: ID, moduleScopes: [ModuleScope!]): SyncNudge!
    }
  `)
  let counted = 0
  const query = schema.getQueryType()!.getFields()
  query.whoAmI!.resolve = (_root, _args, context: Context) => context.session.accountId
  query.fails!.resolve = () => {
    throw new Error('a secret of the database')
  }
  schema.getMutationType()!.getFields().count!.resolve = () => ++counted
  const { syncNudge } = schema.getSubscriptionType()!.getFields()
  syncNudge!.subscribe = (_root, { tenantId, branchId, moduleScopes }: Args, context: Context) =>
    context.nudges({
      tenantId,
      branchId: branchId ?? null,
      modules: moduleScopes ? new Set(moduleScopes) : null,
    })
  syncNudge!.resolve = (nudge) => nudge
  return schema
}

export const nudge = (fields: Partial<Nudge> = {}): Nudge => ({
  tenantId: 'demo',
  branchId: 'riverside',
  modules: ['SALE'],
  headSeq: 7,
  pullAfterMs: 0,
  at: '2026-03-01T08:00:00.000Z',
  ...fields,
})

export const forbidden = () =>
  new GraphQLError('You may not hear of this.', {
    extensions: { code: 'FORBIDDEN', reason: 'NO_BRANCH_ACCESS' },
  })

/**
 * A gateway's sockets on a free port. A token is an account's name, optionally followed by `~` and how many ms it is
 * still good for; `expired` and `broken` are refused.
 */
export async function startNudgeGateway({
  authorize = async () => {},
  ...options
}: Partial<NudgeSocketOptions<Session>> & {
  authorize?: (session: Session, scope: NudgeScope) => Promise<void>
} = {}) {
  const log = { info: () => {}, warn: () => {} }
  const hub = createNudgeHub({
    ...{ bus: createProcessBus({ log }), log, now: Date.now },
    ...{ allModules: MODULES, headsOf: async () => [] },
  })
  const access = createNudgeAccess<Session>({ authorize, watch: () => () => {}, log })
  const httpServer = createServer()
  boundConnections(httpServer, Number.POSITIVE_INFINITY, new Reception(), () => {})
  const sockets = createNudgeSocketServer<Session>({
    httpServer,
    path: '/graphql',
    schema: nudgeSchema(),
    hub,
    access,
    log,
    contextOf: (caller) => caller,
    async authenticate(token) {
      const [accountId = '', leftMs = '3600000'] = token.split('~')
      if (accountId === 'expired') throw new GraphQLError('No.', { extensions: { code: 'UNAUTHENTICATED' } })
      if (accountId === 'broken') throw new Error('the key server is away')
      return { accountId, tenantId: null, expiresAt: Date.now() + Number(leftMs) }
    },
    ...options,
  })
  httpServer.listen(0, '127.0.0.1')
  await once(httpServer, 'listening')
  const { port } = httpServer.address() as AddressInfo
  return {
    hub,
    access,
    sockets,
    httpServer,
    url: `ws://127.0.0.1:${port}/graphql`,
    async stop() {
      await sockets.close()
      hub.close()
      httpServer.closeAllConnections()
      httpServer.close()
    },
  }
}

export type Frame = { id?: string; type: string; payload?: unknown }

/** A socket that speaks the protocol by hand and remembers every text it got. */
export class RawClient {
  readonly socket: WebSocket
  readonly texts: string[] = []
  readonly closed: Promise<{ code: number; reason: string }>

  constructor(url: string, { protocol = 'graphql-transport-ws', autoPong = true } = {}) {
    this.socket = new WebSocket(url, protocol, { perMessageDeflate: false, autoPong })
    this.socket.on('message', (data) => this.texts.push(String(data)))
    this.socket.on('error', () => {})
    this.closed = new Promise((resolve) => {
      this.socket.once('close', (code, reason) => resolve({ code, reason: String(reason) }))
    })
  }

  /** Connected and acknowledged as an account. */
  static async as(token: string, url: string): Promise<RawClient> {
    const client = new RawClient(url)
    await once(client.socket, 'open')
    client.send({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } })
    await client.until(({ type }) => type === 'connection_ack')
    client.texts.length = 0
    return client
  }

  get frames(): Frame[] {
    return this.texts.map((text) => JSON.parse(text))
  }

  send(message: object | string): void {
    this.socket.send(typeof message === 'string' ? message : JSON.stringify(message))
  }

  /** Sends an operation, by default a plain subscription to one branch. */
  subscribe(id: string, query = '{ tenantId branchId modules headSeq }', variables?: object): void {
    const text = query.startsWith('{')
      ? `subscription { syncNudge(tenantId: "demo", branchId: "riverside") ${query} }`
      : query
    this.send({ id, type: 'subscribe', payload: { query: text, variables } })
  }

  /** The first frame, of those got or still to come, that is meant. */
  async until(isMeant: (frame: Frame) => boolean): Promise<Frame> {
    for (;;) {
      const frame = this.frames.find(isMeant)
      if (frame) return frame
      const [first] = await Promise.race([
        once(this.socket, 'message'),
        this.closed.then((how) => Promise.reject(new Error(`closed with ${how.code} ${how.reason}`))),
      ])
      if (first === undefined) throw new Error('nothing came')
    }
  }

  end(): void {
    this.socket.terminate()
  }
}
