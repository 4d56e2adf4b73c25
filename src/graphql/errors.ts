/**
 * Errors of a whole request. One kind, stable codes; everything else is an incident, of which the client learns
 * nothing but its number.
 */
import { randomUUID } from 'node:crypto'
import { PothosValidationError } from '@pothos/core'
import { GraphQLError } from 'graphql'
import { isTransient } from '../platform/database.ts'
import type { Logger } from '../platform/log.ts'
import { seldom } from '../platform/seldom.ts'
import { KeysAway } from '../platform/tokens.ts'
import type { Rejected } from '../sync/module.ts'

export const requestErrorCodes = [
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
) => withoutStack(() => new GraphQLError(message, { extensions: { code, ...extensions } }))

/** Of what is told to a client nobody asks where it was raised, and to look for that was half of what a refusal cost. */
function withoutStack<T>(make: () => T): T {
  const { stackTraceLimit } = Error
  Error.stackTraceLimit = 0
  try {
    return make()
  } finally {
    Error.stackTraceLimit = stackTraceLimit
  }
}

export const unauthenticated = (message = 'Sign in first: the request has no valid token.') =>
  requestError('UNAUTHENTICATED', message)

/** A denial of the access rules as an error of the whole request, without repeating what it named. */
export const forbidden = ({ code, message, details }: Rejected) =>
  requestError('FORBIDDEN', message, {
    reason: code,
    ...(details && code === 'ACTION_NOT_PERMITTED' ? { details } : {}),
  })

export const badInput = (message: string, extensions?: Record<string, unknown>) =>
  requestError('BAD_USER_INPUT', message, extensions)

/** What a client may see of an error; whoever runs the gateway reads the rest in the log. `failed`: what is said of a fault. */
export function presentingErrors(log: Logger, failed: string): (error: unknown) => GraphQLError {
  // Of a database that is away everybody is told, a thousand times a second.
  const tellAway = seldom<{ err: unknown; away: string }>(1_000, (latest, times) =>
    log.warn({ ...latest, times }, 'requests were not answered'),
  )
  return (error) => presentError(error, (err, incident) => log.error({ err, incident }, failed), tellAway)
}

/**
 * Our own errors as they are; complaints about the request, by GraphQL, yoga or a scalar, as BAD_USER_INPUT; a database or
 * an identity provider that is away as SERVICE_UNAVAILABLE; anything else as INTERNAL with an incident id.
 */
function presentError(
  error: unknown,
  report: (error: unknown, incident: string) => void,
  reportAway: (what: { err: unknown; away: string }) => void,
): GraphQLError {
  const original = originalOf(error)
  if (original instanceof GraphQLError) {
    if (isOurs(original))
      return original === error ? original : rebuilt(error, original.message, original.extensions)
    if (error instanceof GraphQLError && !error.path) return complaint(error)
  }
  if (original instanceof PothosValidationError) return complaint(error as GraphQLError)
  const away = whatIsAway(original)
  if (away) {
    reportAway({ err: original, away })
    return rebuilt(error, `The server cannot reach ${away} just now; try again.`, {
      code: 'SERVICE_UNAVAILABLE',
    })
  }
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
  rebuilt(error, withoutValue(error).slice(0, 500), {
    code: 'BAD_USER_INPUT',
    ...(error.extensions.http ? { http: error.extensions.http } : {}),
  })

const aboutVariable = /^Variable "\$(\w+)" (?:got|has) invalid (?:default )?value/

/** Whether it speaks of a variable's value, which variables.ts tells better where the variables are at hand. */
export const isAboutVariable = ({ message }: GraphQLError): boolean => aboutVariable.test(message)

/**
 * GraphQL repeats values, which may be a PIN, and puts them behind what it says of them: of a variable, its name is left;
 * of a value or an unreadable word in the text, what stands before it.
 */
function withoutValue({ message, nodes }: GraphQLError): string {
  const [, variable] = aboutVariable.exec(message) ?? []
  if (variable) return `The variable "${variable}" has an invalid value.`
  if (message.startsWith('Syntax Error')) return message.replace(/(Int|Float|String|BlockString) ".*"/s, '$1')
  const [, ofEnum] = /^Value ".*" does not exist in "(\w+)" enum/s.exec(message) ?? []
  if (ofEnum) return `Not a value of the enum ${ofEnum}.`
  const isOfValue = nodes?.some(({ kind }) => kind.endsWith('Value') || kind === 'ObjectField')
  if (!isOfValue) return message
  return `${message.split(/: |[,.] found\b|\. Did you mean/i, 1)[0]!.replace(/\.$/, '')}.`
}

/** What was thrown at first, under the errors that were wrapped around it. */
function originalOf(error: unknown): unknown {
  let original = error
  while (original instanceof GraphQLError && original.originalError) original = original.originalError
  return original
}

function rebuilt(error: unknown, message: string, extensions: Record<string, unknown>): GraphQLError {
  const { nodes, source, positions, path } =
    error instanceof GraphQLError ? error : ({} as Partial<GraphQLError>)
  return withoutStack(() => new GraphQLError(message, { nodes, source, positions, path, extensions }))
}
