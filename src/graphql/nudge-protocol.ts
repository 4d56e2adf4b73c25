import type { IncomingMessage } from 'node:http'
import {
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  execute as executeGraphQL,
  type FormattedExecutionResult,
  GraphQLError,
  type GraphQLFormattedError,
  type GraphQLSchema,
  parse as parseGraphQL,
  subscribe as subscribeGraphQL,
  validate as validateGraphQL,
} from 'graphql'
import { type Message, MessageType, makeServer, parseMessage, type SubscribeMessage } from 'graphql-ws'
import type { NudgeLog } from '../sync/nudge/bus.ts'
import { createDocumentCache } from './document-cache.ts'
import { isRefusal } from './nudge-access.ts'
import { CloseWith, type Connection, type Session } from './nudge-connection.ts'
import { compileNudgeSelection, type NudgeSelection } from './nudge-frames.ts'
import { LiveSubscription, type NudgeSubscriptions, type OpenNudges } from './nudge-subscriptions.ts'
import { isOver } from './nudge-watch.ts'

type Awaitable<T> = T | Promise<T>

export type NudgeProtocolOptions<S extends Session> = {
  schema: GraphQLSchema
  /** Who a token belongs to. Throws a GraphQLError UNAUTHENTICATED or FORBIDDEN for a bad one (closed with 4403). */
  authenticate: (token: string, request: IncomingMessage) => Promise<S>
  /** The context of operations that are executed; its resolver of `syncNudge` returns `nudges(filter)`. */
  contextOf?: (caller: { session: S; nudges: OpenNudges }) => unknown
  /** Called before each operation; a GraphQLError it throws (RATE_LIMITED) is the operation's answer. */
  onOperation?: (session: S) => Awaitable<void>
  parse?: (text: string) => DocumentNode
  validate?: (schema: GraphQLSchema, document: DocumentNode) => readonly GraphQLError[]
  execute?: (args: ExecutionArgs) => Awaitable<ExecutionResult>
  subscribe?: (
    args: ExecutionArgs,
  ) => Awaitable<AsyncGenerator<ExecutionResult, void, void> | ExecutionResult>
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

/**
 * What is said on a socket: `graphql-transport-ws`, by graphql-ws. Operations are executed as over HTTP, except plain
 * subscriptions to `syncNudge`, for which the hub writes to the socket.
 */
export function createNudgeProtocol<S extends Session>(
  options: NudgeProtocolOptions<S> & {
    subscriptions: NudgeSubscriptions<S>
    operationsPerSocket: number
  },
): NudgeProtocol<S> {
  const { schema, subscriptions, authenticate, log, now = Date.now } = options
  const { parse = parseGraphQL, validate = validateGraphQL } = options
  const { execute = executeGraphQL, subscribe = subscribeGraphQL, formatError = (error) => error } = options
  const documents = createDocumentCache({ parse, validate: (document) => validate(schema, document) })

  /** What graphql-ws hands from `onSubscribe` to `execute` and `subscribe`. */
  type Operation = ExecutionArgs & { connection: Connection<S>; id: string }

  const server = makeServer<Record<string, unknown>, Connection<S>>({
    // watchConnections does that, with one timer for all sockets.
    connectionInitWaitTimeout: 0,

    async onConnect(context) {
      const connection = context.extra
      const token = bearerOf(context.connectionParams)
      // graphql-ws keeps them for as long as the socket lives; a token should not lie around, and takes up to 2 KB.
      Object.assign(context, { connectionParams: undefined })
      connection.context = context
      if (!token) return false
      try {
        connection.session = await authenticate(token, connection.request!)
        connection.request = null
      } catch (error) {
        if (isRefusal(error)) return false
        log.warn({ err: error }, 'a socket could not be authenticated')
        connection.close(...CloseWith.tryAgainLater)
      }
      return connection.isOpen && !isOver(connection, now())
    },

    async onSubscribe({ extra: connection }, id, payload) {
      const refusal = await refusalOf(connection)
      if (refusal) return [refusal]
      const { document, errors } = documents(payload.query)
      if (errors) return errors
      const { operationName, variables: variableValues } = payload
      const operation: Operation = { schema, document, operationName, variableValues, connection, id }
      return operation
    },

    execute: async (args) => execute(await inContext(args as Operation)),
    subscribe: async (args) => subscribe(await inContext(args as Operation)),
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

  /** Why a socket may not begin another operation now, if so. */
  async function refusalOf(connection: Connection<S>): Promise<GraphQLError | null> {
    if (isOver(connection, now())) {
      connection.close(...CloseWith.forbidden)
      return refusal('UNAUTHENTICATED', 'The token has run out.')
    }
    if (Object.keys(connection.context!.subscriptions).length > options.operationsPerSocket) {
      return refusal('RATE_LIMITED', 'Too many operations at a time on this socket.', { retryAfterMs: 1_000 })
    }
    try {
      await options.onOperation?.(connection.session!)
      return null
    } catch (error) {
      if (error instanceof GraphQLError) return error
      throw error
    }
  }

  /** What a message asks for, if it is a plain subscription to nudges that graphql-ws would accept. */
  function plainNudges(connection: Connection<S>, text: string): PlainNudges | null {
    const { context } = connection
    if (!context?.acknowledged || !text.includes('syncNudge')) return null
    const message = readMessage(text)
    if (message?.type !== MessageType.Subscribe || message.id in context.subscriptions) return null
    const { document } = documents(message.payload.query)
    const selection = document ? compileNudgeSelection(document, message.payload.operationName) : null
    return document && selection ? { message, document, selection } : null
  }

  /**
   * Begins a plain subscription beside graphql-ws, which would hold an async function and its message for as long as
   * the subscription lives: 2 KB of heap a socket, of which a bare one takes 3. It is entered among graphql-ws's
   * operations, though, and answered as graphql-ws would, so that its id, its completion and its end with the socket
   * stay graphql-ws's business.
   */
  async function beginPlain(
    connection: Connection<S>,
    { message: { id, payload }, document, selection }: PlainNudges,
  ): Promise<void> {
    const context = connection.context!
    const send = (type: MessageType, payload?: unknown) =>
      connection.send(JSON.stringify({ id, type, payload }))
    context.subscriptions[id] = null
    const refusal = await refusalOf(connection)
    const args = { schema, document, operationName: payload.operationName, variableValues: payload.variables }
    const begun = refusal ?? (await subscriptions.frames(connection, id, args, selection))
    const isWanted = id in context.subscriptions
    if (begun instanceof LiveSubscription) {
      if (isWanted) context.subscriptions[id] = begun
      else begun.end()
      return
    }
    if (!isWanted) return
    delete context.subscriptions[id]
    if (begun instanceof GraphQLError) return send(MessageType.Error, [format(begun)])
    await send(MessageType.Next, formatted(begun))
    await send(MessageType.Complete)
  }

  function fail(connection: Connection<S>, error: unknown): void {
    // A message only a server sends: graphql-ws throws, its protocol says to close with 4400.
    if (error instanceof Error && error.message.startsWith('Unexpected message of type')) {
      connection.close(...CloseWith.badRequest)
      return
    }
    log.warn({ err: error }, 'a socket message could not be handled')
    connection.close(...CloseWith.tryAgainLater)
  }

  return {
    begin(connection) {
      connection.closed = server.opened(connection, connection)
    },
    async receive(connection, text) {
      try {
        const plain = plainNudges(connection, text)
        if (plain) await beginPlain(connection, plain)
        else await connection.handle(text)
      } catch (error) {
        fail(connection, error)
      }
    },
    async end(connection, code, reason) {
      connection.release()
      await connection.closed(code, reason).catch((error: unknown) => fail(connection, error))
    },
  }
}

type PlainNudges = { message: SubscribeMessage; document: DocumentNode; selection: NudgeSelection }

function readMessage(text: string): Message | null {
  try {
    return parseMessage(text)
  } catch {
    return null
  }
}

/** The token of `{ "authorization": "Bearer <token>" }`, whatever the case of the key and of the word Bearer. */
function bearerOf(params: Readonly<Record<string, unknown>> | undefined): string | null {
  const [, value] = Object.entries(params ?? {}).find(([key]) => key.toLowerCase() === 'authorization') ?? []
  return (typeof value === 'string' && /^bearer +(\S+)$/i.exec(value.trim())?.[1]) || null
}

function refusal(code: string, message: string, details: object = {}): GraphQLError {
  return new GraphQLError(message, { extensions: { code, ...details } })
}
