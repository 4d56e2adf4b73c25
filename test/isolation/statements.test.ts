/**
 * Every statement that reaches PostgreSQL, read by PostgreSQL's own parser while the gateway does all that it can do:
 * one statement at a time, what clients sent only as parameters, and each table of tenants asked for by its tenant.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { execute, readCommand } from '../../src/admin/run.ts'
import { loadConfig } from '../../src/config.ts'
import { isDemoOpen } from '../../src/demo/seed.ts'
import { registry } from '../../src/modules/index.ts'
import { createLogger } from '../../src/platform/log.ts'
import { createProcessBus } from '../../src/sync/nudge/process-bus.ts'
import { createReplica } from '../../src/sync/replica.ts'
import { forgetRetold, purge } from '../../src/sync/retention.ts'
import { rebuildStream } from '../../src/sync/stream.ts'
import { Chained } from '../support/chained.ts'
import { type Client, operation, startGateway } from '../support/gateway.ts'
import { gatherPeople, type People } from '../support/people.ts'
import { asNow } from '../support/streams.ts'
import { ask, schemaOf } from './ask.ts'
import { type Field, fields } from './fields.ts'
import { constantsOf, kindsOf, listsTenants, type Parsed, parseSql, untiedTables } from './sql-tree.ts'

const src = join(import.meta.dirname, '../../src')

/** Statements that are about no tenant in particular, each with its reason; nobody from outside reaches them. */
const ofAllTenants: Record<string, RegExp> = {
  'retention looks where something is due': /^select distinct tenant_id as "tenantId", branch_id/,
  'and whose operations are old': /^select tenant_id as "tenantId" from tenant t where exists/,
  'the demo is seeded into what is empty': /^select tenant_id as id from tenant$/,
  'whoever has not signed in is told whether there is anybody':
    /^select exists \(select 1 from tenant\) as tenants/,
  'after a restore every stream begins anew': /^update sync_stream set epoch = gen_random_uuid\(\)$/,
  'whoever runs the gateway sees which tenants there are': /^select t\.tenant_id as tenant, t\.name/,
}

/** What may stand in a statement of src between `${` and `}`: made of declarations, or a number of the code's own. */
const interpolations: Record<string, readonly string[]> = {
  'sync/sql.ts': [
    "columns.join(', ')",
    'selected(table)',
    'table.name',
    'further',
    'within',
    "keys.join(', ')",
    "names.join(', ')",
    "on.join(' and ')",
    'into',
    'values',
    'record',
    'onConflict',
    'ofBranch',
    'told',
    'after',
    'keyColumns',
    'pageSize',
  ],
  'sync/pull.ts': [
    'module',
    'i + 1',
    "isOwn(module) ? 'and (c.owner_id is null or c.owner_id = $6)' : ''",
    'merged',
  ],
  'sync/retention.ts': ['pageSize', 'operationsPage'],
  'modules/closing/export.ts': [
    ...['pageRows', 'longRows', 'numbersOfChains', "ofDays('$5', '$6')", "ofDays('$4', '$5')"],
    ...['statements', 'sales', 'cashMovements', 'supplements'].map((table) => `selected(${table})`),
    "selected(refusals, ['branchId', 'payload', 'message', 'happenedAt'])",
  ],
  'modules/access/caller.ts': ['isToBeEnrolled', "among ? 'and branch_id = any($3)' : ''"],
  'modules/access/sign-in.ts': ['isToBeEnrolled'],
  'modules/access/enrolment.ts': ['maxRequests', 'mostOthersOfPerson'],
  // The rules of locking, in the words of SQL: its constants, a table's alias and a parameter's name.
  'modules/access/tries.ts': [
    "isOpen('t', '$3')",
    "isOver('t', '$3')",
    "lockedUntil('t')",
    "isOver('t', '$1::timestamptz')",
  ],
}

const recorded = new Set<string>()
let statements: Parsed[]
/** With which transactions begin, and which alone have a value as text: whose rows they are about. */
let beginnings: string[]
let tenantTables: Set<string>
let people: People

