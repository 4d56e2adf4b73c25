/** Years that whoever runs the gateway takes out of the audit trail, and puts back, while it runs. */
import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { backUp, restore } from '../../src/admin/backup.ts'
import { execute, readCommand } from '../../src/admin/run.ts'
import { loadConfig } from '../../src/config.ts'
import { idsOfYear } from '../../src/modules/audit/years.ts'
import { openSession, sale, startWork } from '../support/cafe.ts'
import { createTestDatabase } from '../support/database.ts'
import { ofEveryTenant } from '../support/every-tenant.ts'
import { type Client, type Gateway, startGateway } from '../support/gateway.ts'

const thisYear = new Date().getUTCFullYear()
const lastYear = thisYear - 1
/** What there is of the years before this one. */
const old = 500
const session = randomUUID()

let gateway: Gateway
let beside: pg.Client
let cashier: Client
let auditor: Client

beforeAll(async () => {
  gateway = await startGateway()
  beside = new pg.Client(ofEveryTenant(gateway.databaseUrl))
  await beside.connect()
  cashier = await gateway.as('cashier-1')
  auditor = await gateway.as('admin', { deviceId: 'office' })
  await cashier.push([startWork(), openSession(session)])
  await beside.query(
    `insert into audit_trail (tenant_id, id, branch_id, name, actor_id, submitted_by, lane, client_op_id, occurred_at, recorded_at)
     select 'demo', n, 'riverside', 'BRANCH_FROZEN', 'a', 'a', 'DIRECT', gen_random_uuid(), now(), now() from generate_series(1, ${old}) n`,
  )
  await beside.query('analyze audit_trail')
})
afterAll(async () => {
  await beside?.end()
  await gateway?.close()
})

async function admin(line: string) {
  const config = loadConfig({})
  const { databaseUrl } = gateway
  return (
    await execute(gateway.app.db, readCommand(line.split(' '))!, { config, at: new Date(), databaseUrl })
  ).done
}
const refused = (line: string) => expect(admin(line)).rejects

type Events = { auditEvents: { since: string | null; edges: { node: { clientOpId: string } }[] } }
const eventsOf = async (args: string) =>
  (
    await auditor.data<Events>(
      `{ auditEvents(tenantId: "demo", ${args}) { since edges { node { clientOpId } } } }`,
    )
  ).auditEvents
/** The oldest events, and since when they are all there. */
async function oldest() {
  const { since, edges } = await eventsOf('last: 5, name: "BRANCH_FROZEN"')
  return { since, n: edges.length }
}
const there = { since: null, n: 5 }
const gone = { since: `${thisYear}-01-01T00:00:00.000Z`, n: 0 }

/** As the command says that it is done. */
async function putBack(said: readonly string[]) {
  const lines = said.flatMap((line) => /back again: (.*)/.exec(line)?.slice(1) ?? [])
  expect(lines.length).toBeGreaterThan(0)
  for (const line of lines.reverse()) await beside.query(line)
}

/** A till sells and an administrator looks at the trail until `work` is done; each of it is done. */
async function whileTheCafeWorks<T>(work: Promise<T>): Promise<T> {
  let isDone = false
  const done = work.finally(() => {
    isDone = true
  })
  for (let after = 0; after < 2; after += isDone ? 1 : 0) {
    const sold = sale(session)
    expect(await cashier.push([sold])).toMatchObject([{ status: 'APPLIED' }])
    const { edges } = await eventsOf('first: 1')
    expect(edges[0]!.node.clientOpId).toBe(sold.clientOpId)
  }
  return done
}

/** Who has begun to read the trail, and goes on until it is let go: as a backup does. */
async function aReader(): Promise<pg.Client> {
  const reader = new pg.Client(ofEveryTenant(gateway.databaseUrl))
  await reader.connect()
  await reader.query('begin isolation level repeatable read read only; select count(*) from audit_trail')
  return reader
}
const isWaiting = async () =>
  (
    await beside.query(
      `select from pg_stat_activity where query like 'alter table audit_trail detach%' and wait_event_type = 'Lock'`,
    )
  ).rowCount === 1

describe('years of the trail', () => {
  it('are listed, with about how much each has', async () => {
    const { rows = [] } = await admin('trail years')
    expect(rows.slice(0, 2)).toMatchObject([
      { year: 'before', table: 'audit_trail_before', isIn: true, events: old },
      { year: '2026', table: 'audit_trail_2026', isIn: true },
    ])
    expect(rows.find(({ year }) => year === String(thisYear))).toMatchObject({ events: expect.any(Number) })
    for (const { bytes } of rows) expect(bytes).toBeGreaterThan(0)
  })

  it('that are not over, or not to be understood, are not taken out; nor is anything by a dry run', async () => {
    await refused(`trail detach --year ${thisYear}`).toMatchObject({ exitCode: 3 })
    await refused('trail detach --year 2020').toMatchObject({ exitCode: 3 })
    await refused('trail detach --year last').toMatchObject({ exitCode: 2 })
    await refused('trail detach').toMatchObject({ exitCode: 2 })
    const { said = [] } = await admin(`trail detach --year ${lastYear} --dry-run`)
    expect(said.join('\n')).toContain(`audit_trail_before: about ${old} events`)
    expect(await oldest()).toEqual(there)
  })
})

