/**
 * `npm run sbom`: what is shipped, as a CycloneDX document (dist/sbom.cdx.json): every package that is installed beside
 * the development tools, with its licence and hash. npm makes it from the lockfile, without a network.
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
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

/**
 * Names with versions of what is not for development alone. By the lockfile, not npm's `--omit dev`, which also leaves
 * out what a tool needs beside us (ws, zod).
 */
function shipped(): Set<string> {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'))
  return new Set(
    Object.entries<{ name?: string; version: string; dev?: boolean }>(packages)
      .filter(([folder, { dev }]) => folder !== '' && !dev)
      .map(([folder, { name, version }]) => `${name ?? folder.replace(/.*node_modules\//, '')}@${version}`),
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
  const ours = shipped()
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
