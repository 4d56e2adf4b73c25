import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createLogger } from '../../src/platform/log.ts'
import { connectRedis, type RedisPair } from '../../src/platform/redis.ts'
import { type RedisServer, startRedis } from '../support/redis-server.ts'

describe('a pair of connections to Redis', () => {
  let server: RedisServer
  let redis: RedisPair
  const onUp = vi.fn()
  const onDown = vi.fn()
  const unhandled = vi.fn()

  beforeEach(async () => {
    vi.resetAllMocks()
    process.on('unhandledRejection', unhandled)
    server = await startRedis()
    redis = connectRedis(server.url, createLogger('silent'))
    redis.onUp(onUp)
    redis.onDown(onDown)
    await vi.waitFor(() => expect(redis.isUp()).toBe(true))
  })
  afterEach(async () => {
    redis.close()
    await server.stop()
    process.off('unhandledRejection', unhandled)
  })

  it('carries messages', async () => {
    const messages: string[] = []
    redis.subscriber.on('message', (_channel, message) => messages.push(message))
    await redis.subscriber.subscribe('nudges')
    await redis.publisher.publish('nudges', 'one')
    await vi.waitFor(() => expect(messages).toEqual(['one']))
    expect(onUp).toHaveBeenCalledTimes(1)
    expect(onDown).not.toHaveBeenCalled()
  })

  it('fails publishes at once while Redis is away, and is whole again when it is back', async () => {
    const messages: string[] = []
    redis.subscriber.on('message', (_channel, message) => messages.push(message))
    await redis.subscriber.subscribe('nudges')
    await server.kill()
    await vi.waitFor(() => expect(onDown).toHaveBeenCalledTimes(1))
    expect(redis.isUp()).toBe(false)

    const started = performance.now()
    await expect(redis.publisher.publish('nudges', 'lost')).rejects.toThrow()
    expect(performance.now() - started).toBeLessThan(100)
    // As an event target does, which awaits neither.
    void redis.publisher.publish('nudges', 'lost')
    void redis.subscriber.subscribe('more')

    server = await startRedis({ port: server.port })
    await vi.waitFor(() => expect(redis.isUp()).toBe(true), { timeout: 20_000 })
    expect(onUp).toHaveBeenCalledTimes(2)
    expect(onDown).toHaveBeenCalledTimes(1)
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
    await vi.waitFor(() => expect(onDown).toHaveBeenCalled())
    void redis.subscriber.subscribe('never')
    redis.close()
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(unhandled).not.toHaveBeenCalled()
  })

  it('starts without Redis and says once that it is down', async () => {
    const absent = connectRedis('redis://127.0.0.1:1', createLogger('silent'))
    const down = vi.fn()
    absent.onDown(down)
    await new Promise((resolve) => setTimeout(resolve, 1000))
    expect(down).toHaveBeenCalledTimes(1)
    expect(absent.isUp()).toBe(false)
    absent.close()
  })
})
