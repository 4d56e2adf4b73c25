import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import type { Logger } from '../log.ts'
import { StartError } from '../start-error.ts'
import type { Account } from './account.ts'
import { freePort } from './free-port.ts'
import { environment } from './initialise.ts'

/** A fast shutdown writes a checkpoint first; after this long it is cut off, and the next start recovers. */
const FAST_SHUTDOWN_MS = 30_000

type Options = {
  postgres: string
  account: Account
  data: string
  settings: Record<string, string>
  log: Logger
}

/** A running PostgreSQL: port on 127.0.0.1, and an orderly end. */
export type Postmaster = { port: number; stop(): Promise<void> }

/**
 * Starts PostgreSQL on a port of the loopback (that of `settings`, else a free one) and keeps it running: should it end
 * by itself, it is started again on the same port. Throws a StartError with its reason when it does not start.
 */
export async function startPostmaster(options: Options): Promise<Postmaster> {
  const { log } = options
  const first = await launchOnFreePort(options)
  const { port } = first
  let child = first.child
  let stopping = false
  let restarting: Promise<void> = Promise.resolve()

  function watch(): void {
    child.once('exit', (code, signal) => {
      if (stopping) return
      log.error({ code, signal }, 'the embedded PostgreSQL ended, starting it again')
      restarting = restart()
    })
  }

  async function restart(): Promise<void> {
    while (!stopping) {
      try {
        child = await launch(options, port)
        return watch()
      } catch (error) {
        log.error({ err: error }, 'the embedded PostgreSQL does not start')
        await delay(1000)
      }
    }
  }

  async function stop(): Promise<void> {
    stopping = true
    await restarting
    await end(child)
  }

  watch()
  return { port, stop }
}

/** A port may be taken between being found free and being used, and a killed server's last processes may linger. */
async function launchOnFreePort(options: Options): Promise<{ child: ChildProcess; port: number }> {
  for (let attempt = 1; ; attempt++) {
    const port = Number(options.settings.port ?? (await freePort()))
    try {
      return { port, child: await launch(options, port) }
    } catch (error) {
      const passing = /TCP\/IP socket|pre-existing shared memory/.test((error as Error).message)
      if (!passing || attempt === 5) throw error
      await delay(200 * attempt)
    }
  }
}

/** Resolves once connections are accepted; crash recovery, which may come first, takes as long as it takes. */
async function launch(
  { postgres, account, data, settings, log }: Options,
  port: number,
): Promise<ChildProcess> {
  const all: Record<string, string> = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    timezone: 'UTC',
    log_timezone: 'UTC',
    log_line_prefix: '',
    ...settings,
  }
  const flags = Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const child = account.spawn(postgres, ['-D', data, '-p', `${port}`, ...flags], {
    env: environment,
    stdio: ['ignore', 'ignore', 'pipe'],
    // A process group of its own: Ctrl-C at the terminal must not stop the database while requests are being finished.
    detached: true,
  })
  // For ends that do not wait for stop(): PostgreSQL shuts down by itself after the signal.
  const onExit = () => void child.kill('SIGINT')
  process.on('exit', onExit)
  child.once('close', () => process.off('exit', onExit))
  return new Promise((resolve, reject) => {
    let reason = ''
    child.once('error', (error) =>
      reject(new StartError(`the embedded PostgreSQL does not start: ${error.message}`)),
    )
    child.once('close', () => reject(new StartError(`the embedded PostgreSQL does not start: ${reason}`)))
    createInterface({ input: child.stderr! }).on('line', (line) => {
      forward(line, log)
      if (!reason || /^(FATAL|PANIC): /.test(line) || line.includes('TCP/IP socket')) reason = line
      if (line.includes('database system is ready to accept connections')) resolve(child)
    })
  })
}

/** Errors of statements are told to whoever ran them; here they are of interest only when searching for something. */
function forward(line: string, log: Logger): void {
  if (line.startsWith('PANIC: ')) log.error({ postgres: line }, 'embedded PostgreSQL')
  else if (line.startsWith('WARNING: ')) log.warn({ postgres: line }, 'embedded PostgreSQL')
  else log.debug({ postgres: line }, 'embedded PostgreSQL')
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = once(child, 'exit')
  child.kill('SIGINT')
  const impatience = setTimeout(() => child.kill('SIGQUIT'), FAST_SHUTDOWN_MS)
  await exited
  clearTimeout(impatience)
}
