/**
 * The console's way to the gateway: typed reads, mutations of the direct lane, and nudges, by the SDK's transport. It
 * keeps nothing and queues nothing: whoever runs a business from a desk has a line, or waits for it.
 */
import {
  createServerClock,
  createTransport,
  type Document,
  type OnlinePayloads,
  type OnlineType,
  type Transport,
  type TransportError,
  type Verdict,
} from '../sdk/index.ts'
import type { ConnectionEvent } from './lib/connection.ts'
import { deviceId, isSession, session } from './session.ts'

export type Gateway = {
  readonly tenantId: string
  /** Throws a TransportError. */
  read<Data, Variables extends object>(
    document: Document<Data, Variables & { tenantId: string }>,
    variables: Variables,
  ): Promise<Data>
  /** One intent, by its key: sent again under the same key it is done once. Throws a TransportError. */
  act<Type extends OnlineType>(type: Type, input: OnlinePayloads[Type], of: Intended): Promise<Verdict>
  readonly transport: Pick<Transport, 'listen' | 'probe'>
  /** How far the clock of this computer is ahead of the server's; null: no answer has come yet. */
  clockSkewMs(): number | null
  close(): void
}
/** `branchId`: null where it is about the whole business. */
type Intended = { key: string; branchId: string | null }

const serverClock = createServerClock(() => new Date())
/** Each answer says in its head what time it is there. */
async function fetchAndCompare(...of: Parameters<typeof fetch>): Promise<Response> {
  const began = performance.now()
  const answer = await fetch(...of)
  const serverTime = answer.headers.get('date')
  if (serverTime) serverClock.heard(serverTime, performance.now() - began)
  return answer
}

const open = (token: (asked: { refused: string | null }) => Promise<string | null>): Transport =>
  createTransport({
    url: '/graphql',
    token,
    fetch: fetchAndCompare,
    WebSocket,
    random: Math.random,
  })

/** `heard` is told of every answer, and of every one that did not come. */
export function openGateway(tenantId: string, heard: (event: ConnectionEvent) => void): Gateway {
  const transport = open(currentToken)
  async function noted<Result>(request: Promise<Result>): Promise<Result> {
    try {
      const result = await request
      heard('answered')
      return result
    } catch (error) {
      const { kind } = error as TransportError
      heard(kind === 'unreachable' ? 'unanswered' : 'answered')
      if (kind === 'unauthenticated') session.end('ended')
      throw error
    }
  }
  return {
    tenantId,
    read: (document, variables) =>
      noted(transport.read(document, { ...variables, tenantId } as typeof variables & { tenantId: string })),
    act: (type, input, { key, branchId }) =>
      noted(transport.direct(type, { tenantId, branchId, idempotencyKey: key, input })) as Promise<Verdict>,
    transport,
    clockSkewMs: serverClock.skewMs,
    close: () => transport.close(),
  }
}

/** The token of this tab. A socket or a request that it is refused to ends the session: there is no other. */
async function currentToken({ refused }: { refused: string | null }): Promise<string | null> {
  const now = session.now()
  if (!isSession(now)) return null
  if (now.token !== refused) return now.token
  session.end('ended')
  return null
}

/** Signs in, and begins the session. Throws a TransportError. */
export async function signIn(credentials: {
  tenantId: string
  staffCode: string
  pin: string
  enrolmentCode?: string
}): Promise<void> {
  const transport = open(async () => null)
  try {
    const { token } = await transport.signIn({ ...credentials, deviceId: deviceId() })
    session.begin({ tenantId: credentials.tenantId, token })
  } finally {
    transport.close()
  }
}
