/**
 * The bodies of requests: how long and of which type they may be for whoever sends them, what they cost, and what they hold.
 */
import type { IncomingMessage } from 'node:http'
import type { GraphQLError } from 'graphql'
import type { Config } from '../config.ts'
import { free, readBody } from '../http/body.ts'
import { HttpFault } from '../http/http-fault.ts'
import type { Held } from '../http/in-flight.ts'
import { parseJson } from '../http/json.ts'
import { slowestPace } from '../http/pace.ts'
import { costOfBytes } from '../sync/tenant-share.ts'
import type { Turns } from '../sync/turns.ts'
import { createYielding } from '../sync/yielding.ts'
import type { Caller } from './context.ts'
import { requestError } from './errors.ts'
import { callerKey, costOf, type RateLimit } from './rate-limit.ts'
import type { RequestTurns } from './request-turns.ts'

/** What a body of JSON holds: `json` throws why it has no value, `body` is undefined then. */
export type ReadJson = { readonly json: () => unknown; readonly body: unknown }

/** A body without a token: a sign-in has 300 bytes, what GraphiQL asks of the schema 3,000. */
const anonymousBytes = 16_384
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

/** What reads them. */
export function createBodies(options: {
  config: Config
  rateLimit: RateLimit
  shared: Pick<Turns, 'company' | 'share'>
  turns: RequestTurns
  /** Told how long a body was, inflated. */
  onBody?: ((bytes: number) => void) | undefined
}) {
  const { config, rateLimit, turns, onBody } = options
  const { company, share } = options.shared
  const maxBytes = maxBodyBytes(config)

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
      tooLarge(taken) {
        // For nothing it took as long as what is good.
        charge(caller, taken)
        return caller.identity ? tooLarge(maxBytes, config) : anonymousTooLarge()
      },
      held,
      pace: slowestPace,
      inflateInTurn: (inflate) => turns.inflate(callerKey(caller), inflate),
    }).catch(faultAsGraphQL)
    const [bytes, text] = [body.length, body.toString()]
    free(body)
    onBody?.(bytes)
    await rateLimit(caller, costOf(bytes) - declaredCost(req, caller))
    return asItsType(req, text)
  }

  /** What was taken in or sent beside what was counted before counts for what is asked next. */
  function charge(caller: Caller, bytes: number): void {
    void rateLimit(caller, costOf(bytes) - 1).catch(() => {})
    const tenantId = caller.identity?.tenantId ?? null
    if (tenantId !== null) share.charge(tenantId, costOfBytes(bytes), callerKey(caller))
  }

  /** What a body of JSON holds. */
  async function readJson(text: string, caller: Caller): Promise<ReadJson> {
    const inCompany = () => company.isAbout(callerKey(caller))
    const tenantId = caller.identity?.tenantId ?? null
    const letPass = tenantId === null ? undefined : () => share.letPass(tenantId)
    try {
      const most = maxBytes / bytesPerValue
      const body = await parseJson(text, most, inCompany, letPass).catch(faultAsGraphQL)
      const { variables } = (body ?? {}) as { variables?: unknown }
      await checkVariables(variables, config, createYielding(inCompany, letPass))
      return { body, json: () => body }
    } catch (error) {
      const json = () => {
        throw error
      }
      return { body: undefined, json }
    }
  }

  return { maxBytes, declaredCost, receive, charge, readJson }
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
export const isJson = ({ headers }: IncomingMessage) =>
  /^application\/json\b/i.test(headers['content-type'] ?? '')

/** Throws BATCH_TOO_LARGE for more values than operations have beside their payloads, which the engine counts. */
async function checkVariables(
  variables: unknown,
  { maxBatch, maxBatchBytes }: Config,
  yielding: ReturnType<typeof createYielding>,
): Promise<void> {
  const most = maxBatch * valuesBeside + 10_000
  const waiting: { value: unknown; inList: boolean }[] = [{ value: variables, inList: false }]
  let values = 0
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { value, inList } = next
    if (typeof value !== 'object' || value === null) continue
    const turn = yielding()
    if (turn) await turn
    // Counted before a list of 300,000 is gone through, which takes 100 ms.
    values += Array.isArray(value) ? value.length : Object.keys(value).length
    if (values > most)
      throw requestError(
        'BATCH_TOO_LARGE',
        `The variables hold more than ${most} values beside payloads; send them in parts.`,
        { maxBytes: maxBatchBytes, http: { status: 413 } },
      )
    if (Array.isArray(value)) for (const member of value) waiting.push({ value: member, inList: true })
    else
      for (const [name, member] of Object.entries(value))
        if (!inList || name !== 'payload') waiting.push({ value: member, inList: false })
  }
}

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

/** A fault of HTTP as GraphQL says it. */
export function asGraphQL({ status, message, headers }: HttpFault): GraphQLError {
  const http = { status, headers }
  if (status === 503) return requestError('SERVICE_UNAVAILABLE', message, { retryAfterMs: 1_000, http })
  // Whoever was too slow once may be quicker, or send less.
  if (status === 408) return requestError('SERVICE_UNAVAILABLE', message, { http })
  return requestError(status === 413 ? 'BATCH_TOO_LARGE' : 'BAD_USER_INPUT', message, { http })
}

const faultAsGraphQL = (error: unknown): never => {
  throw error instanceof HttpFault ? asGraphQL(error) : error
}
