/**
 * What happens to a request before anybody reads what it says, and to an answer before it leaves: who asks, how much
 * they may send and be sent, gzip both ways.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { GraphQLError } from 'graphql'
import type { Plugin } from 'graphql-yoga'
import type { BatchThread, ThreadAnswer } from '../batch-thread/batch-thread.ts'
import type { Config } from '../config.ts'
import { busy } from '../http/body.ts'
import { clientAddress } from '../http/client-address.ts'
import { receptionOf } from '../http/connections.ts'
import { gzipped, takesGzip } from '../http/gzip.ts'
import { type Held, InFlight, type Share } from '../http/in-flight.ts'
import { isOver, onceOver } from '../http/over.ts'
import { Refusals } from '../http/refusals.ts'
import { accountKey, type Tokens } from '../platform/tokens.ts'
import { patience } from '../sync/patience.ts'
import { costOfRequest } from '../sync/tenant-share.ts'
import type { Turns } from '../sync/turns.ts'
import { onDevice } from './access.ts'
import type { Caller } from './context.ts'
import { badInput, requestError } from './errors.ts'
import { callerKey, type RateLimit } from './rate-limit.ts'
import { asGraphQL, createBodies, isJson, type ReadJson } from './request-bodies.ts'
import { RequestTurns } from './request-turns.ts'
import { bytesOf, type SchemaAnswers } from './schema-answers.ts'

/** What yoga has of each request: Node's own, and what was found out before. */
export type Exchange = Partial<Admitted> & { req: IncomingMessage; res: ServerResponse }

type Admitted = ReadJson & {
  caller: Caller
  held: Held
  /** Ends the turn that the request has. */
  answered: () => void
  over: Promise<void>
  /** The body; undefined where the request has none. */
  text: string | undefined
  /** Why it is refused. */
  refused: GraphQLError
  /** The thread of batches has answered it. */
  threadAnswer: ThreadAnswer
}

/** Node's handler of requests that goes on with those that are let in. */
type Handler = (req: IncomingMessage, res: ServerResponse) => Promise<void>
type Answering = (req: IncomingMessage, res: ServerResponse, admitted: Partial<Admitted>) => unknown

