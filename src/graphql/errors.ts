/**
 * Errors of a whole request. One kind, stable codes; everything else is an incident, of which the client learns
 * nothing but its number.
 */
import { randomUUID } from 'node:crypto'
import { GraphQLError } from 'graphql'
import { isTransient } from '../platform/database.ts'
import type { Rejected } from '../sync/module.ts'

export type RequestErrorCode =
  | 'UNAUTHENTICATED'
  | 'FORBIDDEN'
  | 'BAD_USER_INPUT'
  | 'BATCH_TOO_LARGE'
  | 'RATE_LIMITED'
  | 'TOO_MANY_ATTEMPTS'
  | 'SERVICE_UNAVAILABLE'
  | 'INTERNAL'

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
 * What a client may see of an error: our own as they are; GraphQL's own complaints about the request as
 * BAD_USER_INPUT; a database that is away as SERVICE_UNAVAILABLE; anything else as INTERNAL with an incident id.
 */
export function presentError(
  error: unknown,
  report: (error: unknown, incident: string) => void,
): GraphQLError {
  const original = originalOf(error)
  if (original === undefined && error instanceof GraphQLError)
    return error.extensions.code && !isGraphQLsOwn(error.extensions.code)
      ? error
      : rebuilt(error, error.message, { ...error.extensions, code: 'BAD_USER_INPUT' })
  if (original instanceof GraphQLError && original.extensions.code)
    return rebuilt(error, original.message, original.extensions)
  if (isTransient(original ?? error))
    return rebuilt(error, 'The server cannot reach its database just now; try again.', {
      code: 'SERVICE_UNAVAILABLE',
    })
  const incident = randomUUID()
  report(original ?? error, incident)
  return rebuilt(error, 'Something went wrong on the server.', { code: 'INTERNAL', incident })
}

const isGraphQLsOwn = (code: unknown) => String(code).startsWith('GRAPHQL_')

function originalOf(error: unknown): unknown {
  if (!(error instanceof GraphQLError)) return error
  let original: unknown = error.originalError
  while (original instanceof GraphQLError && original.originalError) original = original.originalError
  return original
}

function rebuilt(error: unknown, message: string, extensions: Record<string, unknown>): GraphQLError {
  const { nodes, source, positions, path } =
    error instanceof GraphQLError ? error : ({} as Partial<GraphQLError>)
  return new GraphQLError(message, { nodes, source, positions, path, extensions })
}
