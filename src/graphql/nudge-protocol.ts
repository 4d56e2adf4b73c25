import type { IncomingMessage } from 'node:http'
import {
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  execute,
  type FormattedExecutionResult,
  GraphQLError,
  type GraphQLFormattedError,
  type GraphQLSchema,
  parse as parseGraphQL,
  subscribe,
  validate as validateGraphQL,
} from 'graphql'
import { makeServer } from 'graphql-ws'
import { accountKey } from '../platform/tokens.ts'
import type { NudgeLog } from '../sync/nudge/bus.ts'
import { createDocumentCache } from './document-cache.ts'
import { isRefusal } from './nudge-access.ts'
import { CloseWith, type Connection, type Session } from './nudge-connection.ts'
import { compileNudgeSelection } from './nudge-frames.ts'
import type { NudgeSubscriptions, OpenNudges } from './nudge-subscriptions.ts'
import { isOver } from './nudge-watch.ts'

export type NudgeProtocolOptions<S extends Session> = {
  schema: GraphQLSchema
  /** Who a token belongs to. Throws a GraphQLError UNAUTHENTICATED or FORBIDDEN for a bad one (closed with 4403). */
  authenticate: (token: string, request: IncomingMessage, named: unknown) => Promise<S>
  /** The context of operations that are executed; its resolver of `syncNudge` returns `nudges(filter)`. */
  contextOf?: (caller: { session: S; nudges: OpenNudges }) => unknown
  /** Called before each operation; a GraphQLError it throws (RATE_LIMITED) is the operation's answer. */
  onOperation?: (session: S) => void | Promise<void>
  /** Called with what it asks for, once that is known to be valid; as above. */
  onDocument?: (session: S, document: DocumentNode) => void | Promise<void>
  parse?: (text: string) => DocumentNode
  validate?: (schema: GraphQLSchema, document: DocumentNode) => readonly GraphQLError[]
  /** The last word on each error that is sent, for hiding what is internal. */
  formatError?: (error: GraphQLError) => GraphQLError
  log: NudgeLog
  now?: () => number
}

export type NudgeProtocol<S extends Session> = {
  /** Begins the protocol on a new socket. */
  begin(connection: Connection<S>): void
  /** Handles one message. Never rejects: what goes wrong closes the socket. */
  receive(connection: Connection<S>, text: string): Promise<void>
  /** Ends it on a socket that has closed. */
  end(connection: Connection<S>, code: number, reason: string): Promise<void>
}

type Rules<S extends Session> = NudgeProtocolOptions<S> & {
  operationsPerSocket: number
  bufferedBytes: number
  /** Counts a socket as its account's. False: the account has as many as it may. */
  seat: (connection: Connection<S>) => boolean
}

/** A client gives each operation an id of its own, commonly a UUID; nudges repeat it. */
const MAX_ID = 128
/** What a subscription asks for is worked through again, and may be repeated, at each nudge. */
const MAX_SUBSCRIPTION = 2_048

/**
 * What is said on a socket: `graphql-transport-ws`, by graphql-ws. Operations are executed as over HTTP, except plain
 * subscriptions to `syncNudge`, for which the hub writes to the socket.
 */
export function createNudgeProtocol<S extends Session>(
  options: Rules<S> & { subscriptions: NudgeSubscriptions<S> },
): NudgeProtocol<S> {
  const { schema, subscriptions, log } = options
  const { parse = parseGraphQL, validate = validateGraphQL, formatError = (error) => error } = options
  const documents = createDocumentCache({ parse, validate: (document) => validate(schema, document) })

  /** What graphql-ws hands from `onSubscribe` to `execute` and `subscribe`. */
  type Operation = ExecutionArgs & { connection: Connection<S>; id: string }

  const server = makeServer<Record<string, unknown>, Connection<S>>({
    // watchConnections does that, with one timer for all sockets.
    connectionInitWaitTimeout: 0,

    async onConnect(context) {
      const connection = context.extra
      const token = bearerOf(context.connectionParams)
      const named = paramOf(context.connectionParams, 'x-device-id')
      // graphql-ws keeps them for as long as the socket lives; a token should not lie around, and takes up to 2 KB.
      Object.assign(context, { connectionParams: undefined })
      return token !== null && admit(options, connection, token, named)
    },

    async onSubscribe({ extra: connection, subscriptions: begun }, id, payload) {
      // Before anything is done for it.
      const refusal = await refusalOf(options, connection, id, Object.keys(begun).length)
      if (refusal) return [refusal]
      const { document, errors } = documents(payload.query)
      if (errors) return errors
      const tooDear = await refusalBy(() => options.onDocument?.(connection.session!, document))
      if (tooDear) return [tooDear]
      const { operationName, variables: variableValues } = payload
      const operation: Operation = { schema, document, operationName, variableValues, connection, id }
      return operation
    },

    execute: async (args) => execute(await inContext(args as Operation)),

    async subscribe(args) {
      const { connection, id } = args as Operation
      const length = args.document.loc?.source.body.length ?? 0
      if (length > MAX_SUBSCRIPTION) return { errors: [tooLong(length)] }
      const selection = compileNudgeSelection(args.document, args.operationName)
      if (selection) return subscriptions.frames(connection, id, args, selection)
      return subscribe(await inContext(args as Operation))
    },

    onNext: (_context, _id, _payload, _args, result) => formatted(result),
    onError: (_context, _id, _payload, errors) => errors.map(format),
  })

  async function inContext({ connection, id, ...args }: Operation): Promise<ExecutionArgs> {
    const nudges: OpenNudges = (filter) => subscriptions.stream(connection, id, filter)
    return { ...args, contextValue: await options.contextOf?.({ session: connection.session!, nudges }) }
  }

  const format = (error: GraphQLError): GraphQLFormattedError => formatError(error).toJSON()

  const formatted = ({ errors, ...result }: ExecutionResult): FormattedExecutionResult =>
    errors ? { ...result, errors: errors.map(format) } : result

  return {
    begin(connection) {
      connection.closed = server.opened(connection, connection)
    },
    async receive(connection, text) {
      await connection.handle(text).catch((error: unknown) => fail(log, connection, error))
    },
    async end(connection, code, reason) {
      connection.release()
      await connection.closed(code, reason).catch((error: unknown) => fail(log, connection, error))
    },
  }
}

