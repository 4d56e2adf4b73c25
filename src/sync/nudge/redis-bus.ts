import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { createRedisEventTarget } from '@graphql-yoga/redis-event-target'
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
  const heard = new Map<string, { listeners: number; stop: () => void }>()
  const unsent = new Map<string, Nudge>()
  const recoveredListeners = new Set<() => void>()
  let state: 'starting' | 'healthy' | 'away' | 'closed' = 'starting'
  let retry: NodeJS.Timeout | undefined

  // ioredis resubscribes without looking at the answer: a second loss at that moment is an unhandled rejection.
  subscribeClient.options.autoResubscribe = false

  const target = createRedisEventTarget<CustomEvent<NudgeMessage | null>>({
    publishClient: { publish } as unknown as Redis,
    subscribeClient: {
      on: (event: 'message', listener: (channel: string, text: string) => void) =>
        subscribeClient.on(event, listener),
      subscribe,
      unsubscribe: (topic: string) => {
        if (isReady(subscribeClient)) subscribeClient.unsubscribe(topic).catch(() => {})
      },
    } as unknown as Redis,
    serializer: { stringify: JSON.stringify, parse: readMessage },
  })

  const stopWatching = watchRedis({
    clients: [publishClient, subscribeClient],
    probeMs: options.probeMs ?? 10_000,
    up,
    down,
  })
  for (const client of [publishClient, subscribeClient]) {
    if (client.status === 'wait') client.connect().catch(() => {})
  }
  if (isReady(publishClient) && isReady(subscribeClient)) up()

  /** Subscribes, if there is a connection; if not, `up` does it when there is. */
  function subscribe(...topics: string[]): Promise<boolean> {
    if (!isReady(subscribeClient)) return Promise.resolve(false)
    return subscribeClient.subscribe(...topics).then(
      () => true,
      (error: unknown) => {
        if (isReady(subscribeClient)) {
          down(error)
          clearTimeout(retry)
          retry = setTimeout(up, RETRY_MS).unref()
        }
        return false
      },
    )
  }

  function publish(topic: string, text: string): void {
    publishClient.publish(topic, text).then(sendKept, () => keep(readMessage(text)?.nudges ?? []))
  }

  function send(nudges: Nudge[]): void {
    for (const [tenantId, own] of byTenant(nudges)) tell(tenantId, { nudges: own })
  }

  function tell(tenantId: string, message: Omit<NudgeMessage, 'origin'>): void {
    target.dispatchEvent(new CustomEvent(topicOf(tenantId), { detail: { origin, ...message } }))
  }

  function sendKept(): void {
    const kept = [...unsent.values()]
    unsent.clear()
    send(kept)
  }

  function keep(nudges: Nudge[]): void {
    for (const nudge of nudges) {
      const key = branchKey(nudge)
      const earlier = unsent.get(key)
      if (earlier) unsent.set(key, mergeNudges(earlier, nudge))
      else if (unsent.size < MAX_UNSENT) unsent.set(key, nudge)
    }
  }

  function down(reason: unknown): void {
    if (state === 'away' || state === 'closed') return
    state = 'away'
    log.warn({ err: reason }, 'nudge bus: Redis is away, other gateways are not nudged until it is back')
  }

  /** 1. Listen again. 2. Send what was kept. 3. Only then say so: from now on nothing more is missed. */
  async function up(): Promise<void> {
    const topics = [...heard.keys()].map(topicOf)
    if (topics.length > 0 && !(await subscribe(...topics))) return
    if (state === 'closed' || !isReady(publishClient) || !isReady(subscribeClient)) return
    const wasAway = state === 'away'
    state = 'healthy'
    log.info({ kept: unsent.size }, 'nudge bus: Redis is there')
    sendKept()
    if (!wasAway) return
    for (const listener of recoveredListeners) listener()
  }

  /** Passes on what other gateways say about a tenant. Returns what ends that. */
  function hearOthers(tenantId: string): () => void {
    const topic = topicOf(tenantId)
    const pass = ({ detail }: CustomEvent<NudgeMessage | null>) => {
      if (detail?.origin === origin) return
      if (!detail?.nudges.every((nudge) => nudge.tenantId === tenantId)) {
        log.warn({ topic }, 'nudge bus: ignored a malformed message')
        return
      }
      here.publish(detail.nudges)
      if (detail.access) here.publishAccess(tenantId)
    }
    target.addEventListener(topic, pass)
    return () => target.removeEventListener(topic, pass)
  }

  /** What `listen` subscribes here; the tenant's channel is listened to as long as anybody is. */
  function join(tenantId: string, listen: () => () => void): () => void {
    if (state === 'closed') return () => {}
    const stopHere = listen()
    const tenant = heard.get(tenantId) ?? { listeners: 0, stop: hearOthers(tenantId) }
    heard.set(tenantId, tenant)
    tenant.listeners++
    let ended = false
    return () => {
      if (ended) return
      ended = true
      stopHere()
      if (--tenant.listeners > 0) return
      heard.delete(tenantId)
      tenant.stop()
    }
  }

  return {
    get healthy() {
      return state === 'healthy'
    },

    publish(nudges) {
      if (state === 'closed') return
      here.publish(nudges)
      if (isReady(publishClient)) send(nudges)
      else keep(nudges)
    },

    subscribe: (tenantId, listener) => join(tenantId, () => here.subscribe(tenantId, listener)),

    publishAccess(tenantId) {
      if (state === 'closed') return
      here.publishAccess(tenantId)
      if (isReady(publishClient)) tell(tenantId, { nudges: [], access: true })
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
      await Promise.all([here.close(), hangUp(publishClient), hangUp(subscribeClient)])
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
