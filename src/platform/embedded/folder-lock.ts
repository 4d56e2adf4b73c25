import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

/**
 * Holds a folder for this process. Returns what lets it go, or undefined when another process holds it.
 * The lock is SQLite's on a file, because the system drops it when the process ends, however it ends, and it works on
 * every platform. A pid file cannot do that: after a SIGKILL its number may be somebody else's, in a container soon.
 */
export function lockFolder(folder: string): (() => void) | undefined {
  const file = new DatabaseSync(join(folder, 'gateway.lock'), { timeout: 0 })
  try {
    file.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE')
    return () => file.close()
  } catch (error) {
    file.close()
    if ((error as { errcode?: number }).errcode === SQLITE_BUSY) return undefined
    throw error
  }
}

const SQLITE_BUSY = 5
