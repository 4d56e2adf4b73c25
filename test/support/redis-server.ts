import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { Redis } from 'ioredis'

export type RedisServer = {
  url: string
  port: number
  /** Ends it in order. */
  stop(): Promise<void>
  /** Ends it as a crash would (SIGKILL). */
  kill(): Promise<void>
  /** Stops answering without closing a connection, as a lost network does; `resume` lets it go on. */
  freeze(): void
  resume(): void
}

/** Whether this machine has a redis-server; tests that need one are skipped where it has none. */
export const hasRedisServer: boolean = (() => {
  try {
    execFileSync('redis-server', ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
})()

/** A Redis of its own that keeps nothing on disk; resolves once it answers. Ends with this process at the latest. */
export async function startRedis({ port }: { port?: number } = {}): Promise<RedisServer> {
  const own = port ?? (await freePort())
  const settings = { port: own, bind: '127.0.0.1', save: '', appendonly: 'no', daemonize: 'no' }
  const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)])
  const server = spawn('redis-server', args, { stdio: 'ignore' })
  const dieWithParent = () => server.kill('SIGKILL')
  process.once('exit', dieWithParent)
  server.once('exit', () => process.off('exit', dieWithParent))
  await untilItAnswers(server, own)
  return {
    url: `redis://127.0.0.1:${own}`,
    port: own,
    stop: () => end(server, 'SIGTERM'),
    kill: () => end(server, 'SIGKILL'),
    freeze: () => void server.kill('SIGSTOP'),
    resume: () => void server.kill('SIGCONT'),
  }
}

async function end(server: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return
  const exited = once(server, 'exit')
  server.kill(signal)
  await exited
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as AddressInfo
  probe.close()
  await once(probe, 'close')
  return port
}

async function untilItAnswers(server: ChildProcess, port: number): Promise<void> {
  const client = new Redis({ port, lazyConnect: true, retryStrategy: () => 20, maxRetriesPerRequest: null })
  client.on('error', () => {})
  try {
    const gone = once(server, 'exit').then(() => Promise.reject(new Error('redis-server ended at once')))
    const late = wait(10_000, undefined, { ref: false }).then(() =>
      Promise.reject(new Error('redis-server is silent')),
    )
    await Promise.race([client.ping(), gone, late])
    gone.catch(() => {})
    late.catch(() => {})
  } finally {
    client.disconnect()
  }
}
