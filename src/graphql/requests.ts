/**
 * What happens to a request before anybody reads what it says, and to an answer before it leaves: who asks, how much
 * they may send and be sent, gzip both ways.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { GraphQLError } from 'graphql'
import type { Plugin } from 'graphql-yoga'
import type { Config } from '../config.ts'
import { busy, readBody } from '../http/body.ts'
import { clientAddress } from '../http/client-address.ts'
import { gzipped, takesGzip } from '../http/gzip.ts'
import { HttpFault } from '../http/http-fault.ts'
import { type Held, InFlight, type Share } from '../http/in-flight.ts'
import { parseJson } from '../http/json.ts'
import { isOver, onceOver } from '../http/over.ts'
import { slowestPace } from '../http/pace.ts'
import { accountKey, type Tokens } from '../platform/tokens.ts'
import { costOfBytes, type TenantShare } from '../sync/tenant-share.ts'
import type { Turns } from '../sync/turns.ts'
import { onDevice } from './access.ts'
import type { Caller } from './context.ts'
import { badInput, requestError } from './errors.ts'
import { callerKey, costOf, type RateLimit } from './rate-limit.ts'
import { RequestTurns } from './request-turns.ts'

/** What yoga has of each request: Node's own, and what was found out before. */
export type Exchange = Partial<Admitted> & { req: IncomingMessage; res: ServerResponse }

type Admitted = {
  caller: Caller
  held: Held
  /** Ends the turn that the request has. */
  answered: () => void
  /** The body; undefined where the request has none. */
  text: string | undefined
  /** The value of a body of JSON; throws why it has none. */
  json: () => unknown
  /** Why it is refused. */
  refused: GraphQLError
}

/** Node's handler of requests that goes on with those that are let in. */
type Handler = (req: IncomingMessage, res: ServerResponse) => Promise<void>
type Answering = (req: IncomingMessage, res: ServerResponse, admitted: Partial<Admitted>) => unknown

/** A body without a token: a sign-in has 300 bytes, what GraphiQL asks of the schema 3,000. */
const anonymousBytes = 16_384
/** Of all who have no token, and of those of one address. */
const anonymousShares = { all: 16_000_000, address: 4_000_000 }
/** Full bodies that the process holds, those of one tenant, those of one account. */
const fullBodies = { all: 16, tenant: 8, account: 4 }
/** Of an envelope beside its payload. */
const envelopeBytes = 1_024
/** A batch of sales has a value for each 17 bytes. */
const bytesPerValue = 12

/** Of what is no JSON (a form, a bare query): yoga takes it apart in one go, a million members in a second. */
const otherBytes = 65_536
/** Values of the variables beside payloads, for each operation of a full batch; GraphQL looks at them one by one. */
const valuesBeside = 40

/** The one limit of a body, inflated: a full batch with its envelopes, and the query. */
const maxBodyBytes = ({ maxBatch, maxBatchBytes }: Config) =>
  maxBatchBytes + maxBatch * envelopeBytes + 65_536

/** The bearer token of an Authorization header, or null. */
const bearerToken = (header: string | null | undefined): string | null =>
  /^Bearer\s+(\S+)$/i.exec(header ?? '')?.[1] ?? null

/**
 * The door of GraphQL requests. `enter` finds out who asks and reads what they send, for whoever may send it; what is
 * refused there never reaches yoga, whose way takes several times as long. The plugin hands over what was read.
 */
