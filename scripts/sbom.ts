/**
 * `npm run sbom`: what is shipped, as a CycloneDX document (dist/sbom.cdx.json): every package that is installed beside
 * the development tools, and every one that the till and the console are made of, with its licence and hash. npm makes
 * it from the lockfile, without a network.
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'

export type Component = {
  'bom-ref': string
  name: string
  version: string
  hashes?: { alg: string; content: string }[]
  licenses?: ({ license: { id?: string; name?: string } } | { expression: string })[]
}
export type Sbom = {
  bomFormat: 'CycloneDX'
  metadata: { component: { name: string; version: string; type: string } }
  components: Component[]
  dependencies: { ref: string; dependsOn: string[] }[]
}

const root = join(import.meta.dirname, '..')

type Locked = { name?: string; version: string; dev?: boolean } & Partial<
  Record<'dependencies' | 'peerDependencies', Record<string, string>>
>

const inModules = /(^|\/)node_modules\/(@[^/]+\/)?[^/]+$/
const nameOf = (folder: string) => folder.replace(/.*node_modules\//, '')

/** What the service worker of the till is made of, by workbox. */
const ofServiceWorker = ['core', 'precaching', 'routing', 'strategies'].map((part) => `workbox-${part}`)

/** The packages that files of the apps name. */
function namedByApps(): string[] {
  const folder = join(root, 'client')
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  const texts = files
    .filter((file) => /\.(tsx?|css)$/.test(file) && file !== 'vite.config.ts')
    .map((file) => readFileSync(join(folder, file), 'utf8'))
  const named = /(?:from |import |import\(|url\()['"]((?:@[^/'"]+\/)?[^./'"][^/'"]*)/g
  return texts.flatMap((text) => [...text.matchAll(named)].map(([, name]) => name!))
}

/** Where Node finds a package from another's folder: the nearest; null where it is none of ours. */
function foundFrom(packages: Record<string, Locked>, from: string, name: string): string | null {
  for (let at = from; ; at = at.replace(inModules, '')) {
    const folder = `${at === '' ? '' : `${at}/`}node_modules/${name}`
    if (packages[folder]) return folder
    if (at === '') return null
  }
}

/** The folders of the packages that the till and the console are made of, with what those are made of. */
function inApps(packages: Record<string, Locked>): Set<string> {
  const found = new Set<string>()
  const add = (folder: string | null): void => {
    // Types are left behind when the apps are built.
    if (folder === null || found.has(folder) || nameOf(folder).startsWith('@types/')) return
    found.add(folder)
    const { dependencies, peerDependencies } = packages[folder]!
    for (const name of Object.keys({ ...dependencies, ...peerDependencies }))
      add(foundFrom(packages, folder, name))
  }
  for (const name of [...namedByApps(), ...ofServiceWorker]) add(foundFrom(packages, '', name))
  return found
}

/**
 * By their folders, packages that are shipped: those that are not for development alone, and those that are in the apps.
 * By the lockfile, not npm's `--omit dev`, which also leaves out what a tool needs beside us (ws, zod).
 */
export function shippedPackages(): Map<string, string> {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, Locked>
  }
  const apps = inApps(packages)
  return new Map(
    Object.entries(packages)
      .filter(([folder, { dev }]) => folder !== '' && (!dev || apps.has(folder)))
      .map(([folder, { name, version }]) => [folder, `${name ?? nameOf(folder)}@${version}`]),
  )
}

/** The document. Throws where npm cannot make one: a package is missing, or not what the lockfile says. */
export function makeSbom(): Sbom {
  const args = ['sbom', '--sbom-format', 'cyclonedx', '--sbom-type', 'application']
  const options = { cwd: root, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 } as const
  const { status, stdout, stderr } = spawnSync('npm', args, options)
  if (status !== 0) throw new Error(`npm sbom ended with ${status}: ${stderr.trim()}`)
  const sbom = JSON.parse(stdout) as Sbom
  // npm names it after the folder that it is in.
  sbom.metadata.component.name = 'modula-sync'
  const ours = new Set(shippedPackages().values())
  const components = sbom.components.filter(({ name, version }) => ours.has(`${name}@${version}`))
  const kept = new Set(components.map((each) => each['bom-ref']))
  const dependencies = sbom.dependencies
    .filter(({ ref }) => kept.has(ref) || ref.startsWith('modula-sync@'))
    .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((each) => kept.has(each)) }))
  return { ...sbom, components, dependencies }
}

if (import.meta.main) {
  const file = join(root, 'dist/sbom.cdx.json')
  const sbom = makeSbom()
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, `${JSON.stringify(sbom, null, 2)}\n`)
  console.log(`${relative(process.cwd(), file)}: ${sbom.components.length} packages`)
}
