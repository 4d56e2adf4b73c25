/** What an operator sees: refused sign-ins, rejections and deferrals are each a line and a metric, without what was typed. */
import { readFileSync } from 'node:fs'
import { Writable } from 'node:stream'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { createApp } from '../../src/app.ts'
import { loadConfig } from '../../src/config.ts'
import { createLogger } from '../../src/platform/log.ts'
import { push } from '../../src/sync/push.ts'
import { openSession } from '../support/cafe.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { type Clients, clientsOf } from '../support/gateway.ts'

let database: TestDatabase
let app: Awaited<ReturnType<typeof createApp>>
let url: string
let clients: Clients
const lines: string[] = []

const log = createLogger(
  'info',
  new Writable({
    write(line, _, done) {
      lines.push(String(line))
      done()
    },
  }),
)

beforeAll(async () => {
  database = await createTestDatabase('demo')
  const config = loadConfig({ PORT: '0', RATE_LIMIT_PER_SECOND: '0', SLOW_STATEMENT_MS: '50' })
  app = await createApp({ config, databaseUrl: database.url, log })
  url = (await app.listen()).url
  clients = clientsOf(`${url}/graphql`)
})
afterAll(async () => {
  await app.close()
  await database.drop()
})

const metrics = async () => (await fetch(new URL('/metrics', url))).text()

/** Each `name{label="one|or|another"}` that an alert counts, as the series that it means. */
function countedByAlerts(): string[] {
  const alerts = readFileSync(new URL('../../deploy/prometheus/alerts.yml', import.meta.url), 'utf8')
  return [...alerts.matchAll(/(modula_\w+_total)\{(\w+)=~?"([^"]+)"\}/g)].flatMap(([, name, label, values]) =>
    values!.split('|').map((value) => `${name}{${label}="${value}"`),
  )
}

it('what alerts count begins at 0: in a series that appears with its first count they would see no increase', async () => {
  const series = (await metrics()).split('\n').map((line) => line.replace(/\{.*(code=)/, '{$1'))
  expect(countedByAlerts().length).toBeGreaterThan(3)
  for (const counted of countedByAlerts())
    expect(
      series.filter((line) => line.startsWith(counted)),
      counted,
    ).toEqual(expect.arrayContaining([expect.stringMatching(/ 0$/)]))
  for (const reason of ['OVERLOADED', 'BUSY', 'UNAVAILABLE'])
    expect(series).toContain(`modula_deferred_total{reason="${reason}"} 0`)
})

it('metrics are called as Prometheus has it', async () => {
  const types = [...(await metrics()).matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name, type]) => ({
    name: name!,
    type: type!,
  }))
  expect(types.length).toBeGreaterThan(40)
  expect(types.filter(({ name, type }) => (type === 'counter') !== name.endsWith('_total'))).toEqual([])
})

it('five wrong PINs and the lock', async () => {
  for (let i = 0; i < 6; i++)
    await expect(clients.as('cashier-2', { pin: '739173917391', deviceId: 'till-7' })).rejects.toThrow()
  expect(await metrics()).toContain('modula_sign_ins_total{result="WRONG"} 5')
  expect(await metrics()).toContain('modula_sign_ins_total{result="LOCKED"} 1')
  // Typed into the field beside it, too.
  await expect(clients.as('cashier-2', { tenantId: '739173917391', deviceId: 'till-7' })).rejects.toThrow()
  const refused = lines.map((line) => JSON.parse(line)).filter(({ msg }) => msg === 'a sign-in was refused')
  expect(refused.map(({ tenantId }) => tenantId)).toEqual([...Array(6).fill('demo'), null])
  expect(lines.join()).not.toContain('739173917391')
})

it('rejections: one line a batch, how often for what', async () => {
  const till = await clients.as('cashier-1')
  const rejected = await till.push([
    openSession(undefined, { branchId: 'market' }),
    ...[1, 2, 3].map(() => openSession('no uuid')),
  ])
  expect(rejected.map(({ status }) => status)).toEqual(Array(4).fill('REJECTED'))
  const line = lines.map((each) => JSON.parse(each)).filter(({ msg }) => msg === 'operations were rejected')
  expect(line).toEqual([
    expect.objectContaining({
      ...{ tenantId: 'demo', deviceId: 'till-1', accountId: 'demo-cashier-1' },
      codes: { NO_BRANCH_ACCESS: 1, PAYLOAD_INVALID: 3 },
    }),
  ])
  // The same again is no news.
  lines.length = 0
  expect(await metrics()).toMatch(/modula_operations_total\{status="REJECTED",code="PAYLOAD_INVALID".*\} 3/)
})