/** Of all who have no token, and of those of one address. */
const anonymousShares = { all: 16_000_000, address: 4_000_000 }
/** Full bodies that the process holds, those of one tenant, those of one account. */
const fullBodies = { all: 16, tenant: 8, account: 4 }
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
  schemaAnswers: SchemaAnswers
  batchThread?: BatchThread | undefined
  /** Whoever hands requests over has counted their heads. */
  headsAreCounted?: boolean | undefined
  present: (error: unknown) => GraphQLError
  /** Told how long a body was, inflated. */
  onBody?: (bytes: number) => void
}): { enter: (answering: Answering) => Handler; plugin: Plugin<object, Exchange> } {
  const { config, tokens, rateLimit, present, schemaAnswers, batchThread, headsAreCounted = false } = options
  const refusals = new Refusals()
  const inFlight = new InFlight()
  const turns = new RequestTurns(options.turns)
  const bodies = createBodies({ config, rateLimit, turns, shared: options.turns, onBody: options.onBody })
  const { maxBytes, declaredCost, charge } = bodies

  async function callerOf({ headers }: IncomingMessage, address: string): Promise<Caller> {
    const token = bearerToken(headers.authorization)
    const identity = token === null ? null : await tokens.verify(token)
    return { identity: identity && onDevice(identity, headers['x-device-id']), clientAddress: address }
  }

  /** What is found out goes into `admitted`; throws why it is refused. */
  async function admit(
    req: IncomingMessage,
    res: ServerResponse,
    address: string,
    admitted: Partial<Admitted>,
  ): Promise<void> {
    const caller = await callerOf(req, address)
    const held = inFlight.open(sharesOf(caller, maxBytes))
    const { promise: over, resolve: answered } = Promise.withResolvers<void>()
    onceOver(req, res, () => {
      held.release()
      answered()
    })
    Object.assign(admitted, { caller, held, answered, over })
    if (!headsAreCounted) await rateLimit(caller, declaredCost(req, caller))
    const key = callerKey(caller)
    if (caller.identity && batchThread?.takes(req)) {
      const answer = await askThread(batchThread, turns, { caller, held, over, req, res })
      if (answer) return void Object.assign(admitted, { threadAnswer: answer })
    }
    if (req.method === 'POST')
      admitted.text = await turns.receive(key, () => bodies.receive(req, caller, held))
    await takeTurn(turns, { caller, length: admitted.text?.length ?? 0, req, res, over }, async () => {
      if (admitted.text !== undefined && isJson(req))
        Object.assign(admitted, await bodies.readJson(admitted.text, caller))
    })
  }

  /** Answers what was answered before in the same words; false where it was not. */
  async function answerReady(req: IncomingMessage, res: ServerResponse, admitted: Partial<Admitted>) {
    const { caller, body, answered } = admitted
    const type = jsonType(req)
    const answer = caller && type && schemaAnswers.ready(body)
    if (!answer) return false
    await rateLimit(caller, answer.cost)
    charge(caller, answer.text.length)
    const { bytes, headers } = await bytesOf(answer, req.headers['accept-encoding'])
    res.writeHead(200, { 'content-type': type, 'content-length': bytes.length, ...headers }).end(bytes)
    answered?.()
    return true
  }

  return {
    enter: (answering) => async (req, res) => {
      const admitted: Partial<Admitted> = {}
      const address = clientAddress(req, config.trustProxy)
      try {
        await admit(req, res, address, admitted)
        if (passOn(admitted.threadAnswer, res) || (await answerReady(req, res, admitted))) return
      } catch (error) {
        admitted.refused = present(error)
        const { caller, over } = admitted
        await waited(refusals.waitMs(caller ? callerKey(caller) : address), over)
        await receptionOf(req).turn(address)
        if (refuse(req, res, admitted.refused)) return
      }
      await answering(req, res, admitted)
    },

    plugin: readBodies(charge),
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
  const of = tenantId === null ? null : { tenantId, costMs: costOfRequest(length) }
  if (!(await turns.begin(callerKey(caller), over, read, { of, isNobody: caller.identity === null })))
    throw tooManyAtOnce()
  if (isOver(req, res)) throw requestError('SERVICE_UNAVAILABLE', 'Nobody waits for the answer any more.')
}

/** What the thread of batches answers; null where it cannot be reached. */
async function askThread(
  thread: BatchThread,
  turns: RequestTurns,
  { caller, held, over, req, res }: Omit<Asked, 'length'> & { held: Held },
): Promise<ThreadAnswer | null> {
  const key = callerKey(caller)
  const leave = turns.seat(key, over)
  if (!leave) throw tooManyAtOnce()
  const answer = await turns.receive(key, () => thread.ask(req, res).catch(interrupted))
  if (!answer) leave()
  else if (!held.take(answer.bytes.length)) throw asGraphQL(busy())
  return answer
}

/** False where there is none. */
function passOn(answer: ThreadAnswer | undefined, res: ServerResponse): boolean {
  if (!answer) return false
  res.writeHead(answer.status, answer.headers).end(answer.bytes)
  return true
}

const tooManyAtOnce = () =>
  requestError('RATE_LIMITED', 'Too many requests at once; slow down.', { retryAfterMs: 1_000 })

/** What it was handed over to has ended meanwhile. What was begun may be done: its keys tell. */
const interrupted = (): never => {
  throw requestError('SERVICE_UNAVAILABLE', 'The server was interrupted; send it again.', {
    retryAfterMs: 1_000,
  })
}

/** Hands yoga the bodies that were read, and counts and compresses what it answers. */
const readBodies = (charge: (caller: Caller, bytes: number) => void): Plugin<object, Exchange> => ({
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
    if (caller) charge(caller, text.length)
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

/** The content type in which JSON is asked for; null where the answer is to have another form. */
function jsonType({ headers }: IncomingMessage): string | null {
  const [, asked] = askedJson.exec(headers.accept ?? '*/*') ?? []
  if (!asked) return null
  return `${asked.endsWith('*') ? 'application/json' : asked.toLowerCase()}; charset=utf-8`
}

/** Answers as yoga would whoever takes JSON; false where the answer has another form. */
function refuse(req: IncomingMessage, res: ServerResponse, error: GraphQLError): boolean {
  const type = jsonType(req)
  if (!type) return false
  const { http, ...extensions } = error.extensions as { http?: { status?: number; headers?: object } }
  res.writeHead(http?.status ?? 200, { 'content-type': type, ...http?.headers })
  res.end(JSON.stringify({ errors: [{ message: error.message, extensions }] }))
  return true
}

/** So many milliseconds, or until it is over. */
async function waited(ms: number, over: Promise<void> = new Promise(() => {})): Promise<void> {
  if (ms === 0) return
  const waiting = patience(ms)
  void over.then(waiting.end)
  await waiting.over
}

const json = { 'content-type': 'application/json; charset=utf-8' }

/** Variables in the address or in a form are JSON that yoga parses without looking at what comes of it. */
async function withReadableVariables<T>(parseRequest: () => T): Promise<Awaited<T>> {
  try {
    return await parseRequest()
  } catch (error) {
    if (error instanceof SyntaxError) throw badInput('The variables are not JSON.')
    throw error
  }
}