describe('a year that is taken out', () => {
  beforeEach(async () => expect(await oldest()).toEqual(there))

  it('goes while a till sells and somebody looks, and nobody pretends that it was never there; it comes back as it was', async () => {
    const { said = [] } = await whileTheCafeWorks(admin(`trail detach --year ${lastYear}`))
    expect(await oldest()).toEqual(gone)
    const { rows = [] } = await admin('trail years')
    expect(rows[0]).toMatchObject({ year: 'before', isIn: false, events: old })
    await refused(`trail detach --year ${lastYear}`).toMatchObject({ exitCode: 3 })
    // A table of its own, of which nobody sees more than before.
    expect((await beside.query('select from audit_trail_before')).rowCount).toBe(old)
    expect(await gateway.app.db.own.rows('select from audit_trail_before', [])).toEqual([])
    // Nor does pg_dump, by which it is to be kept before it is dropped, but with the options that are told.
    const [, options] = /to a file: PGOPTIONS='([^']+)' pg_dump/.exec(said.join('\n')) ?? []
    const dump = new pg.Client({ connectionString: gateway.databaseUrl, options })
    await dump.connect()
    expect((await dump.query('select from audit_trail_before')).rowCount).toBe(old)
    await dump.end()
    // Whatever the clock says, nothing is written that would have its place there.
    const { rows: next } = await beside.query(`select audit_trail_id(nextval('audit_trail_id_seq')) as id`)
    expect(Number(next[0].id)).toBeGreaterThan(thisYear * idsOfYear)
    const { rows: last } = await beside.query('select last_value from audit_trail_id_seq')
    expect(Number(last[0].last_value)).toBeGreaterThan(thisYear * idsOfYear)
    await whileTheCafeWorks(putBack(said))
    expect(await oldest()).toEqual(there)
  })

  it('goes when whoever began to read it has ended; who comes meanwhile waits for nothing', async () => {
    const reader = await aReader()
    const taking = admin(`trail detach --year ${lastYear}`)
    await expect.poll(isWaiting).toBe(true)
    await whileTheCafeWorks(Promise.resolve())
    await reader.end()
    const { said = [] } = await taking
    expect(await oldest()).toEqual(gone)
    await putBack(said)
  })

  it('goes also where somebody writes for so long that it has to stand back for others', async () => {
    const writer = new pg.Client(ofEveryTenant(gateway.databaseUrl))
    await writer.connect()
    await writer.query(
      `begin; insert into audit_trail (tenant_id, name, client_op_id) values ('rival', 'X', gen_random_uuid())`,
    )
    const taking = admin(`trail detach --year ${lastYear}`)
    await writer.query('select pg_sleep(2.5); rollback')
    await writer.end()
    const { said = [] } = await taking
    expect(await oldest()).toEqual(gone)
    await putBack(said)
  })

  it('goes when it is asked for again, where that was broken off', async () => {
    const reader = await aReader()
    const broken = new pg.Client(gateway.databaseUrl)
    await broken.connect()
    await broken.query("set statement_timeout = '200ms'")
    const out = 'alter table audit_trail detach partition audit_trail_before concurrently'
    await expect(broken.query(out)).rejects.toMatchObject({ code: '57014' })
    await broken.end()
    await reader.end()
    expect(await oldest()).toMatchObject({ since: expect.any(String), n: 0 })
    const { said = [] } = await admin(`trail detach --year ${lastYear}`)
    expect(await oldest()).toEqual(gone)
    await putBack(said)
  })

  it('is in a backup as long as it is in the database, and in its place where that is restored', async () => {
    const { said = [] } = await admin(`trail detach --year ${lastYear}`)
    const folder = await mkdtemp(join(tmpdir(), 'modula-trail-'))
    const target = await createTestDatabase('nothing')
    try {
      await backUp(gateway.databaseUrl, join(folder, 'one'), new Date())
      await restore(target.url, join(folder, 'one'))
      const restored = new pg.Client(ofEveryTenant(target.url))
      await restored.connect()
      const { rowCount } = await restored.query("select from audit_trail where name = 'BRANCH_FROZEN'")
      await restored.end()
      expect(rowCount).toBe(old)
    } finally {
      await target.drop()
      await rm(folder, { recursive: true })
    }
    await putBack(said)
  })
})
