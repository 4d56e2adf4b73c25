import { mkdir, readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { Logger } from '../log.ts'
import { chooseAccount } from './account.ts'
import { findBinaries } from './binaries.ts'
import { initialise, ROLE } from './initialise.ts'
import { clearOrphan } from './orphan.ts'
import { startPostmaster } from './postmaster.ts'
import { appUrl, ensureAppRole } from './role.ts'

export type Cluster = {
  /** Of a role that owns the database and may do nothing else. */
  url: string
  /** Of the role that may do anything, for tests and tools that make databases. */
  superuserUrl: string
  stop(): Promise<void>
}

/**
 * Starts a PostgreSQL whose files are in `folder`/postgres, which are made when missing. `settings` are added to
 * PostgreSQL's own defaults. The caller sees to it that nobody else uses the folder. Throws a StartError.
 */
export async function startCluster(
  folder: string,
  options: { log: Logger; settings?: Record<string, string> },
): Promise<Cluster> {
  const { log, settings = {} } = options
  const data = join(resolve(folder), 'postgres')
  await mkdir(folder, { recursive: true })
  const { initdb, postgres } = await findBinaries()
  const account = await chooseAccount(data, [initdb, postgres, resolve(folder)], log)
  const password = await initialise(initdb, account, data)
  await clearOrphan(data, log)
  const { port, stop } = await startPostmaster({ postgres, account, data, settings, log })
  const superuserUrl = `postgresql://${ROLE}:${password}@127.0.0.1:${port}/postgres`
  try {
    return { url: await ensureAppRole(superuserUrl), superuserUrl, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/** Where the cluster of a folder is reached that somebody else runs; undefined where it is still on its way. */
export async function runningCluster(folder: string): Promise<string | undefined> {
  const file = (name: string) => readFile(join(folder, name), 'utf8').catch(() => '')
  const [, , , port] = (await file('postgres/postmaster.pid')).split('\n')
  const password = (await file('postgres.password')).trim()
  if (!port || !password) return undefined
  return appUrl(`postgresql://${ROLE}:${password}@127.0.0.1:${port}/postgres`).href
}
