/**
 * `npm pack`: the package, JavaScript with declarations: the client for tills and tools of others, and the gateway for
 * whoever adds modules of their own to it. What the gateway alone needs are its optional dependencies: a till installs
 * it with `--omit=optional`.
 *
 * npm packs with the package.json that it finds, and the repository's points at sources and names what the gateway
 * needs. So `prepack` builds, then puts the package's own manifest in its place, and `postpack` puts it back. Where npm
 * stops between the two, `npm run postpack` or the next `npm pack` does.
 */
import { spawnSync } from 'node:child_process'
import {
  copyFileSync,
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const built = join(root, 'dist/package')
const manifestFile = join(root, 'package.json')
/** The repository's manifest, while the package's is in its place. */
const asideFile = join(root, 'dist/package.json')

type Manifest = {
  exports: Record<string, string>
  files?: string[]
  dependencies: Record<string, string>
  devDependencies: Record<string, string>
  [field: string]: unknown
}
const isPackages = ({ files }: Manifest): boolean => files !== undefined
const readManifest = (): Manifest => JSON.parse(readFileSync(manifestFile, 'utf8'))

/** What only one of the entries needs, and whoever uses it has anyway. */
const peers: Record<string, string> = { react: '>=19' }
/** What the client imports. */
let needed: readonly string[] = []

switch (process.argv[2]) {
  case 'prepack':
    restore()
    refuseLostTarball()
    build()
    swap()
    break
  case 'postpack':
    restore()
    break
  default:
    throw new Error('package.ts prepack | postpack')
}

/** npm would find out only after the manifests were swapped, and leave it so. */
function refuseLostTarball(): void {
  const folder = process.env.npm_config_pack_destination
  if (folder && !existsSync(folder)) fail(`there is no folder ${folder}`)
}

function build(): void {
  rmSync(built, { recursive: true, force: true })
  compile('client', 'tsconfig.package.json')
  needed = importedPackages()
  compile('gateway', 'tsconfig.package-gateway.json')
  cpSync(join(root, 'prisma/migrations'), join(built, 'prisma/migrations'), { recursive: true })
}

function compile(what: string, project: string): void {
  const { status } = spawnSync('tsc', ['--project', project], { cwd: root, stdio: 'inherit' })
  if (status !== 0) fail(`the ${what} could not be built`)
}

function swap(): void {
  const {
    name,
    version,
    license,
    type,
    private: isPrivate,
    engines,
    exports,
    dependencies,
    devDependencies,
    scripts,
  } = readManifest()
  const known = { ...devDependencies, ...dependencies }
  const { prepack, postpack } = scripts as Record<string, string>
  const manifest = {
    name,
    version,
    description:
      'The modula-sync gateway and its client: a durable queue and a local view, for tills that go offline.',
    license,
    type,
    private: isPrivate,
    engines,
    sideEffects: false,
    exports: Object.fromEntries(Object.entries(exports).map(([entry, path]) => [entry, inPackage(path)])),
    files: ['dist/package'],
    scripts: { prepack, postpack },
    dependencies: Object.fromEntries(
      needed.filter((each) => !(each in peers)).map((each) => [each, `^${versionOf(each, known)}`]),
    ),
    optionalDependencies: Object.fromEntries(
      Object.entries(dependencies)
        .filter(([each]) => !needed.includes(each))
        .map(([each, exact]) => [each, `^${exact}`]),
    ),
    peerDependencies: peers,
    peerDependenciesMeta: Object.fromEntries(Object.keys(peers).map((each) => [each, { optional: true }])),
  }
  copyFileSync(manifestFile, asideFile)
  writeFileSync(`${manifestFile}.new`, `${JSON.stringify(manifest, null, 2)}\n`)
  renameSync(`${manifestFile}.new`, manifestFile)
}

/** Puts the repository's manifest back where the package's is in its place; somebody may have done so by hand. */
function restore(): void {
  if (!existsSync(asideFile)) return
  if (isPackages(readManifest())) renameSync(asideFile, manifestFile)
  else rmSync(asideFile)
}

/** `./client/sdk/index.ts` as it was built. */
function inPackage(path: string): string | { types: string; default: string } {
  if (!path.endsWith('.ts')) return path
  const stem = path.replace('./', './dist/package/').replace(/\.ts$/, '')
  return { types: `${stem}.d.ts`, default: `${stem}.js` }
}

/** The names of the packages that the files built so far import, Node's own left out. */
function importedPackages(): string[] {
  const names = new Set<string>()
  for (const file of readdirSync(built, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.js')) continue
    const text = readFileSync(join(built, file), 'utf8')
    for (const [, name = ''] of text.matchAll(/\b(?:from|import)\s*\(?\s*'((?:@[^/']+\/)?[^./'][^/']*)/g))
      if (!name.startsWith('node:')) names.add(name)
  }
  return [...names].sort()
}

function versionOf(name: string, dependencies: Record<string, string>): string {
  return dependencies[name] ?? fail(`the client imports ${name}, which is none of the dependencies`)
}

function fail(reason: string): never {
  console.error(`not packed: ${reason}`)
  process.exit(1)
}