it('a full disk', async () => {
  const full = Object.assign(new Error('could not extend file: No space left on device'), { code: '53100' })
  const rows = { ...app.db.tenant('demo'), atOnce: () => Promise.reject(full) }
  vi.spyOn(app.db, 'tenant').mockReturnValue(rows)
  const { engine } = app.services
  const operations = [{ ...openSession(), occurredAt: new Date() }]
  const by = { tenantId: 'demo', deviceId: 'till-1', accountId: 'demo-cashier-1', lane: 'REPLAY' as const }
  expect(await push(engine, { ...by, operations })).toMatchObject([
    { status: 'DEFERRED', code: 'UNAVAILABLE' },
  ])
  vi.restoreAllMocks()
  expect(lines.join()).toContain('the database has no room')
  expect(await metrics()).toContain('modula_writes_refused 1')
  const till = await clients.as('cashier-1')
  await till.push([openSession()])
  expect(await metrics()).toContain('modula_writes_refused 0')
})

it('a slow statement, by whichever way it comes, and without its values', async () => {
  lines.length = 0
  await app.db.everyTenant.rows('select pg_sleep($1), 4711 as n', [0.1])
  await app.db.everyTenant.prisma.$queryRawUnsafe('select pg_sleep($1)::text', 0.1)
  const slow = lines.map((line) => JSON.parse(line)).filter(({ msg }) => msg === 'a slow statement')
  // On a busy machine others are slow, too.
  for (const statement of ['select pg_sleep($1), 4711 as n', 'select pg_sleep($1)::text'])
    expect(slow.map((line) => line.statement)).toContain(statement)
  expect(await metrics()).toMatch(/^modula_slow_statements_total [1-9]/m)
})

/** Another gateway of the same database, with the same log, while `use` asks it. */
async function beside(env: Record<string, string>, use: (url: string) => Promise<void>): Promise<void> {
  lines.length = 0
  const other = await createApp({ config: loadConfig({ PORT: '0', ...env }), databaseUrl: database.url, log })
  try {
    await use(`${(await other.listen()).url}/graphql`)
  } finally {
    await other.close()
  }
}
const told = (what: string) => lines.map((line) => JSON.parse(line)).filter(({ msg }) => msg.startsWith(what))

it('a replica that cannot be used, from the first look', () =>
  beside({ DATABASE_REPLICA_URL: database.url }, async () => {
    await expect
      .poll(() => told('pulls are read from the primary'))
      .toEqual([expect.objectContaining({ level: 'warn', err: 'it is no standby' })])
  }))

it('an identity provider whose keys are away', () =>
  beside(
    { AUTH_JWKS_URL: 'http://127.0.0.1:9/keys', AUTH_ISSUER: 'idp', AUTH_AUDIENCE: 'pos' },
    async (url) => {
      const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
      const token = `${part({ alg: 'RS256', kid: 'k' })}.${part({ sub: 'somebody' })}.AAAA`
      for (let i = 0; i < 3; i++) {
        const { errors } = await clientsOf(url).withToken(token).send('{ me(tenantId: "demo") { role } }')
        expect(errors![0]!.extensions.code).toBe('SERVICE_UNAVAILABLE')
      }
      const [line, ...more] = told('requests were not answered')
      expect(line).toMatchObject({ level: 'warn', away: 'the identity provider', times: 1 })
      expect(line.err.message).toContain('the keys of the identity provider cannot be had')
      // One a second, however many ask.
      expect(more.length).toBeLessThan(2)
      expect(lines.join()).not.toContain(token)
    },
  ))

it('each line of a request has its number, which the answer has too', async () => {
  lines.length = 0
  const url = `${clients.withToken(null).url}`
  const ask = (headers: Record<string, string>) =>
    fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({
        query:
          'mutation { signIn(input: { tenantId: "demo", staffCode: "nobody", pin: "7391", deviceId: "d" }) { token } }',
      }),
    })
  expect((await ask({ 'x-request-id': 'proxy-42' })).headers.get('x-request-id')).toBe('proxy-42')
  const odd = await ask({ 'x-request-id': 'a b'.repeat(40) })
  expect(odd.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/)
  const ids = lines.map((line) => JSON.parse(line)).map(({ requestId }) => requestId)
  expect(ids).toEqual(['proxy-42', odd.headers.get('x-request-id')])
})

it('what is looked up is there when it is asked for', async () => {
  await (await clients.as('cashier-1')).pullAll()
  const text = await metrics()
  for (const name of [
    'modula_database_connections{state="idle"}',
    'modula_database_waiting 0',
    'modula_batches_in_hand 0',
    'modula_writers_waiting 0',
    'modula_nudge_listeners 0',
    'modula_bus_up 1',
    'modula_build_info{version="',
    'modula_push_batch_operations_count',
    'modula_request_bytes_count',
    'modula_device_lag_changes_count 1',
    'modula_request_errors_total{code="UNAUTHENTICATED"}',
    'nodejs_eventloop_lag_p99_seconds',
  ])
    expect(text, name).toContain(name)
})
