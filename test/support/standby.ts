/** A PostgreSQL of the test's own with a streaming replica, as `pg_basebackup` would make one. */
import { type ChildProcess, execFile } from 'node:child_process'
import { once } from 'node:events'
import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import pg from 'pg'
import { chooseAccount } from '../../src/platform/embedded/account.ts'
import { findBinaries } from '../../src/platform/embedded/binaries.ts'
import { startCluster } from '../../src/platform/embedded/cluster.ts'
import { freePort } from '../../src/platform/embedded/free-port.ts'
import { environment } from '../../src/platform/embedded/initialise.ts'
import { createLogger } from '../../src/platform/log.ts'

const log = createLogger('silent')
const run = promisify(execFile)

export type ReplicatedDatabase = {
  /** As a gateway has them. */
  url: string
  replicaUrl: string
  /** From now on nothing of what the primary writes is seen in the replica; or all of it again. */
  pause(): Promise<void>
  resume(): Promise<void>
  /** From now on it is seen there so much later. */
  delay(ms: number): Promise<void>
  endReplica(): Promise<void>
  stop(): Promise<void>
}

async function asked(url: string, ...statements: string[]): Promise<string> {
  const client = new pg.Client(url)
  await client.connect()
  try {
    let last = ''
    for (const text of statements) last = String(Object.values((await client.query(text)).rows[0] ?? {})[0])
    return last
  } finally {
    await client.end()
  }
}

const at = (url: string, port: number) => Object.assign(new URL(url), { port: String(port) }).href

export async function startReplicatedDatabase(): Promise<ReplicatedDatabase> {
  const folder = await mkdtemp(join(tmpdir(), 'modula-replica-'))
  const [data, copy] = [join(folder, 'primary/postgres'), join(folder, 'standby')]
  const settings = { fsync: 'off', max_connections: '40', shared_buffers: '16MB' }
  const primary = await startCluster(join(folder, 'primary'), { log, settings })
  const port = await freePort()
  const account = await chooseAccount(data, [folder], log)
  let standby: ChildProcess | undefined

  /** Copied while it runs, between two marks in what it writes. */
  async function copyOf(): Promise<void> {
    const client = new pg.Client(primary.superuserUrl)
    await client.connect()
    try {
      await client.query(`select pg_backup_start('replica', true)`)
      await run('cp', ['-a', data, copy])
      const { rows } = await client.query('select labelfile from pg_backup_stop(false)')
      await writeFile(join(copy, 'backup_label'), rows[0].labelfile)
    } finally {
      await client.end()
    }
    await rm(join(copy, 'postmaster.pid'), { force: true })
    await writeFile(join(copy, 'standby.signal'), '')
    const from = new URL(primary.superuserUrl)
    const conninfo = `host=127.0.0.1 port=${from.port} user=${from.username} password=${from.password}`
    await appendFile(join(copy, 'postgresql.auto.conf'), `primary_conninfo = '${conninfo}'\n`)
    for (const file of ['backup_label', 'standby.signal']) await account.own(join(copy, file))
  }

  async function startStandby(): Promise<void> {
    const { postgres } = await findBinaries()
    const own = { ...settings, listen_addresses: '127.0.0.1', unix_socket_directories: '' }
    const flags = Object.entries(own).flatMap(([name, value]) => ['-c', `${name}=${value}`])
    const child = account.spawn(postgres, ['-D', copy, '-p', `${port}`, ...flags], {
      env: environment,
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    standby = child
    process.once('exit', () => child.kill('SIGQUIT'))
    const said: string[] = []
    await new Promise<void>((resolve, reject) => {
      child.once('close', () => reject(new Error(`the replica ended: ${said.join('\n')}`)))
      createInterface({ input: child.stderr! }).on('line', (line) => {
        said.push(line)
        if (line.includes('ready to accept read-only connections')) resolve()
      })
    })
  }

  const endReplica = async () => {
    if (!standby || standby.exitCode !== null || standby.signalCode !== null) return
    const exited = once(standby, 'exit')
    standby.kill('SIGQUIT')
    await exited
  }
  const stop = async () => {
    await endReplica()
    await primary.stop()
    await rm(folder, { recursive: true, force: true })
  }
  try {
    await copyOf()
    await startStandby()
  } catch (error) {
    await stop()
    throw error
  }
  const superuser = at(primary.superuserUrl, port)
  return {
    url: primary.url,
    replicaUrl: at(primary.url, port),
    async pause() {
      await asked(superuser, 'select pg_wal_replay_pause()')
      while ((await asked(superuser, 'select pg_get_wal_replay_pause_state()')) !== 'paused');
    },
    resume: () => asked(superuser, 'select pg_wal_replay_resume()').then(() => {}),
    async delay(ms) {
      await asked(superuser, `alter system set recovery_min_apply_delay = ${ms}`)
      await asked(superuser, 'select pg_reload_conf()')
    },
    endReplica,
    stop,
  }
}