beforeAll(async () => {
  const { prototype } = pg.Client
  const { query } = prototype
  prototype.query = function (this: pg.Client, ...args: unknown[]) {
    const [first] = args
    recorded.add(typeof first === 'string' ? first : String((first as { text?: string }).text))
    return Reflect.apply(query, this, args)
  } as typeof query
  try {
    // With a clock of its own it makes the café itself, which is part of what is looked at.
    people = await gatherPeople(await startGateway({ clock: () => new Date() }))
    await doEverything(people)
  } finally {
    prototype.query = query
  }
  const { db } = people.gateway.app
  const columns = await db.everyTenant.rows<{ table: string }>(
    // Partitions are reached by their table, and go where it goes.
    `select table_name as table from information_schema.columns join pg_class on oid = table_name::regclass and not relispartition
     where table_schema = 'public' and column_name = 'tenant_id'`,
    [],
  )
  tenantTables = new Set(columns.map(({ table }) => table))
  // The database that the test itself made.
  const isBeginning = (text: string) => text.startsWith('begin; set local modula.')
  beginnings = [...recorded].filter(isBeginning)
  const sent = [...recorded].filter((text) => !isBeginning(text) && !text.startsWith('CREATE DATABASE test_'))
  statements = await Promise.all(sent.map(parseSql))
})
afterAll(() => people?.gateway.close())

/** All fields as one who may, what can be queued, pulls of all kinds, and what runs in the background. */
async function doEverything({ gateway, by, nobody }: People): Promise<void> {
  const schema = await schemaOf(nobody)
  // Somebody listens, so that where the heads of streams are is asked after a change of the whole tenant.
  const everywhere = { tenantId: 'demo', branchId: null, modules: null }
  const stopListening = gateway.app.services.hub.subscribe(everywhere, () => {})
  const right = (field: Field): Client => (field.may === 'anyone' ? nobody : by.ADMIN)
  for (const field of fields.filter(({ name }) => !name.startsWith('Subscription.'))) {
    const args = await field.args(people, by.ADMIN)
    await ask(right(field), schema, field, args)
    await field.undo?.(people)
  }
  await by.STAFF.send(by.STAFF.pullQuery, {
    input: {
      tenantId: 'demo',
      branchId: 'riverside',
      deviceId: by.STAFF.deviceId,
      moduleScopes: ['ATTENDANCE'],
    },
  })
  const { cursor } = await by.ADMIN.pullAll({ limit: 40 })
  await by.ADMIN.push([
    operation('attendance.startWork', { no: 'such' }),
    operation('nothing.ofThisName', {}),
    ...new Chained(by.ADMIN.deviceId, 'demo-admin').links([operation('nothing.ofThisName', {})]),
  ])
  await by.ADMIN.pull({ cursor })
  await gateway.app.services.checkpoints.flush()
  const { db } = gateway.app
  await fetch(gateway.url.replace(/graphql$/, 'welcome.json'))
  await isDemoOpen(db)
  // How far a replica is, asked of one that is none.
  const bus = createProcessBus({ log: createLogger('silent') })
  const asReplica = { primary: db.own, replica: db, bus, maxLagMs: 1_000, onChange: () => {} }
  await createReplica(asReplica).close()
  for (const line of operatorsLines) {
    const asked = readCommand(line.split(' '))!
    await execute(db, asked, { config: loadConfig({}), at: new Date() })
  }
  await purge(db, { tombstoneDays: 0, feedDays: 0 }, new Date(Date.now() + 86_400_000))
  await forgetRetold(db, 0, new Date(Date.now() + 86_400_000))
  await db.tenant('demo').transaction((tx) => rebuildStream(tx, registry, 'demo', 'riverside', asNow()))
  stopListening()
}

/** One of each kind of command that whoever runs the gateway has. */
const operatorsLines = [
  'tenant list',
  'tenant create another --name Another --branch first',
  'tenant freeze another',
  'branch list another',
  'branch add another second --name Second',
  'person list another',
  'person change another admin --name Owner',
  'device list another',
  'device let-in another nobody',
  'proof another first --from 2026-11-28 --to 2026-11-28 --file proof --dry-run',
  'epoch another',
  'epoch',
]

