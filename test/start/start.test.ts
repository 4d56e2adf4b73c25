/** What a first start gives, and what it refuses. */
import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import pg from 'pg'
import { beforeAll, describe, expect, inject, it } from 'vitest'
import { buildApps } from '../support/apps.ts'
import { createTestDatabase } from '../support/database.ts'
import { ofEveryTenant } from '../support/every-tenant.ts'
import { clientsOf } from '../support/gateway.ts'
import { embeddedIn, newFolder, run, start, usedFolder } from './process.ts'

const count = async (url: string, table: string): Promise<number> => {
  const client = new pg.Client(ofEveryTenant(url))
  await client.connect()
  try {
    return (await client.query(`select count(*)::int as count from ${table}`)).rows[0].count
  } finally {
    await client.end()
  }
}

describe('a start with nothing set', () => {
  // `node src/main.ts` builds nothing, and its pages are looked at.
  beforeAll(buildApps)

  it('has a database of its own, the pages, the probes and the demo café; its last line says where', async () => {
    const { url, stdout, stop } = await run({ DATA_DIR: await newFolder() })
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
    expect(stdout.at(-1)).toBe(`ready ${url}`)

    const page = async (path: string) => {
      const response = await fetch(url + path, { headers: { accept: 'text/html, */*' } })
      return {
        status: response.status,
        type: response.headers.get('content-type'),
        text: await response.text(),
      }
    }
    expect(await page('/')).toMatchObject({ status: 200, type: expect.stringMatching(/^text\/html/) })
    expect(JSON.parse((await page('/healthz')).text)).toMatchObject({ status: 'up' })
    expect(JSON.parse((await page('/readyz')).text)).toMatchObject({ status: 'ready', database: 'up' })
    const metrics = await page('/metrics')
    expect(metrics).toMatchObject({ status: 200, type: expect.stringMatching(/^text\/plain/) })
    expect(metrics.text).toMatch(/^# HELP modula_operations_total /m)
    for (const [, link] of (await page('/')).text.matchAll(/href="([^"]+)"/g))
      expect(await page(link!)).toMatchObject({ status: 200 })

    const { as } = clientsOf(`${url}/graphql`)
    for (const [staffCode, role, branches] of [
      ['admin', 'ADMIN', ['market', 'riverside']],
      ['manager', 'MANAGER', ['market', 'riverside']],
      ['cashier-1', 'CASHIER', ['riverside']],
      ['cashier-2', 'CASHIER', ['market']],
      ['barista-1', 'STAFF', ['riverside']],
    ] as const) {
      const { me } = await (await as(staffCode)).data<{ me: { role: string; branchIds: string[] } }>(
        '{ me(tenantId: "demo") { role branchIds } }',
      )
      expect([me.role, me.branchIds.sort()]).toEqual([role, branches])
    }
    const rival = await as('admin', { tenantId: 'rival' })
    expect(await rival.data('{ branch(tenantId: "rival", branchId: "rival-1") { status } }')).toEqual({
      branch: { status: 'ACTIVE' },
    })

    const { changes } = await (await as('manager')).pullAll({ branchId: 'market' })
    const of = (kind: string) => changes.filter(({ entityKind }) => entityKind === kind)
    expect(of('menuItem').length).toBeGreaterThanOrEqual(30)
    expect(of('menuCategory').length).toBeGreaterThanOrEqual(5)
    expect(of('modifierGroup').length).toBeGreaterThan(0)
    expect(of('stockItem').length).toBeGreaterThan(0)
    expect(of('branch')[0]!.payload).toMatchObject({ status: 'ACTIVE' })
    expect(of('policy')[0]!.payload).toMatchObject({
      vatEnabled: true,
      vatRatePercent: 10,
      fxRateKhrPerUsd: 4100,
      khrRoundingEnabled: true,
      khrRoundingMode: 'NEAREST',
      khrRoundingGranularity: 100,
    })
    expect((await stop()).code).toBe(0)
  })
})

it('a start by the systemd unit goes through what tells an older Node in a line that it is one', async () => {
  const unit = readFileSync('deploy/modula-sync.service', 'utf8')
  const [, script = '', file = ''] = /^ExecStart=\S+node (\S+) (\S+)$/m.exec(unit) ?? []
  expect(readFileSync(script, 'utf8')).toMatch(/^requireNode\(\)$/m)
  const database = await createTestDatabase('nothing')
  try {
    const { ready, child, ended } = start({ DATABASE_URL: database.url }, script, [file])
    expect(await ready).toMatch(/^http:/)
    child.kill('SIGTERM')
    expect((await ended).code).toBe(0)
  } finally {
    await database.drop()
  }
})

describe('DEMO', () => {
  it('of an earlier start is told of where others reach it by now', async () => {
    const folder = await usedFolder()
    const told = async (env: Record<string, string>) => {
      const { stdout, stop } = await run({ DATA_DIR: folder, ...env })
      await stop()
      return stdout.some((line) => line.includes('the demo café is in this database from an earlier start'))
    }
    expect([await told({}), await told({ TRUST_PROXY: '1' })]).toEqual([false, true])
  })

  it('0 leaves the embedded database empty; who runs it is told how to begin, and begins beside it', async () => {
    const folder = await newFolder()
    const { url, stdout, stop } = await run({ DATA_DIR: folder, DEMO: '0' })
    expect(await count(embeddedIn(folder).url, 'tenant')).toBe(0)
    await expect(clientsOf(`${url}/graphql`).as('admin')).rejects.toThrow('UNAUTHENTICATED')
    const welcome = async () => (await fetch(`${url}/welcome.json`)).json()
    expect(await welcome()).toEqual({ demo: false, tenants: false })
    expect(stdout.join('\n')).toContain('npm run admin -- tenant create TENANT')

    const admin = (...words: string[]) =>
      start({ DATA_DIR: folder, PIN: '480192' }, 'src/admin/main.ts', words).ended
    const made = await admin('tenant', 'create', 'brew', '--name', 'Brew', '--branch', 'market')
    expect(made).toMatchObject({ code: 0, stderr: [] })
    expect(made.stdout.join()).not.toContain('480192')
    const owner = await clientsOf(`${url}/graphql`).as('admin', { tenantId: 'brew', pin: '480192' })
    expect((await owner.pullAll({ branchId: 'market' })).changes.length).toBeGreaterThan(0)
    expect(await admin('tenant', 'create', 'brew', '--name', 'Brew')).toMatchObject({
      code: 3,
      stderr: ['there is a tenant "brew" already'],
    })
    expect(await admin('tenant', 'crate')).toMatchObject({ code: 2, stderr: [expect.any(String)] })
    await stop()
  })

  it('not set leaves a DATABASE_URL empty; 1 seeds it, once; what it holds already is left alone', async () => {
    const database = await createTestDatabase('nothing')
    try {
      const startedWith = async (env: Record<string, string>) => {
        const { url, stdout, stop } = await run({ DATABASE_URL: database.url, ...env })
        expect(stdout.at(-1)).toBe(`ready ${url}`)
        expect((await stop()).code).toBe(0)
      }
      // What the bus says of itself comes before.
      await startedWith({ REDIS_URL: inject('redisUrl'), LOG_LEVEL: 'trace' })
      const { stderr } = await start({ DATABASE_URL: database.url, HOST: '192.0.2.7' }).ended
      expect(stderr).toEqual([expect.stringMatching(/^HOST is "192\.0\.2\.7", which is no address/)])
      expect(await count(database.url, 'tenant')).toBe(0)
      await startedWith({ DEMO: '1' })
      const first = [await count(database.url, 'tenant'), await count(database.url, 'sync_operation')]
      expect(first[0]).toBe(2)
      await startedWith({ DEMO: '1' })
      expect([await count(database.url, 'tenant'), await count(database.url, 'sync_operation')]).toEqual(
        first,
      )
    } finally {
      await database.drop()
    }
  })

  it('1 adds nothing to a database that is somebody’s', async () => {
    const database = await createTestDatabase()
    try {
      const client = new pg.Client(ofEveryTenant(database.url))
      await client.connect()
      await client.query(
        "insert into tenant (tenant_id, name, status) values ('cafe', 'A real café', 'ACTIVE')",
      )
      await client.end()
      const { stop } = await run({ DATABASE_URL: database.url, DEMO: '1' })
      await stop()
      expect(await count(database.url, 'tenant')).toBe(1)
    } finally {
      await database.drop()
    }
  })
})

describe('what is wrong is one line, and exit code 1', () => {
  /** The one line that it ends with. */
  async function refusal(env: Record<string, string>): Promise<string> {
    const { code, stdout, stderr } = await start({ LOG_LEVEL: 'warn', ...env }).ended
    expect({ code, stdout, stderr }).toEqual({ code: 1, stdout: [], stderr: [expect.any(String)] })
    return stderr[0]!
  }

  it.each<[Record<string, string>, RegExp]>([
    [{ PORT: 'http' }, /^PORT is "http"; accepted: /],
    [
      { DATABASE_URL: 'mysql://app:secret@db/x' },
      /^DATABASE_URL is "mysql:\/\/app:\*\*\*@db\/x"; accepted: /,
    ],
    [{ AUTH_JWKS_URL: 'https://idp/keys' }, /^AUTH_ISSUER is not set; accepted: /],
    [{ DATABASE_URL: 'postgres://app:secret@127.0.0.1:9/x' }, /postgres:\/\/app:\*\*\*@127\.0\.0\.1:9\/x/],
    [
      { DATABASE_URL: 'postgres://app:secret@127.0.0.1:9/x?sslmode=verify-full&sslrootcert=/nowhere.crt' },
      /^no usable PostgreSQL at .*: ENOENT: .*\/nowhere\.crt/,
    ],
    [{ DATA_DIR: '/dev/null/data' }, /^DATA_DIR is "\/dev\/null\/data", which cannot be written: /],
  ])('%j', async (env, line) => {
    const said = await refusal(env)
    expect(said).toMatch(line)
    expect(said).not.toContain('secret')
  })

  it('a PORT that is taken, with the database stopped again', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => other.once('listening', resolve))
    const { port } = other.address() as { port: number }
    const folder = await newFolder()
    try {
      expect(await refusal({ PORT: String(port), DATA_DIR: folder, DEMO: '0' })).toMatch(
        new RegExp(`^PORT is ${port}, .* accepted$`),
      )
      expect(() => embeddedIn(folder)).toThrow('ENOENT')
      // And where it is the metrics' own.
      const metrics = { METRICS_ADDRESS: `127.0.0.1:${port}`, DATA_DIR: folder, DEMO: '0' }
      expect(await refusal(metrics)).toMatch(
        new RegExp(`^METRICS_ADDRESS is "127.0.0.1:${port}", .*\\(EADDRINUSE\\)`),
      )
    } finally {
      other.close()
    }
  })

  const admin = async (env: Record<string, string>, line: string) => {
    const { code, stdout, stderr } = await start(env, 'src/admin/main.ts', line.split(' ')).ended
    expect({ line, code, stdout, stderr }).toEqual({
      ...{ line, code: 1, stdout: [] },
      stderr: [expect.any(String)],
    })
    return stderr[0]
  }

  it.each([
    'tenant list',
    'tenant list --dry-run',
    'backup --file backup.gz',
    'row-security on',
    'trail years --dry-run',
  ])('npm run admin -- %s, of a database that is away', async (line) => {
    const env = { DATABASE_URL: 'postgres://app:secret@127.0.0.1:9/x' }
    expect(await admin(env, line)).toMatch(
      /^no usable PostgreSQL at postgres:\/\/app:\*\*\*@127\.0\.0\.1:9\/x: connect ECONNREFUSED/,
    )
  })

  it('npm run admin, of files that cannot be', async () => {
    const database = await createTestDatabase('demo')
    try {
      const env = { DATABASE_URL: database.url }
      expect(await admin(env, 'backup --file /dev/null/backup.gz')).toMatch(/^ENOTDIR: .*backup\.gz/)
      expect(await admin(env, 'export demo --folder /dev/null/demo')).toMatch(/^ENOTDIR: .*demo/)
    } finally {
      await database.drop()
    }
  })

  it('a DATA_DIR that another gateway uses, which goes on', async () => {
    const folder = await newFolder()
    const { url, stop } = await run({ DATA_DIR: folder, DEMO: '0' })
    expect(await refusal({ DATA_DIR: folder })).toMatch(/^DATA_DIR is ".*", which another gateway is using: /)
    expect((await fetch(`${url}/readyz`)).status).toBe(200)
    await stop()
  })
})
