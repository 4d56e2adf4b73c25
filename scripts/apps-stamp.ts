/**
 * Whether `dist/apps` is what the sources would make: a stamp beside the apps says which files they were made of, and
 * the hash over them.
 */
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'

export const root = join(import.meta.dirname, '..')
export const builtFolder = join(root, 'dist/apps')

export type Stamp = {
  /** The files of `src/` that the apps share, by path from the root. */
  shared: string[]
  /** Names of the packages that they are made of. */
  packages: string[]
  hash: string
}

/** What apps can be made of, as it is now: path from the root -> hash of the content. */
export type Sources = ReadonlyMap<string, string>

export function readSources(base = root): Sources {
  const inFolders = ['client', 'src'].flatMap((folder) =>
    readdirSync(join(base, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => relative(base, join(entry.parentPath, entry.name))),
  )
  const others = ['package-lock.json', 'scripts/build-apps.ts'].filter((path) => existsSync(join(base, path)))
  const hash = (path: string) =>
    createHash('sha256')
      .update(readFileSync(join(base, path)))
      .digest('hex')
  return new Map([...others, ...inFolders.sort()].map((path) => [path, hash(path)]))
}

/**
 * Notes in `folder` what it was made of. `modules`: files that the build has read, by path from the root, those of packages
 * too. `sources`: as they were before it began, for somebody may have changed one since.
 */
export async function writeStamp(
  folder: string,
  modules: readonly string[],
  sources: Sources,
): Promise<void> {
  const shared = modules.filter((path) => path.startsWith('src/')).sort()
  const names = modules.flatMap((path) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? [])
  const packages = [...new Set(names)].sort()
  const stamp: Stamp = { shared, packages, hash: hashOf(shared, sources) }
  await writeFile(join(folder, 'stamp.json'), JSON.stringify(stamp))
}

export const readStamp = (folder = builtFolder) =>
  JSON.parse(readFileSync(join(folder, 'stamp.json'), 'utf8')) as Stamp

/** True where the apps are missing, or a file that they are made of has changed, come or gone. */
export function isStale(folder = builtFolder, sources = readSources()): boolean {
  try {
    const { shared, hash } = readStamp(folder)
    return hash !== hashOf(shared, sources)
  } catch {
    return true
  }
}

/** Any file of `client/` counts; one of `src/` only where it is shared: a new one is not, until one of these names it. */
function hashOf(shared: readonly string[], sources: Sources): string {
  const counted = [...sources].filter(([path]) => !path.startsWith('src/') || shared.includes(path))
  return createHash('sha256').update(JSON.stringify(counted)).digest('hex')
}
