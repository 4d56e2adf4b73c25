import { Redis, type RedisOptions } from 'ioredis'

export type RedisPair = {
  /** Fails at once while Redis is away: a late nudge is worth nothing, and a queue of them would only grow. */
  publisher: Redis
  /** Waits while Redis is away, and takes its subscriptions up again when it is back. */
  subscriber: Redis
}

const shared: RedisOptions = {
  // For ever, first quickly; spread, so that the gateways do not all come back at the same moment.
  retryStrategy: (attempt) => Math.min(100 * 2 ** attempt, 5000) * (0.5 + Math.random() / 2),
  // After a failover a connection may still reach the old primary, which now refuses to write.
  reconnectOnError: (error) => error.message.startsWith('READONLY'),
  connectTimeout: 5000,
  keepAlive: 10_000,
}

const atOnce: RedisOptions = { enableOfflineQueue: false, maxRetriesPerRequest: 0 }

/**
 * Connects in the background and never throws or rejects: Redis only makes nudges quicker, the gateway works without it.
 * Whoever uses them says when they are up and down (redis-watch.ts), and closes them.
 */
export function connectRedis(url: string): RedisPair {
  const publisher = new Redis(url, { ...shared, ...atOnce, commandTimeout: 2000 })
  const subscriber = new Redis(url, { ...shared, maxRetriesPerRequest: null })
  return { publisher: quiet(publisher), subscriber: quiet(subscriber) }
}

/** For what gateways count together: every request waits for it, so it says quickly that it cannot. */
export const connectCounter = (url: string): Redis =>
  quiet(new Redis(url, { ...shared, ...atOnce, commandTimeout: 250 }))

function quiet(client: Redis): Redis {
  neverUnhandled(client)
  // Without a listener, ioredis prints every attempt to connect.
  client.on('error', () => {})
  return client
}

/** Whoever awaits a command still sees it fail; one that nobody awaits, as in an event target, must not end the process. */
function neverUnhandled(client: Redis): void {
  const sendCommand = client.sendCommand.bind(client)
  client.sendCommand = (command, stream) => {
    command.promise.catch(() => {})
    return sendCommand(command, stream)
  }
}
