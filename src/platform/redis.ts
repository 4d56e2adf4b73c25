import { Redis, type RedisOptions } from 'ioredis'
import type { Logger } from './log.ts'
import { maskUrl } from './mask.ts'

export type RedisPair = {
  /** Fails at once while Redis is away: a late nudge is worth nothing, and a queue of them would only grow. */
  publisher: Redis
  /** Waits while Redis is away, and takes its subscriptions up again when it is back. */
  subscriber: Redis
  /** Both connections work. */
  isUp(): boolean
  /** Calls back whenever both connections work again, at once if they do already. */
  onUp(listener: () => void): void
  /** Calls back whenever either connection is lost. */
  onDown(listener: () => void): void
  close(): void
}

const shared: RedisOptions = {
  // For ever, first quickly; spread, so that the gateways do not all come back at the same moment.
  retryStrategy: (attempt) => Math.min(100 * 2 ** attempt, 5000) * (0.5 + Math.random() / 2),
  // After a failover a connection may still reach the old primary, which now refuses to write.
  reconnectOnError: (error) => error.message.startsWith('READONLY'),
  connectTimeout: 5000,
  keepAlive: 10_000,
}

/** Connects in the background and never throws or rejects: Redis only makes nudges quicker, the gateway works without it. */
export function connectRedis(url: string, log: Logger): RedisPair {
  const publisher = new Redis(url, {
    ...shared,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    commandTimeout: 2000,
  })
  const subscriber = new Redis(url, { ...shared, maxRetriesPerRequest: null })
  const clients = [publisher, subscriber]
  const upListeners: (() => void)[] = []
  const downListeners: (() => void)[] = []
  let up: boolean | undefined
  let closed = false

  /** Tells a change once, not at every attempt to connect. */
  function check(reason?: string): void {
    const now = clients.every((client) => client.status === 'ready')
    const connecting = up === undefined && !now && !reason
    if (closed || connecting || now === up) return
    up = now
    if (now) log.info({ redis: maskUrl(url) }, 'redis is up')
    else log.warn({ redis: maskUrl(url), reason }, 'redis is down, nudges stay in this process')
    for (const listener of now ? upListeners : downListeners) listener()
  }

  for (const client of clients) {
    neverUnhandled(client)
    client.on('ready', () => check())
    client.on('error', (error: NodeJS.ErrnoException) => check(error.code ?? error.message))
    client.on('close', () => check('connection closed'))
  }

  return {
    publisher,
    subscriber,
    isUp: () => up === true,
    onUp(listener) {
      upListeners.push(listener)
      if (up) listener()
    },
    onDown: (listener) => void downListeners.push(listener),
    close() {
      closed = true
      for (const client of clients) client.disconnect()
    },
  }
}

/** Whoever awaits a command still sees it fail; one that nobody awaits, as in an event target, must not end the process. */
function neverUnhandled(client: Redis): void {
  const sendCommand = client.sendCommand.bind(client)
  client.sendCommand = (command, stream) => {
    command.promise.catch(() => {})
    return sendCommand(command, stream)
  }
}
