import { execFile } from 'node:child_process'
import { readFile, readlink, realpath, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import type { Logger } from '../log.ts'
import { StartError } from '../start-error.ts'

const run = promisify(execFile)

/** A fast shutdown writes a checkpoint first, which takes a while on a slow disk. */
const SHUTDOWN_MS = 30_000

/**
 * Clears what a killed gateway left in the data folder: a PostgreSQL that still runs is stopped; a postmaster.pid
 * whose number belongs to another program by now (or to a zombie, where nobody reaps) is removed, as PostgreSQL itself
 * would take that for a server. The caller holds the folder, so whatever runs there belongs to nobody.
 */
export async function clearOrphan(data: string, log: Logger): Promise<void> {
  const pidFile = join(data, 'postmaster.pid')
  const pid = Number.parseInt(await readFile(pidFile, 'utf8').catch(() => ''), 10)
  if (!(pid > 0) || !exists(pid)) return
  if (await isPostgresOf(pid, data)) await stop(pid, data, log)
  else await rm(pidFile, { force: true })
}

async function stop(pid: number, data: string, log: Logger): Promise<void> {
  log.warn({ postmaster: pid }, 'stopping the embedded PostgreSQL that an earlier gateway left behind')
  for (const signal of ['SIGINT', 'SIGQUIT'] as const) {
    process.kill(pid, signal)
    for (const end = Date.now() + SHUTDOWN_MS; Date.now() < end; await delay(20)) {
      if (!(await isPostgresOf(pid, data))) return
    }
  }
  throw new StartError(`a PostgreSQL left behind in ${data} (pid ${pid}) does not end: stop it by hand`)
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** PostgreSQL works in its data folder. Where there is no /proc, its command line names the folder. */
async function isPostgresOf(pid: number, data: string): Promise<boolean> {
  if (process.platform === 'linux') {
    const program = basename(await readLink(`/proc/${pid}/exe`))
    return program === 'postgres' && (await readLink(`/proc/${pid}/cwd`)) === (await realpath(data))
  }
  const { stdout } = await run('ps', ['-ww', '-o', 'args=', '-p', `${pid}`]).catch(() => ({ stdout: '' }))
  return stdout.includes('postgres') && stdout.includes(data)
}

/** Empty when the process has ended or is somebody else's. A program that an upgrade replaced is `... (deleted)`. */
async function readLink(path: string): Promise<string> {
  return (await readlink(path).catch(() => '')).replace(/ \(deleted\)$/, '')
}
