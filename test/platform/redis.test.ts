import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { connectRedis, type RedisPair } from '../../src/platform/redis.ts'
import { createRedisBus } from '../../src/sync/nudge/redis-bus.ts'
import { type RedisServer, startRedis } from '../support/redis-server.ts'

describe('a pair of connections to Redis', () => {
  let server: RedisServer
  let redis: RedisPair
  const unhandled = vi.fn()
  const states = () => [redis.publisher.status, redis.subscriber.status]
  const close = () => {
    redis.publisher.disconnect()
    redis.subscriber.disconnect()
  }

  beforeEach(async () => {
    vi.resetAllMocks()
    process.on('unhandledRejection', unhandled)
    server = await startRedis()
    redis = connectRedis(server.url)
    await vi.waitFor(() => expect(states()).toEqual(['ready', 'ready']))
  })
  afterEach(async () => {
    close()
    await server.stop()
    process.off('unhandledRejection', unhandled)
  })

  it('carries messages', async () => {
    const messages: string[] = []
    redis.subscriber.on('message', (_channel, message) => messages.push(message))
    await redis.subscriber.subscribe('nudges')
    await redis.publisher.publish('nudges', 'one')
    await vi.waitFor(() => expect(messages).toEqual(['one']))
  })

  it('fails publishes at once while Redis is away, and is whole again when it is back', async () => {
    const messages: string[] = []
    redis.subscriber.on('message', (_channel, message) => messages.push(message))
    await redis.subscriber.subscribe('nudges')
    await server.kill()
    await vi.waitFor(() => expect(states()).not.toContain('ready'))

    const started = performance.now()
    await expect(redis.publisher.publish('nudges', 'lost')).rejects.toThrow()
    expect(performance.now() - started).toBeLessThan(100)
    // As an event target does, which awaits neither.
    void redis.publisher.publish('nudges', 'lost')
    void redis.subscriber.subscribe('more')

    server = await startRedis({ port: server.port })
    await vi.waitFor(() => expect(states()).toEqual(['ready', 'ready']), { timeout: 20_000 })
    await vi.waitFor(async () => expect(await redis.publisher.publish('more', 'found')).toBe(1), {
      timeout: 5000,
    })
    await redis.publisher.publish('nudges', 'found')
    await vi.waitFor(() => expect(messages).toEqual(['found', 'found']))
    expect(unhandled).not.toHaveBeenCalled()
  })

  it('gives a publish up when Redis does not answer', async () => {
    server.freeze()
    await expect(redis.publisher.publish('nudges', 'lost')).rejects.toThrow('timed out')
    server.resume()
  })

  it('closes without a complaint, whatever was waiting', async () => {
    await server.kill()
    await vi.waitFor(() => expect(states()).not.toContain('ready'))
    void redis.subscriber.subscribe('never')
    close()
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(unhandled).not.toHaveBeenCalled()
  })

  it('is not needed at the start: the bus says once that it is away', async () => {
    const absent = connectRedis('redis://127.0.0.1:1')
    const log = { info: vi.fn(), warn: vi.fn() }
    const bus = createRedisBus({ publishClient: absent.publisher, subscribeClient: absent.subscriber, log })
    await vi.waitFor(() => expect(log.warn).toHaveBeenCalled())
    await new Promise((resolve) => setTimeout(resolve, 1000))
    expect(log.warn).toHaveBeenCalledTimes(1)
    expect(bus.healthy).toBe(false)
    await bus.close()
  })
})
