/**
 * Whether `dist/apps` is what the sources would make: a stamp beside the apps says which files they were made of, and
 * the hash over them.
 */
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'

export const root = join(import.meta.dirname, '..')
export const builtFolder = join(root, 'dist/apps')

/** Beside the files that the build has read: what decides how they are built. */
const always = ['package-lock.json', 'scripts/build-apps.ts', 'scripts/apps-stamp.ts']

type Stamp = {
  /** Paths from the root, of files outside `client/`. */
  shared: string[]
  hash: string
}

/** Notes in `folder` of which state of the sources it is made. `modules`: paths from the root that the build has read. */
export async function writeStamp(folder: string, modules: readonly string[], base = root): Promise<void> {
  const shared = modules.filter((path) => !path.startsWith('client/')).sort()
  const stamp: Stamp = { shared, hash: hashOf(shared, base) }
  await writeFile(join(folder, 'stamp.json'), JSON.stringify(stamp))
}

/** True where the apps are missing, or a file that they are made of has changed, come or gone. */
export function isStale(folder = builtFolder, base = root): boolean {
  const file = join(folder, 'stamp.json')
  if (!existsSync(file)) return true
  try {
    const { shared, hash } = JSON.parse(readFileSync(file, 'utf8')) as Stamp
    return hash !== hashOf(shared, base)
  } catch {
    return true
  }
}

/** Any file of `client/` may be one that the apps are made of; a new file of `src/` is not, until one of these names it. */
function hashOf(shared: readonly string[], base: string): string {
  const hash = createHash('sha256')
  const client = readdirSync(join(base, 'client'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(base.length + 1))
  for (const path of [...always, ...client.sort(), ...shared]) {
    const file = join(base, path)
    hash
      .update(`${path}\0`)
      .update(existsSync(file) ? readFileSync(file) : '')
      .update('\0')
  }
  return hash.digest('hex')
}
