/** Who may import whom, on the client's side. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '../..')

const client = readdirSync(join(root, 'client'), { recursive: true, encoding: 'utf8' })
  .map((name) => join('client', name))
  .filter((name) => /(?<!\.d)\.tsx?$/.test(name) && name !== 'client/vite.config.ts')
  .sort()
const isIn =
  (...folders: string[]) =>
  (path: string) =>
    folders.some((folder) => path.startsWith(`${folder}/`))
const filesOf = (...folders: string[]) => client.filter(isIn(...folders))

/** What a file imports at run time: files of the project by their path in it, packages by the name that is written. */
function importsOf(file: string): string[] {
  const text = readFileSync(join(root, file), 'utf8')
  const statics = text.matchAll(/^(?:import|export)\s+(?!type\s)(?:[^'";]*?\sfrom\s+)?['"]([^'"]+)['"]/gm)
  const dynamics = text.matchAll(/\bimport\(\s*['"]([^'"]+)['"]/g)
  return [...statics, ...dynamics].map(([, from]) =>
    from!.startsWith('.') ? relative(root, resolve(join(root, dirname(file)), from!)) : from!,
  )
}

const isProjectFile = (path: string) => /\.tsx?$/.test(path) && existsSync(join(root, path))

/** Imports of these files that are not allowed, as `file -> import`. */
const forbidden = (files: readonly string[], allowed: (from: string) => boolean) =>
  files.flatMap((file) =>
    importsOf(file)
      .filter((from) => !allowed(from))
      .map((from) => `${file} -> ${from}`),
  )

/** All that these files need when they run, with one that needs it. */
function reachedFrom(starts: readonly string[]): Map<string, string> {
  const reached = new Map(starts.map((file) => [file, file]))
  for (const file of reached.keys())
    if (isProjectFile(file))
      for (const from of importsOf(file)) if (!reached.has(from)) reached.set(from, file)
  return reached
}

const isPackage =
  (...names: string[]) =>
  (from: string) =>
    names.some((name) => from === name || from.startsWith(`${name}/`))
const sdk = isPackage('modula-sync/client')
const hooks = isPackage('modula-sync/react')
const react = isPackage('react')

it('finds imports of every kind, and none that are types only', () => {
  expect(importsOf('client/ui/provider.tsx')).toEqual(
    expect.arrayContaining(['client/ui/fonts.css', 'client/ui/theme.ts', '@mantine/core']),
  )
  expect(importsOf('client/ui/provider.tsx')).not.toContain('i18next')
  expect(filesOf('client/sdk').length).toBeGreaterThan(3)
  expect(filesOf('client/pos').length).toBeGreaterThan(3)
  expect([...reachedFrom(['src/sync/inspect.ts']).keys()]).toContain('node:crypto')
})

/** Files of the SDK for Node alone: a browser's bundler never meets them, as `index.ts` does not import them. */
const nodeOnly = (file: string) => /^client\/sdk\/store\/sqlite[\w-]*\.ts$/.test(file)

describe('the client', () => {
  it('takes from the server only what runs in a browser: no modules of Node, no packages but zod and canonicalize', () => {
    const reached = [...reachedFrom(client.filter((file) => !nodeOnly(file)))]
    const server = new Set(reached.map(([path]) => path).filter(isIn('src')))
    expect(
      reached.filter(([path]) => path.startsWith('node:')).map(([path, file]) => `${file} -> ${path}`),
    ).toEqual([])
    expect(
      forbidden([...server], (from) => isIn('src')(from) || isPackage('zod', 'canonicalize')(from)),
    ).toEqual([])
    for (const file of server)
      expect(readFileSync(join(root, file), 'utf8'), file).not.toMatch(/\b(Buffer|process|setImmediate)[.(]/)
  })

  it('takes nothing from anywhere else of the project', () => {
    const inProject = (from: string) => isProjectFile(from) || from.startsWith('..')
    expect(forbidden(client, (from) => !inProject(from) || isIn('client', 'src')(from))).toEqual([])
  })
})

describe('the SDK', () => {
  it('knows no React, no app and nothing of what they look like', () => {
    const known = (from: string) => isIn('client/sdk', 'src')(from) || !isIn('client')(from)
    expect(forbidden(filesOf('client/sdk'), known)).toEqual([])
    expect(
      forbidden(filesOf('client/sdk'), (from) => !/react|mantine|i18next|wouter|tabler/.test(from)),
    ).toEqual([])
  })
})

/**
 * The floors of the SDK: what each folder needs at run time. Types may be known everywhere; what a part has to say to one
 * above it goes by the news desk and the pulse, which `compose.ts` connects.
 */
const floors: Record<string, readonly string[]> = {
  store: [],
  transport: [],
  'errors.ts': ['store', 'transport'],
  link: ['transport'],
  modules: ['store'],
  cache: ['modules', 'store'],
  outbox: ['cache', 'errors.ts', 'store'],
  state: ['cache', 'errors.ts', 'outbox', 'store'],
  people: ['cache', 'errors.ts', 'store', 'transport'],
  run: ['cache', 'errors.ts', 'modules', 'outbox', 'store', 'transport'],
  tabs: ['errors.ts'],
}

describe('the floors of the SDK', () => {
  const floorOf = (path: string) => relative('client/sdk', path).split('/')[0]!
  const folders = readdirSync(join(root, 'client/sdk'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)

  it.each(Object.entries(floors))('%s needs what stands below it, and no more', (floor, below) => {
    const files = filesOf('client/sdk').filter((file) => floorOf(file) === floor)
    const needed = files.flatMap((file) => importsOf(file).filter(isIn('client/sdk')).map(floorOf))
    expect(files.length).toBeGreaterThan(0)
    expect([...new Set(needed)].filter((each) => each !== floor).sort()).toEqual([...below].sort())
  })

  it('are all named, and none of them stands on itself', () => {
    expect(folders.filter((folder) => !floors[folder])).toEqual([])
    const standsOn = (floor: string): string[] => floors[floor]!.flatMap((each) => [each, ...standsOn(each)])
    for (const floor of Object.keys(floors)) expect(standsOn(floor)).not.toContain(floor)
  })

  it('are put together in one place', () => {
    const makers =
      /\b(createTabs|createLink|createListening|createReporter|loadPeople|new (Runs|Me|Leadership|TokenBook))\(/
    const users = filesOf('client/sdk').filter((file) => {
      const text = readFileSync(join(root, file), 'utf8').replace(/^export (async )?function .*$/gm, '')
      return makers.test(text)
    })
    expect(users).toEqual(['client/sdk/compose.ts'])
  })

  it('have files that can be read at a sitting', () => {
    const long = filesOf('client/sdk', 'client/react').filter(
      (file) =>
        readFileSync(join(root, file), 'utf8').split('\n').length > 400 && !file.includes('/generated/'),
    )
    expect(long).toEqual([])
  })
})

describe('the hooks', () => {
  it('know React and the SDK, and nothing else', () => {
    const allowed = (from: string) => isIn('client/sdk', 'client/react')(from) || sdk(from) || react(from)
    expect(forbidden(filesOf('client/react'), allowed)).toEqual([])
  })
})

describe('what the apps share', () => {
  it('knows neither of them, and no SDK: it is about looks, words and times', () => {
    const allowed = (from: string) =>
      isIn('client/ui')(from) ||
      // What a clock on a branch's wall says.
      from === 'src/modules/tenant/days.ts' ||
      (!isIn('client', 'src')(from) && !sdk(from) && !hooks(from))
    expect(forbidden(filesOf('client/ui'), allowed)).toEqual([])
  })
})

describe.each(['client/pos', 'client/admin'])('%s', (app) => {
  it('takes the SDK and its hooks by their front doors, and nothing from the other app', () => {
    const doors = ['client/sdk/index.ts', 'client/react/index.ts', 'client/contract.ts']
    const allowed = (from: string) =>
      !isIn('client')(from) || isIn(app, 'client/ui')(from) || doors.includes(from)
    expect(forbidden(filesOf(app), allowed)).toEqual([])
  })

  it('takes from the gateway what the contract gives to everybody, types too', () => {
    const roundTheDoor = filesOf(app).filter((file) =>
      /from '(\.\.\/)+src\//.test(readFileSync(join(root, file), 'utf8')),
    )
    expect(roundTheDoor).toEqual([])
  })
})
