import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import type { Redis } from 'ioredis'
import type { Nudge, NudgeBus, NudgeLog } from './bus.ts'
import { branchKey, byTenant, mergeNudges } from './merge.ts'
import { createProcessBus } from './process-bus.ts'
import { type NudgeMessage, readMessage, topicOf } from './redis-message.ts'
import { isReady, watchRedis } from './redis-watch.ts'

/** Branches whose nudges are kept for the others while Redis is away; about 2 MB. */
const MAX_UNSENT = 10_000

/** How long after a refused subscription it is tried again, if the connection itself holds. */
const RETRY_MS = 1_000

/**
 * The bus of several gateways: a process bus for the listeners here, joined to a Redis channel per tenant. A
 * gateway listens only on the channels of tenants it has listeners for.
 *
 * The bus owns both clients from here on and closes them with itself. `subscribeClient` must be of its own, since
 * a connection that subscribes can do nothing else.
 *
 * Redis away: listeners here go on as before; `healthy` is false; one line is logged. What is published meanwhile
 * is merged per branch and sent when Redis is back, so that gateways that never lost it miss nothing either. (That
 * access changed is not kept: each gateway asks for it again by itself.)
 */
export function createRedisBus(options: {
  publishClient: Redis
  subscribeClient: Redis
  log: NudgeLog
  probeMs?: number
}): NudgeBus {
  const { publishClient, subscribeClient, log } = options
  const origin = randomUUID()
  const here = createProcessBus({ log })
  const recoveredListeners = new Set<() => void>()
  let state: 'starting' | 'healthy' | 'away' | 'closed' = 'starting'
  let retry: NodeJS.Timeout | undefined

  // ioredis resubscribes without looking at the answer: a second loss at that moment is an unhandled rejection.
  subscribeClient.options.autoResubscribe = false

  const outgoing = createOutgoing(publishClient, origin)
  const channels = createChannels({ client: subscribeClient, subscribe, here, log, origin })

  const clients = [publishClient, subscribeClient]
  const stopWatching = watchRedis({ clients, probeMs: options.probeMs ?? 10_000, up, down })
  for (const client of clients) begin(client)
  if (clients.every(isReady)) up()

  /** Subscribes, if there is a connection; if not, `up` does it when there is. */
  function subscribe(...topics: string[]): Promise<boolean> {
    return subscribed(subscribeClient, topics, (error) => {
      down(error)
      clearTimeout(retry)
      retry = setTimeout(up, RETRY_MS).unref()
    })
  }

  function down(reason: unknown): void {
    if (state === 'away' || state === 'closed') return
    state = 'away'
    log.warn({ err: reason }, 'nudge bus: Redis is away, other gateways are not nudged until it is back')
  }

  /** 1. Listen again. 2. Send what was kept. 3. Only then say so: from now on nothing more is missed. */
  async function up(): Promise<void> {
    const topics = channels.topics()
    if (topics.length > 0 && !(await subscribe(...topics))) return
    if (state === 'closed' || !clients.every(isReady)) return
    const wasAway = state === 'away'
    state = 'healthy'
    log.info({ kept: outgoing.kept }, 'nudge bus: Redis is there')
    outgoing.sendKept()
    if (!wasAway) return
    for (const listener of recoveredListeners) listener()
  }

  /** What `listen` subscribes here; the tenant's channel is listened to as long as anybody is. */
  const join = (tenantId: string, listen: () => () => void): (() => void) =>
    state === 'closed' ? () => {} : channels.join(tenantId, listen)

  return {
    get healthy() {
      return state === 'healthy'
    },
    publish(nudges) {
      if (state === 'closed') return
      here.publish(nudges)
      outgoing.send(nudges)
    },
    subscribe: (tenantId, listener) => join(tenantId, () => here.subscribe(tenantId, listener)),
    publishAccess(tenantId) {
      if (state === 'closed') return
      here.publishAccess(tenantId)
      outgoing.tellAccess(tenantId)
    },
    subscribeAccess: (tenantId, listener) => join(tenantId, () => here.subscribeAccess(tenantId, listener)),
    onRecovered(listener) {
      recoveredListeners.add(listener)
      return () => recoveredListeners.delete(listener)
    },
    async close() {
      if (state === 'closed') return
      state = 'closed'
      clearTimeout(retry)
      stopWatching()
      await Promise.all([here.close(), ...clients.map(hangUp)])
    },
  }
}

