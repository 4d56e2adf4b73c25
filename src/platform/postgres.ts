import { mkdir } from 'node:fs/promises'
import { runningCluster, startCluster } from './embedded/cluster.ts'
import { lockFolder } from './embedded/folder-lock.ts'
import type { Logger } from './log.ts'
import { StartError } from './start-error.ts'

export type Postgres = { url: string; embedded: boolean; stop(): Promise<void> }

/**
 * The database: the server of `databaseUrl`, left as it is, or else an embedded one with its files in `dataDir`, which
 * one gateway at a time may use. Whatever a killed gateway left there is cleared up. With `join`, that of a gateway which
 * runs there is used beside it. Throws a StartError.
 */
export async function openPostgres(options: {
  databaseUrl?: string
  dataDir: string
  log: Logger
  join?: boolean
}): Promise<Postgres> {
  const { databaseUrl, dataDir, log, join = false } = options
  if (databaseUrl) return { url: databaseUrl, embedded: false, stop: async () => {} }

  const unlock = await lock(dataDir)
  const url = unlock === undefined && join ? await runningCluster(dataDir) : undefined
  if (url) return { url, embedded: true, stop: async () => {} }
  if (!unlock)
    throw new StartError(
      `DATA_DIR is "${dataDir}", which another gateway is using: stop that one, or set another DATA_DIR or a DATABASE_URL`,
    )
  try {
    const cluster = await startCluster(dataDir, { log })
    const end = async () => {
      await cluster.stop()
      unlock()
    }
    let ended: Promise<void> | undefined
    return { url: cluster.url, embedded: true, stop: () => (ended ??= end()) }
  } catch (error) {
    unlock()
    const { code, path } = error as NodeJS.ErrnoException
    if (code !== 'EACCES' && code !== 'EPERM') throw error
    throw new StartError(
      `DATA_DIR is "${dataDir}", where ${path} is another user's (${code}): start as that user, or set another DATA_DIR`,
      { cause: error },
    )
  }
}

/** What lets the folder go again; undefined where somebody else has it. */
function lock(dataDir: string): Promise<(() => void) | undefined> {
  return mkdir(dataDir, { recursive: true })
    .then(() => lockFolder(dataDir))
    .catch((cause) => {
      throw new StartError(`DATA_DIR is "${dataDir}", which cannot be written: ${cause.message}`, { cause })
    })
}
