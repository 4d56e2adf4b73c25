/**
 * The HTTP side: GraphQL, the landing page, the apps, the probes.
 */
import {
  createServer,
  type IncomingMessage,
  maxHeaderSize,
  type Server,
  type ServerOptions,
  type ServerResponse,
} from 'node:http'
import type { Apps } from './apps.ts'
import { asksForPage } from './graphql/graphiql-page.ts'
import {
  boundConnections,
  mayPipeline,
  type OnReset,
  receptionOf,
  refuseByTurns,
} from './http/connections.ts'
import { safeHeaders } from './http/headers.ts'
import type { AllowsHost } from './http/hosts.ts'
import { keepLittle } from './http/inflow.ts'
import { swallow } from './http/linger.ts'
import { isOver } from './http/over.ts'
import { slowestPace } from './http/pace.ts'
import { Reception } from './http/reception.ts'
import { Refusals } from './http/refusals.ts'
import { Rests } from './http/rests.ts'
import { endUnread } from './http/unread.ts'
import { landingPage } from './landing.ts'
import { requestIdOf, withRequestId } from './platform/request-id.ts'

/** Answers, after what it had to find out in a turn that is its own: what is found for all at once is not told to all at once. */
type Page = (response: ServerResponse, turn: () => Promise<void>) => unknown
type Metrics = () => Promise<{ contentType: string; text: string }>

export type Handlers = {
  graphqlPath: string
  graphql: (request: IncomingMessage, response: ServerResponse) => unknown
  /** Whether the database is reachable and migrated. */
  ready: () => Promise<boolean>
  /** Whether it has been told to stop. */
  isLeaving: () => boolean
  /** Whether nudges reach other gateways; the gateway is ready without. */
  busHealthy: () => boolean
  /** What is said to whoever has not signed in: whether there is the demo café, and any tenant at all. */
  welcome: () => Promise<object>
  /** Null where they have an address of their own. */
  metrics: Metrics | null
  /** Null where it is off. */
  graphiql: ((request: IncomingMessage, response: ServerResponse) => Promise<void>) | null
  allowsHost: AllowsHost
  apps: Apps
  /** Whom a request counts for that has not said who it is of. */
  addressOf: (request: IncomingMessage) => string
  /** Connections that one address may have; `Infinity` is no limit. */
  connectionsPerAddress: number
  onConnectionReset: OnReset
}

function send(response: ServerResponse, status: number, contentType: string, body: string, headers = {}) {
  response.writeHead(status, { ...safeHeaders, 'content-type': contentType, ...headers })
  response.end(body)
}
const sendJson = (response: ServerResponse, status: number, body: object) =>
  send(response, status, 'application/json; charset=utf-8', JSON.stringify(body))

/**
 * Pages of any origin may ask; never with a browser's own credentials, of which the gateway takes none. That requests may
 * come as gzip is said in each answer (RFC 9110, 12.5.3): a client cannot know it of the first one.
 */
const anyOrigin = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers': 'retry-after, accept-encoding, x-request-id',
  'accept-encoding': 'gzip',
}
const preflight = {
  ...anyOrigin,
  'access-control-allow-methods': 'GET, POST, OPTIONS',
  'access-control-allow-headers': 'authorization, content-type, content-encoding, *',
  'access-control-max-age': '7200',
}

/** What an orchestrator asks, by whatever name; they say nothing that is anybody's. */
const probes = new Set(['/healthz', '/readyz'])
const unknownHost = {
  error: 'This server does not go by the name in the Host header; ALLOWED_HOSTS can name it.',
}
const noHost = { error: 'A request of HTTP/1.1 says whom it asks, in a Host header.' }
const landingPolicy = `${safeHeaders['content-security-policy']}; style-src 'unsafe-inline'`

/** How long the head of a request may take; its body has a pace of its own. */
const headersTimeoutMs = 20_000
/** How late it may be ended; by itself Node looks every half a minute. */
const checkMs = 1_000
/**
 * How long a connection may be idle. It seems so while an answer that the kernel has taken is still on its way: on a slow
 * line for many seconds, after which the next request would need a connection of its own, or meet one that closes.
 */
const keepAliveMs = 25_000