/** The statements in the sources, by file: the text between its quotes, with what is put into it. */
function written(): { file: string; text: string; into: string[] }[] {
  const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter(
    (name) =>
      name.endsWith('.ts') &&
      !name.startsWith('generated') &&
      !name.startsWith('platform/embedded') &&
      // Of all that there is, and by nobody but whoever runs it: test/admin/backup.test.ts.
      !['admin/backup.ts', 'admin/export.ts'].includes(name) &&
      // Of the catalogue: test/admin/trail.test.ts, and after migrations test/isolation/row-security.test.ts.
      name !== 'admin/trail.ts' &&
      name !== 'platform/row-security.ts',
  )
  return files.flatMap((file) => {
    const code = readFileSync(join(src, file), 'utf8')
    const found = code.matchAll(/([`'"])\(?\s*((?:select|insert into|update|delete from|with) [\s\S]*?)\1/g)
    return [...found]
      .map(([, , text = '']) => text)
      .filter((text) => /\b(from|into|set|as) /.test(text))
      .map((text) => ({
        file,
        text,
        into: [...text.matchAll(/\$\{([^}]*)\}/g)].map(([, each]) => each!.trim()),
      }))
  })
}

const squeezed = (text: string) => text.replaceAll(/\s+/g, ' ').trim()

/** Whether a recorded statement is, or has, what a source says. */
function isMadeOf(statement: string, text: string): boolean {
  const fixed = squeezed(text)
    .split(/\$\{[^}]*\}/)
    .map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  return new RegExp(fixed.join('[\\s\\S]*?')).test(squeezed(statement))
}

describe('every statement', () => {
  it('in the sources was sent', () => {
    const sources = written()
    expect(sources.length).toBeGreaterThan(25)
    const sent = [...recorded]
    const unseen = sources.filter(({ text }) => !sent.some((statement) => isMadeOf(statement, text)))
    expect(unseen.map(({ file, text }) => `${file}: ${squeezed(text).slice(0, 100)}`)).toEqual([])
  })

  it('in the sources is put together from nothing but declarations', () => {
    const others = written().flatMap(({ file, into }) =>
      into.filter((each) => !interpolations[file]?.includes(each)).map((each) => `${file}: ${each}`),
    )
    expect(others).toEqual([])
  })

  it('is one statement that reads, writes or counts rows', () => {
    const kinds = new Set(statements.flatMap(kindsOf))
    for (const kind of kinds)
      expect([
        'SelectStmt',
        'InsertStmt',
        'UpdateStmt',
        'DeleteStmt',
        'TransactionStmt',
        'VariableSetStmt',
        // Of which only the counting of a table is one that the gateway's role is for: no rows are told.
        'VacuumStmt',
      ]).toContain(kind)
    expect(statements.filter((each) => kindsOf(each).length !== 1).map(({ text }) => text)).toEqual([])
  })

  it('has values as parameters: each text in it is written in the sources', () => {
    const code = readdirSync(src, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && !name.startsWith('generated'))
      .map((name) => readFileSync(join(src, name), 'utf8'))
      .join('\n')
    const strange = statements.flatMap(({ text, tree }) =>
      constantsOf(tree)
        .filter((value) => !code.includes(`'${value}'`))
        .map((value) => ({ value, text })),
    )
    expect(strange).toEqual([])
  })

  it('is about the tenant that its transaction began with, or expressly about all', () => {
    const quoted = (text: string) => text.replace(/^begin; set local modula\.tenant = /, '')
    for (const text of beginnings)
      expect(
        text === `begin; set local modula.every_tenant = 'on'` || /^'[^'\\]*'$/.test(quoted(text)),
        text,
      ).toBe(true)
    expect(beginnings).toContain(`begin; set local modula.tenant = 'demo'`)
    expect(recorded.has('begin')).toBe(false)
  })

  it('asks each table of tenants by its tenant', () => {
    expect(tenantTables.size).toBeGreaterThan(20)
    const excused = (text: string) =>
      Object.values(ofAllTenants).some((reason) => reason.test(squeezed(text)))
    const untied = statements
      .filter(({ text }) => !excused(text))
      .flatMap(({ text, tree }) =>
        untiedTables(tree, tenantTables).map((table) => `${table}: ${squeezed(text).slice(0, 300)}`),
      )
    expect(untied).toEqual([])
    const seen = (pattern: RegExp) => statements.some(({ text }) => pattern.test(squeezed(text)))
    expect(Object.entries(ofAllTenants).filter(([, pattern]) => !seen(pattern))).toEqual([])
  })
})

describe('where tenants are spread over several databases (docs/citus.md)', () => {
  it('a statement is about one tenant, so that it goes to one of them', async () => {
    expect(statements.filter(({ tree }) => listsTenants(tree)).map(({ text }) => text)).toEqual([])
    const of = async (text: string) => listsTenants((await parseSql(text)).tree)
    expect(await of('select 1 from unnest($1::text[], $2::text[]) as x(tenant_id, id)')).toBe(true)
    expect(await of('select 1 from unnest($1::text[]) as x(id)')).toBe(false)
  })

  it('each table of tenants is distributed, and its keys, unique or to another, begin with the tenant', async () => {
    const { db } = people.gateway.app
    const said = readFileSync(join(src, '../docs/citus.md'), 'utf8')
    const distributed = [...said.matchAll(/^select create_distributed_table\('(\w+)', 'tenant_id'/gm)]
    const views = await db.everyTenant.rows<{ name: string }>(
      `select table_name as name from information_schema.views where table_schema = 'public'`,
      [],
    )
    const tables = [...tenantTables].filter((table) => !views.some(({ name }) => name === table))
    expect(distributed.map(([, table]) => table).sort()).toEqual(tables.sort())
    const keys = await db.everyTenant.rows<{ table: string; first: string }>(
      `select c.relname as table, a.attname as first from pg_index i join pg_class c on c.oid = i.indrelid
       join pg_attribute a on a.attrelid = c.oid and a.attnum = i.indkey[0]
       where i.indisunique and c.relnamespace = 'public'::regnamespace
       union all
       select c.relname, a.attname from pg_constraint k join pg_class c on c.oid = k.conrelid
       join pg_attribute a on a.attrelid = c.oid and a.attnum = k.conkey[1]
       where k.contype = 'f' and c.relnamespace = 'public'::regnamespace`,
      [],
    )
    expect(keys.filter(({ table, first }) => tenantTables.has(table) && first !== 'tenant_id')).toEqual([])
  })
})

describe('the reading of statements itself', () => {
  const untied = async (text: string) =>
    untiedTables((await parseSql(text)).tree, new Set(['sale', 'branch']))

  it.each([
    'select 1 from sale',
    'select 1 from sale where id = $1',
    "select 1 from sale where tenant_id = 'demo'",
    'select 1 from sale where tenant_id = $1 or id = $2',
    'select 1 from sale where not tenant_id = $1',
    'select 1 from sale where tenant_id not in ($1)',
    'select 1 from sale where tenant_id in ($1, branch_id)',
    'select 1 from sale where tenant_id <> $1',
    'select 1 from sale s join branch b on b.id = s.branch_id where s.tenant_id = $1',
    'select 1 from sale where tenant_id = $1 and id in (select id from branch)',
    'select 1 from sale s join branch b on b.tenant_id = s.tenant_id',
    'select 1 from sale s join branch b using (tenant_id, id)',
    'update sale set id = $1',
    'delete from sale where id = $1',
    'insert into sale (id) values ($1)',
    "insert into sale (tenant_id, id) values ('demo', $1)",
  ])('finds %s', async (text) => {
    expect(await untied(text)).not.toEqual([])
  })

  it.each([
    'select 1 from sale where tenant_id = $1',
    'select 1 from sale where (tenant_id = $1 and id = $2) or (tenant_id = $1 and id = $3)',
    'select 1 from sale s join branch b on b.tenant_id = s.tenant_id and b.id = s.branch_id where s.tenant_id = $1',
    'select 1 from "public"."sale" where ("public"."sale"."tenant_id" = $1 and 1=1)',
    'select 1 from sale s join branch b using (tenant_id, id) where s.tenant_id = $1',
    'insert into sale (tenant_id, id) select $1, x.id from unnest($2::text[]) as x(id)',
    'insert into sale (tenant_id, id) values ($1, $2), ($3, $4)',
    'update sale s set id = $2 where s.tenant_id = $1',
    'select 1 from sale where tenant_id in ($1, $2) and id in ($3, $4)',
  ])('is content with %s', async (text) => {
    expect(await untied(text)).toEqual([])
  })
})
