/**
 * Several gateways as an operator runs them: processes on one PostgreSQL and one Redis, behind HAProxy with the settings
 * of deploy/haproxy.cfg.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as wait } from 'node:timers/promises'
import { pathOf } from '../../scripts/test-tools.ts'
import { freePort } from '../../src/platform/embedded/free-port.ts'

const root = join(import.meta.dirname, '../..')

/** One gateway: its address stays, its process comes and goes. */
export type Member = {
  readonly url: string
  readonly pid: number | undefined
  /** What its processes logged, all of them. */
  readonly lines: readonly string[]
  start(): Promise<void>
  /** `SIGTERM` in order, `SIGKILL` as a crash; resolves with the exit code when it is gone. */
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null>
}

export type Cluster = {
  /** Of GraphQL, at the proxy. */
  readonly url: string
  readonly members: readonly Member[]
  stop(): Promise<void>
}

/** Kept alive by nobody: whatever is still there ends with this process. */
function endWithUs(child: ChildProcess): ChildProcess {
  const dieWithParent = () => child.kill('SIGKILL')
  process.once('exit', dieWithParent)
  child.once('exit', () => process.off('exit', dieWithParent))
  return child
}

const isGone = (child: ChildProcess) => child.exitCode !== null || child.signalCode !== null

export function createMember(port: number, env: Record<string, string | undefined>): Member {
  const { PATH = '', NODE_COMPILE_CACHE = '' } = process.env
  const lines: string[] = []
  let child: ChildProcess | undefined
  return {
    url: `http://127.0.0.1:${port}`,
    get pid() {
      return child?.pid
    },
    lines,
    async start() {
      const own = spawn(process.execPath, [join(root, 'src/main.ts')], {
        env: { PATH, NODE_COMPILE_CACHE, PORT: String(port), TRUST_PROXY: '1', ...env },
        stdio: ['ignore', 'pipe', 'pipe'],
      })
      child = endWithUs(own)
      const errors: string[] = []
      createInterface({ input: own.stderr! }).on('line', (line) => errors.push(line))
      await new Promise<void>((resolve, reject) => {
        createInterface({ input: own.stdout! }).on('line', (line) => {
          lines.push(line)
          if (line.startsWith('ready ')) resolve()
        })
        own.once('close', () => reject(new Error(`a gateway ended: ${errors.join('\n')}`)))
      })
    },
    async end(signal) {
      if (!child || isGone(child)) return child?.exitCode ?? null
      const ended = once(child, 'exit')
      child.kill(signal)
      return (await ended)[0]
    },
  }
}

/** The proxy as it is shipped, at an address of its own and before these gateways. */
async function startProxy(port: number, members: readonly Member[], folder: string): Promise<ChildProcess> {
  const shipped = readFileSync(join(root, 'deploy/haproxy.cfg'), 'utf8')
  const ours = shipped
    .replace(/bind :\d+/, `bind 127.0.0.1:${port}`)
    .replace(/inter 1s/, 'inter 100ms')
    .replace(
      /( *server gateway-.*\n)+/,
      members.map(({ url }, i) => `  server gateway-${i + 1} ${new URL(url).host}\n`).join(''),
    )
  const file = join(folder, 'haproxy.cfg')
  await writeFile(file, ours)
  // In the foreground, one process: it ends when it is told to.
  const proxy = endWithUs(
    spawn(pathOf('haproxy')!, ['-db', '-f', file], { stdio: ['ignore', 'ignore', 'pipe'] }),
  )
  const said: string[] = []
  createInterface({ input: proxy.stderr! }).on('line', (line) => said.push(line))
  for (let tries = 0; tries < 200; tries += 1) {
    if (isGone(proxy)) throw new Error(`haproxy ended: ${said.join('\n')}`)
    if (await fetch(`http://127.0.0.1:${port}/healthz`).catch(() => undefined)) return proxy
    await wait(50)
  }
  throw new Error('haproxy does not answer')
}

/** All of them start at once. `env` as in the README; each may have more of its own. */
export async function startCluster(
  size: number,
  env: Record<string, string>,
  ofMember: (index: number) => Record<string, string | undefined> = () => ({}),
): Promise<Cluster> {
  const folder = await mkdtemp(join(tmpdir(), 'modula-cluster-'))
  const ports: number[] = []
  for (let i = 0; i <= size; i += 1) ports.push(await freePort())
  const [own = 0, ...others] = ports
  const members = others.map((port, i) => createMember(port, { ...env, ...ofMember(i) }))
  const proxy = await startProxy(own, members, folder)
  const base = `http://127.0.0.1:${own}`
  const stop = async () => {
    await Promise.all(members.map((member) => member.end('SIGTERM')))
    if (!isGone(proxy)) {
      const exited = once(proxy, 'exit')
      proxy.kill('SIGKILL')
      await exited
    }
    await rm(folder, { recursive: true, force: true })
  }
  try {
    await Promise.all(members.map((member) => member.start()))
    await untilReady(base)
  } catch (error) {
    await stop()
    throw error
  }
  return { url: `${base}/graphql`, members, stop }
}

async function untilReady(base: string): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    const response = await fetch(`${base}/readyz`).catch(() => undefined)
    if (response?.status === 200) return
    await wait(50)
  }
  throw new Error('no gateway became ready behind the proxy')
}