export function createHttpServer(handlers: Handlers): Server {
  const { metrics, graphiql } = handlers
  const findReady = onceForAll(handlers.ready, 100)
  const landing = landingPage({ graphiql: graphiql !== null, metrics: metrics !== null })
  const pages: Record<string, Page> = {
    '/': (response) =>
      send(response, 200, 'text/html; charset=utf-8', landing, { 'content-security-policy': landingPolicy }),
    '/healthz': (response) => sendJson(response, 200, { status: 'up' }),
    '/readyz': async (response, turn) => {
      const hasDatabase = await findReady()
      await turn()
      const bus = handlers.busHealthy() ? 'up' : 'away'
      const ready = hasDatabase && !handlers.isLeaving()
      sendJson(response, ready ? 200 : 503, {
        status: ready ? 'ready' : handlers.isLeaving() ? 'stopping' : 'not ready',
        database: hasDatabase ? 'up' : 'away',
        bus,
      })
    },
    '/welcome.json': async (response, turn) => {
      const welcome = await handlers.welcome()
      await turn()
      sendJson(response, 200, welcome)
    },
    ...(metrics && { '/metrics': sendMetrics(metrics) }),
  }

  function answer(request: IncomingMessage, response: ServerResponse): unknown {
    const path = (request.url ?? '/').split('?', 1)[0] ?? '/'
    if (!handlers.allowsHost(request) && !probes.has(path)) return sendJson(response, 421, unknownHost)
    if (path === handlers.graphqlPath) {
      if (request.method === 'OPTIONS') return response.writeHead(204, preflight).end()
      if (graphiql && asksForPage(request)) return graphiql(request, response)
      for (const [name, value] of Object.entries({ ...safeHeaders, ...anyOrigin }))
        response.setHeader(name, value)
      const requestId = requestIdOf(request.headers['x-request-id'])
      response.setHeader('x-request-id', requestId)
      return withRequestId(requestId, () => handlers.graphql(request, response))
    }
    const inApp = handlers.apps(request, response, path)
    if (inApp) return inApp.catch(() => sendJson(response, 500, { error: 'Something went wrong.' }))
    const page = pages[path]
    if (!page) return sendJson(response, 404, { error: `There is nothing at ${path}.` })
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return sendJson(response, 405, { error: `${path} can only be read.` })
    const turn = () => receptionOf(request).turn(handlers.addressOf(request))
    return Promise.resolve(page(response, turn)).catch(() =>
      sendJson(response, 500, { error: 'Something went wrong.' }),
    )
  }

  return patientServer(answer, handlers)
}

/** A server for the metrics alone. */
export const createMetricsServer = (
  metrics: Metrics,
  of: Pick<Handlers, 'addressOf' | 'allowsHost' | 'onConnectionReset'>,
): Server => {
  const answerMetrics = sendMetrics(metrics)
  return patientServer((request, response) => {
    if (!of.allowsHost(request)) return sendJson(response, 421, unknownHost)
    return request.method === 'GET' && request.url === '/metrics'
      ? answerMetrics(response, () => receptionOf(request).turn(of.addressOf(request)))
      : sendJson(response, 404, { error: 'There is nothing but /metrics.' })
  }, of)
}

/** A server for what the gateway hands over to another thread, which has said all that goes with every answer. */
export function createBatchServer(of: Pick<Handlers, 'graphql' | 'addressOf' | 'onConnectionReset'>): Server {
  const answer = (request: IncomingMessage, response: ServerResponse) => {
    const requestId = requestIdOf(request.headers['x-request-id'])
    return withRequestId(requestId, () => of.graphql(request, response))
  }
  // A head that was let in says here in addition whom it came by, and its number: it is longer, and has more names.
  const server = patientServer(answer, of, { maxHeaderSize: 2 * maxHeaderSize })
  server.maxHeadersCount = 0
  // Whoever asks here keeps its connections for as long as it needs them.
  server.keepAliveTimeout = 0
  return server
}

/** Whoever asks while it is found out for another, or so soon after that it is as good as now, is told the same. */
function onceForAll<T>(find: () => Promise<T>, freshMs: number): () => Promise<T> {
  let finding: Promise<T> | undefined
  return () => {
    finding ??= find().finally(() =>
      setTimeout(() => {
        finding = undefined
      }, freshMs).unref(),
    )
    return finding
  }
}

function sendMetrics(metrics: Metrics): Page {
  const find = onceForAll(metrics, 0)
  return async (response, turn) => {
    const { contentType, text } = await find()
    await turn()
    send(response, 200, contentType, text)
  }
}

/** Whoever asks for another protocol is answered in this one, like everybody (RFC 9110, 7.8). */
const asksForSocket = ({ method, headers }: IncomingMessage) =>
  method === 'GET' && headers.upgrade?.toLowerCase() === 'websocket'

/** Waits for whoever makes progress, however slowly, and not for others. */
function patientServer(
  answer: (request: IncomingMessage, response: ServerResponse) => unknown,
  of: Pick<Handlers, 'addressOf' | 'onConnectionReset'> & Partial<Pick<Handlers, 'connectionsPerAddress'>>,
  options: ServerOptions = {},
): Server {
  const { addressOf, onConnectionReset, connectionsPerAddress = Number.POSITIVE_INFINITY } = of
  const reception = new Reception(new Rests())
  const refusals = new Refusals()
  function receive(request: IncomingMessage, response: ServerResponse): void {
    if (!mayPipeline(request, response, refusals, onConnectionReset)) return
    endUnread(response, slowestPace)
    response.once('prefinish', () => swallow(request))
    keepLittle(request)
    reception.enter(addressOf(request), () => {
      if (isOver(request, response)) return
      if (request.httpVersion === '1.1' && request.headers.host === undefined) sendJson(response, 400, noHost)
      else answer(request, response)
    })
  }
  const server: Server = createServer({
    connectionsCheckingInterval: checkMs,
    requireHostHeader: false,
    shouldUpgradeCallback: (request) => server.listenerCount('upgrade') > 0 && asksForSocket(request),
    ...options,
  })
  // What Node answers by itself is in nobody's turn, and is not counted: an expectation that it does not know, no Host.
  server.on('request', receive).on('checkExpectation', receive)
  boundConnections(server, connectionsPerAddress, reception, onConnectionReset)
  refuseByTurns(server, reception)
  server.headersTimeout = headersTimeoutMs
  server.keepAliveTimeout = keepAliveMs
  server.requestTimeout = 0
  return server
}
