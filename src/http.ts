/**
 * The HTTP side: GraphQL, the landing page, the apps, the probes.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Apps } from './apps.ts'
import { landingPage } from './landing.ts'

export type Handlers = {
  graphqlPath: string
  graphql: (request: IncomingMessage, response: ServerResponse) => unknown
  /** Bytes of a request's body at most. */
  maxBodyBytes: number
  /** Whether the database is reachable and migrated. */
  ready: () => Promise<boolean>
  /** Whether nudges reach other gateways; the gateway is ready without. */
  busHealthy: () => boolean
  metrics: () => Promise<{ contentType: string; text: string }>
  apps: Apps
}

function send(response: ServerResponse, status: number, contentType: string, body: string) {
  response.writeHead(status, { 'content-type': contentType, 'x-content-type-options': 'nosniff' })
  response.end(body)
}
const sendJson = (response: ServerResponse, status: number, body: object) =>
  send(response, status, 'application/json; charset=utf-8', JSON.stringify(body))

/** A body that is too large, or does not say how large it is, is refused before it is read. */
function bodyFault({ method, headers }: IncomingMessage, maxBytes: number): [number, string] | null {
  if (method !== 'POST') return null
  const length = headers['content-length']
  if (length === undefined) return [411, 'The request must say its Content-Length.']
  return Number(length) > maxBytes
    ? [413, `The request has ${length} bytes; at most ${maxBytes} are accepted.`]
    : null
}

export function createHttpServer(handlers: Handlers): Server {
  const pages: Record<string, (response: ServerResponse) => unknown> = {
    '/': (response) => send(response, 200, 'text/html; charset=utf-8', landingPage),
    '/healthz': (response) => sendJson(response, 200, { status: 'up' }),
    '/readyz': async (response) => {
      const ready = await handlers.ready()
      const bus = handlers.busHealthy() ? 'up' : 'away'
      sendJson(response, ready ? 200 : 503, {
        status: ready ? 'ready' : 'not ready',
        database: ready ? 'up' : 'away',
        bus,
      })
    },
    '/metrics': async (response) => {
      const { contentType, text } = await handlers.metrics()
      send(response, 200, contentType, text)
    },
  }

  return createServer((request, response) => {
    const path = (request.url ?? '/').split('?', 1)[0] ?? '/'
    if (path === handlers.graphqlPath) {
      const fault = bodyFault(request, handlers.maxBodyBytes)
      if (!fault) return handlers.graphql(request, response)
      const [status, message] = fault
      response.setHeader('connection', 'close')
      return sendJson(response, status, { errors: [{ message, extensions: { code: 'BAD_USER_INPUT' } }] })
    }
    const inApp = handlers.apps(request, response, path)
    if (inApp) return inApp.catch(() => sendJson(response, 500, { error: 'Something went wrong.' }))
    const page = pages[path]
    if (!page) return sendJson(response, 404, { error: `There is nothing at ${path}.` })
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return sendJson(response, 405, { error: `${path} can only be read.` })
    return Promise.resolve(page(response)).catch(() =>
      sendJson(response, 500, { error: 'Something went wrong.' }),
    )
  })
}
