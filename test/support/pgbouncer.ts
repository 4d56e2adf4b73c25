import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'
import { pathOf } from '../../scripts/test-tools.ts'
import { freePort } from '../../src/platform/embedded/free-port.ts'

export type Pooler = { url: string; stop(): Promise<void> }

/**
 * A PgBouncer in transaction mode before the server of `databaseUrl`: each transaction may get another of its few sessions.
 * `lines` are added to its settings. Ends with this process at the latest.
 */
export async function startPgBouncer(databaseUrl: string, lines: readonly string[] = []): Promise<Pooler> {
  const folder = await mkdtemp(join(tmpdir(), 'modula-pgbouncer-'))
  const { hostname, port, username, password } = new URL(databaseUrl)
  const own = await freePort()
  const file = join(folder, 'pgbouncer.ini')
  const settings = [
    '[databases]',
    `* = host=${hostname} port=${port}`,
    '[pgbouncer]',
    'listen_addr = 127.0.0.1',
    `listen_port = ${own}`,
    'unix_socket_dir =',
    'pool_mode = transaction',
    // Fewer sessions than a gateway has connections: they are passed from hand to hand.
    'default_pool_size = 3',
    'auth_type = plain',
    `auth_file = ${join(folder, 'users.txt')}`,
    ...lines,
  ]
  writeFileSync(file, settings.join('\n'))
  writeFileSync(
    join(folder, 'users.txt'),
    `"${decodeURIComponent(username)}" "${decodeURIComponent(password)}"\n`,
  )
  const isRoot = process.getuid?.() === 0
  for (const [path, mode] of [
    [folder, 0o755],
    [file, 0o644],
    [join(folder, 'users.txt'), 0o644],
  ] as const)
    chmodSync(path, mode)
  // It does not run as root.
  const child = spawn(pathOf('pgbouncer')!, ['-q', ...(isRoot ? ['-u', 'nobody'] : []), file], {
    stdio: 'ignore',
  })
  const dieWithParent = () => child.kill('SIGKILL')
  process.once('exit', dieWithParent)
  child.once('exit', () => process.off('exit', dieWithParent))
  const url = Object.assign(new URL(databaseUrl), { hostname: '127.0.0.1', port: String(own) }).href
  await untilItAnswers(url)
  return {
    url,
    async stop() {
      const exited = once(child, 'exit')
      child.kill('SIGQUIT')
      await exited
      await rm(folder, { recursive: true })
    },
  }
}

async function untilItAnswers(url: string): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    const client = new pg.Client(url)
    try {
      await client.connect()
      await client.query('select 1')
      return
    } catch (error) {
      if (tries === 100) throw error
      await wait(50)
    } finally {
      await client.end().catch(() => {})
    }
  }
}
