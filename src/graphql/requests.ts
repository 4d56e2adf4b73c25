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
import { slowestPace } from '../http/pace.ts'
import { accountKey, type Tokens } from '../platform/tokens.ts'
import type { Caller } from './context.ts'
import { badInput, requestError } from './errors.ts'
import { costOf, type RateLimit } from './rate-limit.ts'

/** What yoga has of each request: Node's own, and what is found out here. */
export type Exchange = { req: IncomingMessage; res: ServerResponse; caller?: Caller; held?: Held }

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

/** The one limit of a body, inflated: a full batch with its envelopes, and the query. */
export const maxBodyBytes = ({ maxBatch, maxBatchBytes }: Config) =>
  maxBatchBytes + maxBatch * envelopeBytes + 65_536

/** The bearer token of an Authorization header, or null. */
export const bearerToken = (header: string | null | undefined): string | null =>
  /^Bearer\s+(\S+)$/i.exec(header ?? '')?.[1] ?? null

export function handleRequests(options: {
  config: Config
  tokens: Tokens
  rateLimit: RateLimit
}): Plugin<object, Exchange> {
  const { config, tokens, rateLimit } = options
  const inFlight = new InFlight()
  const maxBytes = maxBodyBytes(config)

  async function callerOf({ headers }: IncomingMessage, address: string): Promise<Caller> {
    const token = bearerToken(headers.authorization)
    return { identity: token === null ? null : await tokens.verify(token), clientAddress: address }
  }

  function sharesOf({ identity, clientAddress }: Caller): Share[] {
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

  /** The text of a body, within what its sender may send. */
  async function receive({ req }: Exchange, caller: Caller, held: Held): Promise<string> {
    try {
      const body = await readBody(req, {
        maxBytes: caller.identity ? maxBytes : anonymousBytes,
        tooLarge: () => (caller.identity ? tooLarge(maxBytes, config) : anonymousTooLarge()),
        held,
        pace: slowestPace,
      })
      await rateLimit(caller, costOf(body.length) - 1)
      return body.toString()
    } catch (error) {
      throw error instanceof HttpFault ? asGraphQL(error) : error
    }
  }

  return {
    async onRequestParse({ request, serverContext, requestParser, setRequestParser, fetchAPI }) {
      const { req, res } = serverContext
      const caller = await callerOf(req, clientAddress(req, config.trustProxy))
      const held = inFlight.open(sharesOf(caller))
      res.once('close', held.release)
      Object.assign(serverContext, { caller, held })
      await rateLimit(caller)
      if (!requestParser) return
      if (request.method !== 'POST')
        return setRequestParser(() => withReadableVariables(() => requestParser(request)))
      setRequestParser(async () => {
        const text = await receive(serverContext, caller, held)
        const { url, method, headers } = request
        const read = new fetchAPI.Request(url, { method, headers, body: text })
        read.json = () => parseJson(text, maxBytes / bytesPerValue).catch(faultAsGraphQL)
        return withReadableVariables(() => requestParser(read))
      })
    },

    async onResponse({ response, serverContext, setResponse, fetchAPI }) {
      const { req, held } = serverContext
      const { headers } = response
      if (!response.body || !/\bjson\b/.test(headers.get('content-type') ?? '')) return
      const text = await response.text()
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
