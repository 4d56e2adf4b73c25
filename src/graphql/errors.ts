/**
 * Errors of a whole request. One kind, stable codes; everything else is an incident, of which the client learns
 * nothing but its number.
 */
import { randomUUID } from 'node:crypto'
import { PothosValidationError } from '@pothos/core'
import { GraphQLError } from 'graphql'
import { isTransient } from '../platform/database.ts'
import { KeysAway } from '../platform/tokens.ts'
import type { Rejected } from '../sync/module.ts'

const requestErrorCodes = [
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'BAD_USER_INPUT',
  'BATCH_TOO_LARGE',
  'RATE_LIMITED',
  'TOO_MANY_ATTEMPTS',
  'SERVICE_UNAVAILABLE',
  'INTERNAL',
] as const
export type RequestErrorCode = (typeof requestErrorCodes)[number]

export const requestError = (
  code: RequestErrorCode,
  message: string,
  extensions: Record<string, unknown> = {},
) => new GraphQLError(message, { extensions: { code, ...extensions } })

export const unauthenticated = (message = 'Sign in first: the request has no valid token.') =>
  requestError('UNAUTHENTICATED', message)

/** A denial of the access rules as an error of the whole request. */
export const forbidden = ({ code, message, details }: Rejected) =>
  requestError('FORBIDDEN', message, { reason: code, ...(details ? { details } : {}) })

export const badInput = (message: string, extensions?: Record<string, unknown>) =>
  requestError('BAD_USER_INPUT', message, extensions)

/**
 * What a client may see of an error: our own as they are; complaints about the request, by GraphQL, yoga or a scalar,
 * as BAD_USER_INPUT; a database or an identity provider that is away as SERVICE_UNAVAILABLE; anything else as INTERNAL with an incident id.
 */
export function presentError(
  error: unknown,
  report: (error: unknown, incident: string) => void,
): GraphQLError {
  const original = originalOf(error)
  if (original instanceof GraphQLError) {
    if (isOurs(original))
      return original === error ? original : rebuilt(error, original.message, original.extensions)
    if (error instanceof GraphQLError && !error.path) return complaint(error)
  }
  if (original instanceof PothosValidationError) return complaint(error as GraphQLError)
  const away = whatIsAway(original)
  if (away)
    return rebuilt(error, `The server cannot reach ${away} just now; try again.`, {
      code: 'SERVICE_UNAVAILABLE',
    })
  const incident = randomUUID()
  report(original, incident)
  return rebuilt(error, 'Something went wrong on the server.', { code: 'INTERNAL', incident })
}

function whatIsAway(original: unknown): string | null {
  if (isTransient(original)) return 'its database'
  return original instanceof KeysAway ? 'the identity provider' : null
}

const isOurs = ({ extensions }: GraphQLError) =>
  requestErrorCodes.includes(extensions.code as RequestErrorCode)

/** Whoever raised it: what is left of its extensions is yoga's word on the HTTP status. */
const complaint = (error: GraphQLError) =>
  rebuilt(error, withoutValue(error.message), {
    code: 'BAD_USER_INPUT',
    ...indexIn(error.message),
    ...(error.extensions.http ? { http: error.extensions.http } : {}),
  })

/** Which one of a list it was, such as the operation of a batch: `... at "input.operations[3].clientOpId"; ...`. */
function indexIn(message: string): { index?: number } {
  const [, index] = / at "[\w.]+\[(\d+)\]/.exec(message) ?? []
  return index === undefined ? {} : { index: Number(index) }
}

/** GraphQL repeats the whole variable, which may be a batch, or have a PIN in it, before it says what is wrong where. */
const withoutValue = (message: string) =>
  message.replace(/ got invalid value .*? at "/s, ' has an invalid value at "').slice(0, 500)

/** What was thrown at first, under the errors that were wrapped around it. */
function originalOf(error: unknown): unknown {
  let original = error
  while (original instanceof GraphQLError && original.originalError) original = original.originalError
  return original
}

function rebuilt(error: unknown, message: string, extensions: Record<string, unknown>): GraphQLError {
  const { nodes, source, positions, path } =
    error instanceof GraphQLError ? error : ({} as Partial<GraphQLError>)
  return new GraphQLError(message, { nodes, source, positions, path, extensions })
}