export function createRequestDoor(options: {
  config: Config
  tokens: Tokens
  rateLimit: RateLimit
  turns: Pick<Turns, 'company' | 'share'>
  present: (error: unknown) => GraphQLError
  /** Told how long a body was, inflated. */
  onBody?: (bytes: number) => void
}): { enter: (answering: Answering) => Handler; plugin: Plugin<object, Exchange> } {
  const { config, tokens, rateLimit, present } = options
  const { company } = options.turns
  const inFlight = new InFlight()
  const turns = new RequestTurns(options.turns)
  const maxBytes = maxBodyBytes(config)

  async function callerOf({ headers }: IncomingMessage, address: string): Promise<Caller> {
    const token = bearerToken(headers.authorization)
    const identity = token === null ? null : await tokens.verify(token)
    return { identity: identity && onDevice(identity, headers['x-device-id']), clientAddress: address }
  }

  const mostBytes = (req: IncomingMessage, { identity }: Caller): number =>
    !identity ? anonymousBytes : isJson(req) ? maxBytes : otherBytes

  /** What a request costs by its head, so that a flood is refused before it is read; too long a body never is. */
  function declaredCost(req: IncomingMessage, caller: Caller): number {
    const declared = Number(req.headers['content-length'] ?? 0)
    return declared > mostBytes(req, caller) ? 1 : costOf(declared)
  }

  /** The text of a body, within what its sender may send. */
  async function receive(req: IncomingMessage, caller: Caller, held: Held): Promise<string> {
    const body = await readBody(req, {
      maxBytes: mostBytes(req, caller),
      tooLarge: () => (caller.identity ? tooLarge(maxBytes, config) : anonymousTooLarge()),
      held,
      pace: slowestPace,
    }).catch(faultAsGraphQL)
    options.onBody?.(body.length)
    await rateLimit(caller, costOf(body.length) - declaredCost(req, caller))
    return asItsType(req, body.toString())
  }

  /** What a body of JSON holds. */
  async function readJson(text: string, caller: string): Promise<() => unknown> {
    try {
      const body = await parseJson(text, maxBytes / bytesPerValue, () => company.isAbout(caller)).catch(
        faultAsGraphQL,
      )
      checkVariables((body as { variables?: unknown } | null)?.variables, config)
      return () => body
    } catch (error) {
      return () => {
        throw error
      }
    }
  }

  /** What is found out goes into `admitted`; throws why it is refused. */
  async function admit(
    req: IncomingMessage,
    res: ServerResponse,
    admitted: Partial<Admitted>,
  ): Promise<void> {
    const caller = await callerOf(req, clientAddress(req, config.trustProxy))
    const held = inFlight.open(sharesOf(caller, maxBytes))
    const { promise: over, resolve: answered } = Promise.withResolvers<void>()
    onceOver(req, res, () => {
      held.release()
      answered()
    })
    Object.assign(admitted, { caller, held, answered })
    await rateLimit(caller, declaredCost(req, caller))
    const key = callerKey(caller)
    if (req.method === 'POST') admitted.text = await turns.receive(key, () => receive(req, caller, held))
    await takeTurn(turns, { caller, length: admitted.text?.length ?? 0, req, res, over }, async () => {
      if (admitted.text !== undefined && isJson(req)) admitted.json = await readJson(admitted.text, key)
    })
  }

  return {
    enter: (answering) => async (req, res) => {
      const admitted: Partial<Admitted> = {}
      try {
        await admit(req, res, admitted)
      } catch (error) {
        admitted.refused = present(error)
        if (refuse(req, res, admitted.refused)) return
      }
      await answering(req, res, admitted)
    },

    plugin: readBodies(rateLimit, options.turns.share),
  }
}

/** What the bytes of a caller's requests are shares of. */
function sharesOf({ identity, clientAddress }: Caller, maxBytes: number): Share[] {
  if (!identity)
    return [
      ['anonymous', anonymousShares.all],
      [`address ${clientAddress}`, anonymousShares.address],
    ]
  return [
    ['all', fullBodies.all * maxBytes],
    ...(identity.tenantId === null
      ? []
      : [[`tenant ${identity.tenantId}`, fullBodies.tenant * maxBytes] as const]),
    [`account ${accountKey(identity)}`, fullBodies.account * maxBytes],
  ]
}

type Asked = {
  caller: Caller
  length: number
  req: IncomingMessage
  res: ServerResponse
  over: Promise<void>
}

/** Waits for the caller's turn, in which the body is read. */
async function takeTurn(
  turns: RequestTurns,
  { caller, length, req, res, over }: Asked,
  read: () => Promise<void>,
): Promise<void> {
  const tenantId = caller.identity?.tenantId ?? null
  const of = tenantId === null ? null : { tenantId, costMs: costOfBytes(length) }
  if (!(await turns.begin(callerKey(caller), over, read, of)))
    throw requestError('RATE_LIMITED', 'Too many requests at once; slow down.', { retryAfterMs: 1_000 })
  if (isOver(req, res)) throw requestError('SERVICE_UNAVAILABLE', 'Nobody waits for the answer any more.')
}

/** Hands yoga the bodies that were read, and counts and compresses what it answers. */
const readBodies = (rateLimit: RateLimit, share: TenantShare): Plugin<object, Exchange> => ({
  onRequestParse({ request, serverContext, requestParser, setRequestParser, fetchAPI }) {
    const { refused, text, json } = serverContext
    if (refused) throw refused
    if (!requestParser) return
    if (text === undefined) return setRequestParser(() => withReadableVariables(() => requestParser(request)))
    const { url, method, headers } = request
    const read = new fetchAPI.Request(url, { method, headers, body: json ? '' : text })
    if (json) read.json = async () => json()
    setRequestParser(() => withReadableVariables(() => requestParser(read)))
  },

  async onResponse({ response, serverContext, setResponse, fetchAPI }) {
    const { req, caller, held, answered } = serverContext
    answered?.()
    const { headers } = response
    if (!response.body || !/\bjson\b/.test(headers.get('content-type') ?? '')) return
    const text = await response.text()
    // What was answered counts for what is asked next.
    if (caller) void rateLimit(caller, costOf(text.length) - 1).catch(() => {})
    const tenantId = caller?.identity?.tenantId ?? null
    if (tenantId !== null) share.charge(tenantId, costOfBytes(text.length))
    if (held && !held.take(text.length)) {
      const { status, message, headers } = busy()
      const body = JSON.stringify({ errors: [requestError('SERVICE_UNAVAILABLE', message)] })
      return setResponse(new fetchAPI.Response(body, { status, headers: { ...headers, ...json } }))
    }
    const compressed = takesGzip(req.headers['accept-encoding']) ? await gzipped(text) : null
    if (!compressed) return
    const { status, statusText } = response
    const kept = Object.fromEntries(headers)
    delete kept['content-length']
    setResponse(
      new fetchAPI.Response(compressed, {
        status,
        statusText,
        headers: { ...kept, 'content-encoding': 'gzip', vary: 'accept-encoding' },
      }),
    )
  },
})

