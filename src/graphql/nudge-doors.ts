/**
 * The two ways to listen, put together: sockets, and streams of events over HTTP. Both ask for the same access, and
 * both end when it does.
 */
import type { IncomingMessage, Server } from 'node:http'
import type { GraphQLSchema } from 'graphql'
import { clientAddress } from '../http/client-address.ts'
import { allowsHost } from '../http/hosts.ts'
import type { Logger } from '../platform/log.ts'
import type { Identity } from '../platform/tokens.ts'
import type { NudgeBus } from '../sync/nudge/bus.ts'
import { onDevice } from './access.ts'
import type { BaseContext, Caller, Context } from './context.ts'
import { presentingErrors, unauthenticated } from './errors.ts'
import { createNudgeAccess } from './nudge-access.ts'
import { createNudgeSocketServer, type NudgeSocketServer } from './nudge-sockets.ts'
import { createEventStreams, type EventStreams } from './nudge-sse.ts'
import { costOfDocument } from './query-bounds.ts'
import { parseQuery, queryRules, validateQuery } from './query-text.ts'
import { admitNudges } from './sync.ts'

type SocketSession = Identity & { clientAddress: string }

const callerOf = ({ clientAddress, ...identity }: SocketSession): Caller => ({ identity, clientAddress })

export type NudgeDoors = {
  streams: EventStreams<Identity>
  /** Answers upgrades of `path`. */
  openSockets(httpServer: Server, path: string): NudgeSocketServer
}

export function createNudgeDoors(parts: {
  schema: GraphQLSchema
  base: BaseContext
  bus: NudgeBus
  log: Logger
}): NudgeDoors {
  const { schema, base, bus, log } = parts
  const { config, services, rateLimit } = base
  const { hub, metrics, tokens } = services
  const rules = queryRules(config)
  const access = createNudgeAccess<Identity>({
    authorize: (identity, scope) => admitNudges({ ...base, identity }, scope),
    watch: bus.subscribeAccess,
    log,
  })
  // What other gateways said meanwhile may have been missed.
  bus.onRecovered(() => void access.recheckAll())
  const addressOf = (request: IncomingMessage) => clientAddress(request, config.trustProxy)

  return {
    streams: createEventStreams<Identity>({ hub, access }),
    openSockets: (httpServer, path) =>
      createNudgeSocketServer<SocketSession>({
        ...{ httpServer, path, schema, hub, access, addressOf, log },
        allows: allowsHost(config),
        limits: { socketsPerAccount: config.socketsPerAccount },
        parse: parseQuery,
        validate: (of, document) => validateQuery(of, document, rules),
        async authenticate(token, request, named) {
          const identity = await tokens.verify(token)
          if (!identity) throw unauthenticated()
          return { ...onDevice(identity, named), clientAddress: addressOf(request) }
        },
        contextOf: ({ session, nudges }): Context => ({ ...base, ...callerOf(session), nudges }),
        onOperation: (session) => rateLimit(callerOf(session)),
        onDocument: (session, document) => rateLimit(callerOf(session), costOfDocument(document)),
        formatError: presentingErrors(log, 'socket operation failed'),
        metrics: {
          sockets: (count) => metrics.sockets.set(count),
          nudge: (sent) => (sent ? metrics.nudgesSent : metrics.nudgesDropped).inc(),
        },
      }),
  }
}