/** Makes the socket its account's; false, or closed, where it may not be. */
async function admit<S extends Session>(
  { authenticate, seat, log, now = Date.now }: Rules<S>,
  connection: Connection<S>,
  token: string,
  named: unknown,
): Promise<boolean> {
  try {
    const session = await authenticate(token, connection.request!, named)
    connection.request = null
    if (!connection.isOpen || session.expiresAt <= now()) return false
    connection.session = session
    connection.caller = accountKey(session)
    if (!seat(connection)) connection.close(...CloseWith.tooManySockets)
  } catch (error) {
    if (isRefusal(error)) return false
    log.warn({ err: error }, 'a socket could not be authenticated')
    connection.close(...CloseWith.tryAgainLater)
  }
  return connection.isOpen
}

/** Why a socket may not begin another operation now, if so. `begun`: how many it has, with this one. */
async function refusalOf<S extends Session>(
  { operationsPerSocket, bufferedBytes, onOperation, now = Date.now }: Rules<S>,
  connection: Connection<S>,
  id: string,
  begun: number,
): Promise<GraphQLError | null> {
  if (isOver(connection, now())) {
    connection.close(...CloseWith.forbidden)
    return refusal('UNAUTHENTICATED', 'The token has run out.')
  }
  if (id.length > MAX_ID) {
    connection.close(...CloseWith.badRequest)
    return refusal('BAD_USER_INPUT', 'The id is too long.')
  }
  if (begun > operationsPerSocket) {
    return refusal('RATE_LIMITED', 'Too many operations at a time on this socket.', { retryAfterMs: 1_000 })
  }
  if (connection.socket.bufferedAmount > bufferedBytes) {
    return refusal('RATE_LIMITED', 'Read the answers first.', { retryAfterMs: 1_000 })
  }
  return refusalBy(() => onOperation?.(connection.session!))
}

function fail<S extends Session>(log: NudgeLog, connection: Connection<S>, error: unknown): void {
  // A message only a server sends: graphql-ws throws, its protocol says to close with 4400.
  if (error instanceof Error && error.message.startsWith('Unexpected message of type')) {
    connection.close(...CloseWith.badRequest)
    return
  }
  log.warn({ err: error }, 'a socket message could not be handled')
  connection.close(...CloseWith.tryAgainLater)
}

function paramOf(params: Readonly<Record<string, unknown>> | undefined, name: string): unknown {
  return Object.entries(params ?? {}).find(([key]) => key.toLowerCase() === name)?.[1]
}

/** The token of `{ "authorization": "Bearer <token>" }`, whatever the case of the key and of the word Bearer. */
function bearerOf(params: Readonly<Record<string, unknown>> | undefined): string | null {
  const value = paramOf(params, 'authorization')
  return (typeof value === 'string' && /^bearer +(\S+)$/i.exec(value.trim())?.[1]) || null
}

function refusal(code: string, message: string, details: object = {}): GraphQLError {
  return new GraphQLError(message, { extensions: { code, ...details } })
}

const tooLong = (length: number) =>
  refusal('BAD_USER_INPUT', `A subscription may have ${MAX_SUBSCRIPTION} characters; this one has ${length}.`)

/** The GraphQLError that `work` throws, if it does. */
async function refusalBy(work: () => void | Promise<void>): Promise<GraphQLError | null> {
  try {
    await work()
    return null
  } catch (error) {
    if (error instanceof GraphQLError) return error
    throw error
  }
}