/** What an Accept header asks for first, where that is JSON. */
const askedJson =
  /^ *(application\/json|application\/graphql-response\+json|application\/\*|\*\/\*) *(?:[,;]|$)/i

/** Answers as yoga would whoever takes JSON; false where the answer has another form. */
function refuse({ headers }: IncomingMessage, res: ServerResponse, error: GraphQLError): boolean {
  const [, asked] = askedJson.exec(headers.accept ?? '*/*') ?? []
  if (!asked) return false
  const type = asked.endsWith('*') ? 'application/json' : asked.toLowerCase()
  const { http, ...extensions } = error.extensions as { http?: { status?: number; headers?: object } }
  res.writeHead(http?.status ?? 200, { 'content-type': `${type}; charset=utf-8`, ...http?.headers })
  res.end(JSON.stringify({ errors: [{ message: error.message, extensions }] }))
  return true
}

const isForm = ({ headers }: IncomingMessage) =>
  /^application\/x-www-form-urlencoded\b/i.test(headers['content-type'] ?? '')
/** The text, if it is of a type that yoga reads: of others it says nothing but 415. JSON that says it is a form is curl's. */
function asItsType(req: IncomingMessage, text: string): string {
  const type = req.headers['content-type'] ?? ''
  const isRead = isForm(req) ? !text.startsWith('{') : /^application\/(json|graphql)(\+json)?\b/i.test(type)
  if (isRead) return text
  throw requestError('BAD_USER_INPUT', 'Content-Type must be application/json.', { http: { status: 415 } })
}
const isJson = ({ headers }: IncomingMessage) => /^application\/json\b/i.test(headers['content-type'] ?? '')

/** Throws BATCH_TOO_LARGE for more values than operations have beside their payloads, which the engine counts. */
function checkVariables(variables: unknown, { maxBatch, maxBatchBytes }: Config): void {
  const most = maxBatch * valuesBeside + 10_000
  const waiting: { value: unknown; inList: boolean }[] = [{ value: variables, inList: false }]
  let values = 0
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { value, inList } = next
    if (typeof value !== 'object' || value === null) continue
    // A list of 300,000 has as many entries to be made, which takes 100 ms: counted before.
    values += Array.isArray(value) ? value.length : Object.keys(value).length
    if (values > most)
      throw requestError(
        'BATCH_TOO_LARGE',
        `The variables hold more than ${most} values beside payloads; send them in parts.`,
        { maxBytes: maxBatchBytes, http: { status: 413 } },
      )
    for (const [name, member] of Object.entries(value))
      if (!inList || name !== 'payload') waiting.push({ value: member, inList: Array.isArray(value) })
  }
}

const json = { 'content-type': 'application/json; charset=utf-8' }

const tooLarge = (bytes: number, { maxBatchBytes }: Config) =>
  requestError('BATCH_TOO_LARGE', `The body has more than ${bytes} bytes; send it in parts.`, {
    maxBytes: maxBatchBytes,
    http: { status: 413 },
  })

/** A token that has run out is the likelier reason: a batch is then not too large, but nobody's. */
const anonymousTooLarge = () =>
  requestError(
    'UNAUTHENTICATED',
    `Sign in first: without a valid token a body may have ${anonymousBytes} bytes.`,
    { maxBytes: anonymousBytes, http: { status: 401, headers: { 'www-authenticate': 'Bearer' } } },
  )

function asGraphQL({ status, message, headers }: HttpFault): GraphQLError {
  const http = { status, headers }
  if (status === 503) return requestError('SERVICE_UNAVAILABLE', message, { retryAfterMs: 1_000, http })
  // Whoever was too slow once may be quicker, or send less.
  if (status === 408) return requestError('SERVICE_UNAVAILABLE', message, { http })
  return requestError(status === 413 ? 'BATCH_TOO_LARGE' : 'BAD_USER_INPUT', message, { http })
}

const faultAsGraphQL = (error: unknown): never => {
  throw error instanceof HttpFault ? asGraphQL(error) : error
}

/** Variables in the address or in a form are JSON that yoga parses without looking at what comes of it. */
async function withReadableVariables<T>(parseRequest: () => T): Promise<Awaited<T>> {
  try {
    return await parseRequest()
  } catch (error) {
    if (error instanceof SyntaxError) throw badInput('The variables are not JSON.')
    throw error
  }
}
