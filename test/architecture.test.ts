/**
 * The promises of the structure: who may import whom, and that what is written down twice agrees.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { printedSchema } from '../src/graphql/printed-schema.ts'
import { cafe, registry } from '../src/modules/index.ts'
import { cafeTill } from '../src/modules/tills.ts'
import * as words from '../src/modules/words.ts'
import { type Database, openDatabase } from '../src/platform/database.ts'
import { migrationDrift } from '../src/platform/migrations.ts'
import { chainTable } from '../src/sync/chain-tables.ts'
import { changeTable } from '../src/sync/feed.ts'
import { grantsOf } from '../src/sync/module.ts'
import { operationRetryTable, operationTable } from '../src/sync/record.ts'
import { type AnyTable, type Column, snake } from '../src/sync/table.ts'
import type { TillEntity, TillModule } from '../src/sync/till.ts'
import { engineCodes, enginePermissions } from '../src/sync/words.ts'
import { createTestDatabase, type TestDatabase } from './support/database.ts'

const { branchTable } = registry
const root = join(import.meta.dirname, '..')
const src = join(root, 'src')

const files = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts') && !name.startsWith('generated'))
  .sort()

type Import = { from: string; typeOnly: boolean }

/** What a file imports: files of src by their path in it, packages by name. */
function importsOf(file: string): Import[] {
  const text = readFileSync(join(src, file), 'utf8')
  return [...text.matchAll(/^(?:import|export)\s+(type\s)?[^'";]*?from\s+'([^']+)'/gm)].map(
    ([, typeOnly, from = '']) => ({
      typeOnly: typeOnly !== undefined,
      from: from.startsWith('.') ? relative(src, resolve(join(src, dirname(file)), from)) : from,
    }),
  )
}

/** Imports of these files that no rule allows, as `file -> import`. */
const forbidden = (among: (file: string) => boolean, allowed: (from: string, of: Import) => boolean) =>
  files.filter(among).flatMap((file) =>
    importsOf(file)
      .filter((each) => !allowed(each.from, each))
      .map(({ from }) => `${file} -> ${from}`),
  )

const isIn =
  (...folders: string[]) =>
  (path: string) =>
    folders.some((folder) => path.startsWith(`${folder}/`))

/** Hashing is arithmetic. */
const isHash = (path: string) => path.startsWith('@noble/hashes/') || path === 'canonicalize'
const isZod = (from: string) => from === 'zod/mini' || from === 'zod/v4/locales/en.js'

/** All that a file needs when it runs: itself, what it imports, and so on. */
function reachedFrom(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return seen
  seen.add(file)
  for (const { from, typeOnly } of files.includes(file) ? importsOf(file) : [])
    if (!typeOnly) reachedFrom(from, seen)
  return seen
}

/** What of all that these files reach is there only where Node is: its modules and globals, other packages. */
function needsNode(starts: readonly string[]): string[] {
  const browserClean = (path: string) =>
    files.includes(path)
      ? !/\b(Buffer|process|global|setImmediate)[.(]/.test(readFileSync(join(src, path), 'utf8'))
      : isZod(path) || isHash(path)
  return starts.flatMap((file) =>
    [...reachedFrom(file)].filter((path) => !browserClean(path)).map((path) => `${file} reaches ${path}`),
  )
}

describe('what can be read at a sitting', () => {
  const folders = ['src', 'client', 'scripts', 'replay', 'examples', 'bench']
  /** One file on purpose: who audits reads it by itself. */
  const whole = ['scripts/verify.ts']

  it('files have 400 lines at most; functions have 70 by the linter', () => {
    const lines = folders
      .flatMap((folder) =>
        readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) =>
          join(folder, name),
        ),
      )
      .filter((path) => /\.(ts|tsx|js)$/.test(path) && !/(^|\/)(generated|node_modules)\//.test(path))
      .map((path) => ({ path, count: readFileSync(join(root, path), 'utf8').split('\n').length - 1 }))
    expect(lines.length).toBeGreaterThan(500)
    expect(lines.filter(({ path, count }) => count > 400 && !whole.includes(path))).toEqual([])
    const { linter } = JSON.parse(readFileSync(join(root, 'biome.json'), 'utf8'))
    expect(linter.rules.complexity.noExcessiveLinesPerFunction.options).toEqual({ maxLines: 70 })
  })
})

describe('who may import whom', () => {
  it('finds the imports at all', () => {
    expect(importsOf('sync/push.ts').map(({ from }) => from)).toContain('sync/commit.ts')
    expect(importsOf('sync/canonical.ts')).toContainEqual({ from: 'canonicalize', typeOnly: false })
    expect(needsNode(['sync/inspect.ts'])).toContain('sync/inspect.ts reaches node:crypto')
  })

  it('the engine knows no business module, no GraphQL and no service around it', () => {
    expect(forbidden(isIn('sync'), (from) => !isIn('modules', 'graphql', 'demo')(from))).toEqual([])
    const inside = (from: string) =>
      isIn('sync')(from) || !files.includes(from) || from === 'platform/database.ts'
    expect(forbidden(isIn('sync'), inside)).toEqual([])
  })

  describe('what is for any module names nothing of one', () => {
    const own = new Set<string>([...Object.keys(engineCodes), ...enginePermissions, branchTable.change!.kind])
    const names = cafe
      .flatMap(({ operations, tables, scopes = {}, codes = {}, permissions = {}, audits = [] }) => [
        ...operations.map(({ type }) => type),
        ...tables.flatMap(({ change }) => (change ? [change.kind as string] : [])),
        ...[scopes, codes, permissions].flatMap((words) => Object.keys(words)),
        ...audits,
      ])
      .filter((name) => !own.has(name))
    const isNamed = (name: string, text: string) =>
      // What is an English word too is looked for as a name: in quotes.
      /[.A-Z]/.test(name)
        ? new RegExp(`(?<![\\w.])${name.replace('.', '\\.')}(?![\\w.])`).test(text)
        : new RegExp(`['"\`]${name}['"\`]`).test(text)
    const namedIn = (paths: readonly string[]) =>
      paths.flatMap((path) => {
        const text = readFileSync(join(root, path), 'utf8')
        return names.filter((name) => isNamed(name, text)).map((name) => `${path}: ${name}`)
      })

    it('finds names at all', () => {
      expect(names.length).toBeGreaterThan(100)
      expect(isNamed('sale', "kind: 'sale'") && isNamed('sale.void', 'or sale.void, that')).toBe(true)
      expect(namedIn(['src/modules/sale/till.ts'])).toContain('src/modules/sale/till.ts: MENU_ITEM_UNKNOWN')
    })

    it('the engine and its GraphQL', () => {
      expect(namedIn(files.filter(isIn('sync', 'graphql')).map((file) => join('src', file)))).toEqual([])
    })

    it('the SDK and its hooks', () => {
      const sdk = ['client/sdk', 'client/react'].flatMap((folder) =>
        readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
          .filter((name) => name.endsWith('.ts') && !name.includes('generated/'))
          .map((name) => join(folder, name)),
      )
      expect(sdk.length).toBeGreaterThan(60)
      expect(namedIn(sdk)).toEqual([])
      // Nor does it know one by an import: the list of the café's is in one place.
      const shared = ['src/modules/primitives.ts']
      const knowing = sdk.filter((path) =>
        [...readFileSync(join(root, path), 'utf8').matchAll(/from '([^']*src\/modules[^']*)'/g)].some(
          ([, from = '']) => !shared.includes(relative(root, resolve(join(root, dirname(path)), from))),
        ),
      )
      expect(knowing).toEqual(['client/sdk/cafe.ts'])
    })
  })

  it('a contract imports only zod, other contracts and roles', () => {
    const isContract = (path: string) => /^modules\/(.+\/(contract|roles)|primitives)\.ts$/.test(path)
    expect(files.filter(isContract).length).toBeGreaterThan(8)
    expect(forbidden(isContract, (from) => isZod(from) || isContract(from))).toEqual([])
  })

  it('every module with operations has its deciders in decide.ts, and they are called so', () => {
    for (const folder of new Set(files.filter((file) => file.endsWith('/operations.ts')).map(dirname)))
      expect(files, folder).toContain(`${folder}/decide.ts`)
    const definitions = files.filter((file) => /^modules\/.+\/operations\.ts$/.test(file))
    expect(definitions.length).toBeGreaterThan(7)
    for (const file of definitions)
      expect(readFileSync(join(src, file), 'utf8'), file).not.toMatch(/decide\(|decide: (?!decide[A-Z])/)
  })

  it('deciders, and all that they reach, know no SQL, no GraphQL, no platform and no clock', () => {
    const deciders = files.filter((file) => /^modules\/.+\/(decide|gate)\.ts$/.test(file))
    expect(deciders.length).toBeGreaterThan(8)
    const reached = new Set(deciders.flatMap((file) => [...reachedFrom(file)]))
    const isPure = (path: string) => isIn('modules')(path) || isIn('sync')(path)
    expect([...reached].filter((path) => !isPure(path) && !isZod(path) && !isHash(path))).toEqual([])
    // What the device knew of its clock is told to a decider, like the time.
    const engine = ['chain', 'chain-tables', 'clock', 'module', 'state', 'table', 'words'].map(
      (name) => `sync/${name}.ts`,
    )
    expect([...reached].filter((path) => isIn('sync')(path) && !engine.includes(path))).toEqual([])
    for (const file of [...reached].filter(isIn('modules')))
      expect(readFileSync(join(src, file), 'utf8'), file).not.toMatch(
        /new Date\(\)|Date\.now|Math\.random|randomUUID/,
      )
  })

  it('the words that apps and tests have are those of the modules', () => {
    expect(new Map(Object.entries(words.codes))).toEqual(registry.codes)
    expect(words.permissions).toEqual(grantsOf(cafe))
    expect(new Map(Object.entries(words.scopes))).toEqual(registry.scopes)
  })

  it('a till has the words of the gateway: scopes with their rights, kinds in their scopes, and every operation', () => {
    const all: readonly TillModule[] = cafeTill
    const scopes = Object.assign({}, ...all.map((module) => module.scopes))
    expect(scopes).toEqual(Object.fromEntries(registry.scopes))
    const fed = registry.tables.flatMap((table) => (table.change ? [table] : []))
    const shown = cafeTill.flatMap((module) => module.entities as readonly TillEntity[])
    expect(new Set(shown.map(({ table }) => table))).toEqual(new Set(fed))
    const till: readonly TillModule[] = cafeTill
    const known = till.flatMap(({ operations = [], online = {} }) => [
      ...operations.map(({ definition }) => definition.type),
      ...Object.keys(online),
    ])
    expect(known.sort()).toEqual([...registry.operations.keys()].sort())
  })

  it('a rejection has a code that its module, or one that it builds on, has among its words', () => {
    const said = files.filter(isIn('modules')).flatMap((file) => {
      const text = readFileSync(join(src, file), 'utf8')
      return [...text.matchAll(/\breject\(\s*'([A-Z_]+)'/g)].map(([, code = '']) => [file, code] as const)
    })
    expect(said.length).toBeGreaterThan(50)
    expect(said.filter(([, code]) => !registry.codes.has(code))).toEqual([])
  })

  it('only the GraphQL side of a module knows GraphQL', () => {
    const others = (path: string) => isIn('modules')(path) && !path.endsWith('/graphql.ts')
    const isList = (path: string, { typeOnly }: Import) => path === 'graphql/builder.ts' && typeOnly
    expect(
      forbidden(
        others,
        (from, of) => isList(from, of) || (!isIn('graphql')(from) && !from.startsWith('graphql')),
      ),
    ).toEqual([])
  })

  it('what the client shares runs without Node', () => {
    const shared = files.filter((path) =>
      /(contract|roles|primitives|pricing|words|canonical|chain|naming)\.ts$/.test(path),
    )
    expect(needsNode(shared)).toEqual([])
  })

  it('what the till decides with runs without Node', () => {
    const deciding = ['modules/tills.ts', 'sync/till.ts', 'sync/state.ts']
    expect(files).toEqual(expect.arrayContaining(deciding))
    expect([...reachedFrom('modules/tills.ts')]).toContain('modules/sale/decide.ts')
    expect(needsNode(deciding)).toEqual([])
  })
})

describe('what is written down twice agrees', () => {
  let database: TestDatabase
  let db: Database

  beforeAll(async () => {
    database = await createTestDatabase()
    db = openDatabase({ url: database.url, poolSize: 1, statementTimeoutMs: 10_000, lockTimeoutMs: 10_000 })
  })
  afterAll(async () => {
    await db.close()
    await database.drop()
  })

  it('the migrations and the models', async () => {
    expect(await migrationDrift(database.superuserUrl)).toBeNull()
  })

  const tables: AnyTable[] = [
    ...registry.tables,
    changeTable,
    operationTable,
    operationRetryTable,
    chainTable,
  ]
  /** What gateways of the edition before read while they are replaced; it goes with the next. */
  const former: Record<string, string[]> = { member: ['branch_ids'] }
  /** What no decision writes, but retention. */
  const ofRetention: Record<string, string[]> = { sync_operation: ['retold'] }
  it.each(tables.map((table) => [table.name, table] as const))(
    'the declaration of %s and its columns',
    async (_, table) => {
      const columns = await db.everyTenant.rows<{
        name: string
        type: string
        nullable: boolean
        generated: boolean
      }>(
        `select a.attname as name, format_type(a.atttypid, null) as type, not a.attnotnull as nullable,
         coalesce(pg_get_serial_sequence($1, a.attname), '') <> '' as generated
       from pg_attribute a where a.attrelid = $1::text::regclass and a.attnum > 0 and not a.attisdropped`,
        [table.name],
      )
      const actual = new Map(
        columns.filter(({ generated }) => !generated).map(({ name, ...rest }) => [name, rest]),
      )
      const declared = Object.entries(table.columns as Record<string, Column<unknown>>)
      expect(actual.delete('tenant_id')).toBe(true)
      for (const name of [...(former[table.name] ?? []), ...(ofRetention[table.name] ?? [])])
        expect(actual.delete(name), name).toBe(true)
      expect([...actual.keys()].sort()).toEqual(declared.map(([name]) => snake(name)).sort())

      const spelled: Record<string, string> = {
        int: 'integer',
        timestamptz: 'timestamp with time zone',
        'json as text': 'json',
      }
      for (const [name, { sql, nullable }] of declared) {
        const column = actual.get(snake(name))
        expect(column?.type, name).toBe(spelled[sql] ?? sql)
        // Prisma declares lists without NOT NULL.
        if (!sql.endsWith('[]')) expect(column?.nullable, name).toBe(nullable)
      }
    },
  )

  it.each(tables.filter(({ key }) => key.length > 0).map((table) => [table.name, table] as const))(
    'the key of %s and its primary key',
    async (_, table) => {
      const key = await db.everyTenant.rows<{ name: string }>(
        `select a.attname as name from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = any(i.indkey)
         where i.indrelid = $1::text::regclass and i.indisprimary`,
        [table.name],
      )
      expect(key.map(({ name }) => name).sort()).toEqual(['tenant_id', ...table.key.map(snake)].sort())
    },
  )

  it('schema.graphql and the schema that is served (npm run schema:print)', () => {
    expect(readFileSync(join(root, 'schema.graphql'), 'utf8')).toBe(printedSchema())
  })
})

describe('tests', () => {
  it('that are tried again in CI are those that run in Chromium, and no others', () => {
    const tests = readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.test\.tsx?$/.test(name))
      .map((name) => ({ name, text: readFileSync(join(root, 'test', name), 'utf8') }))
    const tagged = tests.filter(({ text }) => text.includes('@module-' + 'tag browser'))
    const inChromium = tests.filter(
      ({ name, text }) => /launchChromium\(/.test(text) || name.startsWith('e2e/'),
    )
    expect(tagged.length).toBeGreaterThan(0)
    for (const { name } of inChromium) expect(tagged.map((each) => each.name)).toContain(name)
    expect(tagged.filter(({ name }) => /^(sync|concurrency|spec|isolation|guards)\//.test(name))).toEqual([])
  })
})