function begin(client: Redis): void {
  if (client.status === 'wait') client.connect().catch(() => {})
}

/** False where there is no connection; where there is one and it was refused, that is told. */
function subscribed(client: Redis, topics: string[], onRefused: (error: unknown) => void): Promise<boolean> {
  if (!isReady(client)) return Promise.resolve(false)
  return client.subscribe(...topics).then(
    () => true,
    (error: unknown) => {
      if (isReady(client)) onRefused(error)
      return false
    },
  )
}

/** What other gateways are told, now or when Redis is there again. */
function createOutgoing(client: Redis, origin: string) {
  const unsent = new Unsent()

  function tell(tenantId: string, message: Omit<NudgeMessage, 'origin'>): void {
    const text = JSON.stringify({ origin, ...message } satisfies NudgeMessage)
    client.publish(topicOf(tenantId), text).then(sendKept, () => unsent.keep(message.nudges))
  }
  function send(nudges: Nudge[]): void {
    for (const [tenantId, own] of byTenant(nudges)) tell(tenantId, { nudges: own })
  }
  const sendKept = () => send(unsent.take())

  return {
    sendKept,
    get kept() {
      return unsent.size
    },
    send(nudges: Nudge[]): void {
      if (isReady(client)) send(nudges)
      else unsent.keep(nudges)
    },
    /** Lost while Redis is away: each gateway asks for it again by itself. */
    tellAccess(tenantId: string): void {
      if (isReady(client)) tell(tenantId, { nudges: [], access: true })
    },
  }
}

/** What could not be sent, merged by branch; of more branches than are kept it is lost. */
class Unsent {
  readonly #nudges = new Map<string, Nudge>()

  get size(): number {
    return this.#nudges.size
  }

  keep(nudges: Nudge[]): void {
    for (const nudge of nudges) {
      const key = branchKey(nudge)
      const earlier = this.#nudges.get(key)
      if (earlier) this.#nudges.set(key, mergeNudges(earlier, nudge))
      else if (this.#nudges.size < MAX_UNSENT) this.#nudges.set(key, nudge)
    }
  }

  take(): Nudge[] {
    const kept = [...this.#nudges.values()]
    this.#nudges.clear()
    return kept
  }
}

/** The channels of those tenants that have listeners here: what other gateways say there is passed on. */
function createChannels(of: {
  client: Redis
  subscribe: (...topics: string[]) => Promise<boolean>
  here: NudgeBus
  log: NudgeLog
  origin: string
}) {
  const { client, subscribe, here, log, origin } = of
  const heard = new Map<string, { tenantId: string; listeners: number }>()

  client.on('message', (topic: string, text: string) => {
    const { tenantId } = heard.get(topic) ?? {}
    if (tenantId === undefined) return
    const message = readMessage(text)
    if (message?.origin === origin) return
    if (!message?.nudges.every((nudge) => nudge.tenantId === tenantId)) {
      log.warn({ topic }, 'nudge bus: ignored a malformed message')
      return
    }
    here.publish(message.nudges)
    if (message.access) here.publishAccess(tenantId)
  })

  return {
    topics: () => [...heard.keys()],
    join(tenantId: string, listen: () => () => void): () => void {
      const stopHere = listen()
      const topic = topicOf(tenantId)
      const channel = heard.get(topic) ?? { tenantId, listeners: 0 }
      heard.set(topic, channel)
      if (++channel.listeners === 1) void subscribe(topic)
      let ended = false
      return () => {
        if (ended) return
        ended = true
        stopHere()
        if (--channel.listeners > 0) return
        heard.delete(topic)
        if (isReady(client)) client.unsubscribe(topic).catch(() => {})
      }
    },
  }
}

/** Lets what was sent arrive, but does not wait for a Redis that is gone. */
async function hangUp(client: Redis): Promise<void> {
  if (isReady(client)) {
    const patience = new AbortController()
    await Promise.race([
      client.quit().catch(() => {}),
      wait(1_000, undefined, { signal: patience.signal }).catch(() => {}),
    ])
    patience.abort()
  }
  client.disconnect()
}
