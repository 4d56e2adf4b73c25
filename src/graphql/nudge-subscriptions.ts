import {
  type ExecutionArgs,
  type ExecutionResult,
  type FieldNode,
  GraphQLError,
  getArgumentValues,
  locatedError,
  validateSubscriptionArgs,
} from 'graphql'
import type { Nudge } from '../sync/nudge/bus.ts'
import type { NudgeFilter, NudgeHub } from '../sync/nudge/hub.ts'
import { nudgeStream } from '../sync/nudge/stream.ts'
import { isRefusal, type Listening, type NudgeAccess } from './nudge-access.ts'
import { CloseWith, type Connection, type Held, type Session } from './nudge-connection.ts'
import type { NudgeSelection } from './nudge-frames.ts'

/** Subscribes the caller, or throws what says that it may not. */
export type OpenNudges = (filter: NudgeFilter) => Promise<AsyncGenerator<Nudge, void, void>>

export type NudgeSubscriptions<S extends Session> = {
  /** Resolves to the live subscription, or to the result that says why there is none. */
  frames(
    connection: Connection<S>,
    id: string,
    args: ExecutionArgs,
    selection: NudgeSelection,
  ): Promise<LiveSubscription<S> | ExecutionResult>
  /** Rejects with what says why there is none. */
  stream(
    connection: Connection<S>,
    id: string,
    filter: NudgeFilter,
  ): Promise<AsyncGenerator<Nudge, void, void>>
}

/**
 * The two ways from the hub to a socket. Both ask for access, are asked again at every recheck, and end with the
 * operation or the socket.
 *
 * `frames` is for what compileNudgeSelection understands: the hub's call writes the finished message to the
 * socket. What differs between sockets is the operation's id, so the rest of the text is built once for all of
 * them. One nudge to 5,000 sockets, until the last has it: 66 ms (151 ms executed; 64 ms for a text by bare ws), and
 * 4 KB of heap a socket (11 KB; 3 KB).
 *
 * `stream` is for a resolver: nudges as an async generator.
 */
export function createNudgeSubscriptions<S extends Session>(options: {
  hub: NudgeHub
  access: NudgeAccess<S>
  /** Above this many waiting bytes, a socket's nudges are dropped. They carry no data, so it only pulls later. */
  bufferedBytes: number
  /** Told of each nudge for a socket, and whether it was sent or dropped. */
  onNudge?: (sent: boolean) => void
}): NudgeSubscriptions<S> {
  const { hub, access, bufferedBytes, onNudge } = options

  /** Makes it live: allowed, asked again, ended with its socket. Throws if it may not be. */
  async function admit(live: LiveSubscription<S>): Promise<void> {
    try {
      await access.admit(live)
    } catch (error) {
      // A socket has its token for good: asked again, one that was ended is as ended. The answer leaves first.
      if (isRefusal(error) && error.extensions.code === 'UNAUTHENTICATED') setImmediate(() => live.shutOut())
      throw error
    }
    if (!live.connection.isOpen) {
      access.leave(live)
      throw new GraphQLError('The socket was closed.')
    }
    live.connection.hold(live)
  }

  async function frames(
    connection: Connection<S>,
    id: string,
    args: ExecutionArgs,
    { field, responseName, payloadOf }: NudgeSelection,
  ): Promise<LiveSubscription<S> | ExecutionResult> {
    const validated = validateSubscriptionArgs(args)
    if (!('schema' in validated)) return { errors: validated }
    try {
      const filter = filterOf(field, validated)
      const live = new LiveSubscription(connection, id, filter, access)
      await admit(live)
      live.stop = subscribeSocket(connection, id, filter, payloadOf)
      return live
    } catch (error) {
      return { errors: [locatedError(error, [field], [responseName])] }
    }
  }

  /** Stands alone so that the closure, which lives as long as the socket, holds these few values and no more. */
  function subscribeSocket(
    connection: Connection<S>,
    id: string,
    filter: NudgeFilter,
    payloadOf: (nudge: Nudge) => string,
  ): () => void {
    const head = `{"id":${JSON.stringify(id)},"type":"next","payload":`
    return hub.subscribe(filter, (nudge) => {
      const sent = connection.sendUnlessBehind(`${head}${payloadOf(nudge)}}`, bufferedBytes)
      onNudge?.(sent)
    })
  }

  async function stream(
    connection: Connection<S>,
    id: string,
    filter: NudgeFilter,
  ): Promise<AsyncGenerator<Nudge, void, void>> {
    const live = new LiveSubscription(connection, id, filter, access)
    await admit(live)
    const nudges = nudgeStream(hub, filter)
    live.stop = () => void nudges.return()
    const end = () => {
      live.end()
      return nudges.return()
    }
    return { ...nudges, return: end, [Symbol.asyncDispose]: () => end().then(() => {}) }
  }

  return { frames, stream }
}

type Validated = Extract<ReturnType<typeof validateSubscriptionArgs>, { schema: unknown }>

/** What the arguments ask for. moduleScopes left out or null: all of them. */
function filterOf(field: FieldNode, { schema, variableValues }: Validated): NudgeFilter {
  const definition = schema.getSubscriptionType()!.getFields()[field.name.value]!
  const { tenantId, branchId, moduleScopes } = getArgumentValues(definition, field, variableValues)
  return {
    tenantId: tenantId as string,
    branchId: (branchId as string | null | undefined) ?? null,
    modules: moduleScopes ? new Set(moduleScopes as string[]) : null,
  }
}

/**
 * One subscription of one socket, until its operation or its socket ends. For graphql-ws it is a stream that gives
 * nothing, since the frames go past it, and that graphql-ws ends with the operation.
 */
class LiveSubscription<S extends Session> implements Listening<S>, Held, AsyncGenerator<never, void, void> {
  readonly connection: Connection<S>
  readonly id: string
  readonly tenantId: string
  readonly branchId: string | null
  stop: (() => void) | null = null
  #access: NudgeAccess<S> | null
  #over: (() => void) | null = null

  constructor(
    connection: Connection<S>,
    id: string,
    { tenantId, branchId }: NudgeFilter,
    access: NudgeAccess<S>,
  ) {
    this.connection = connection
    this.id = id
    this.tenantId = tenantId
    this.branchId = branchId
    this.#access = access
  }

  get session(): S {
    return this.connection.session!
  }

  shutOut(): void {
    this.connection.close(...CloseWith.forbidden)
  }

  end(): void {
    this.stop?.()
    this.#access?.leave(this)
    this.connection.letGo(this)
    this.#over?.()
    this.stop = this.#access = null
  }

  /** Resolves when it has ended. */
  next(): Promise<IteratorResult<never, void>> {
    return new Promise((resolve) => {
      this.#over = () => resolve({ done: true, value: undefined })
      if (!this.#access) this.#over()
    })
  }

  async return(): Promise<IteratorResult<never, void>> {
    this.end()
    return { done: true, value: undefined }
  }

  async throw(error: unknown): Promise<never> {
    this.end()
    throw error
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.end()
  }
}
