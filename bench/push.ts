/**
 * Push: `sale.finalize` in batches of 100 over HTTP, beside plain `pg` that writes the same rows over as many
 * connections. Plain `pg` decides nothing, checks nothing and answers nobody: it is what the writing alone takes.
 */
import type pg from 'pg'
import { appliedBy, branchName, makeCafe, signIn, Till, tenantId } from './support/cafe.ts'
import { type Line as Connection, openLine } from './support/http.ts'
import { takeTurns, timed } from './support/measure.ts'
import { PlainPg, plainWriters } from './support/plain-pg.ts'
import { type Line, share } from './support/report.ts'
import { type Sales, salesOf } from './support/same-rows.ts'
import { type Stage, vacuumAnalyze, withClient, withServices } from './support/stage.ts'

const rounds = 5
/** Batches of each till in a round; single transactions of plain `pg` are slower, so fewer of those do. */
const batchesOf = (tills: number) => (tills === 1 ? 20 : 10)
const singles = 300
const warmUp = 10

const lineups = [
  { name: '1 device', branches: ['branch-00000'] },
  { name: '4 devices, 4 branches', branches: [1, 2, 3, 4].map(branchName) },
  { name: '4 devices, 1 branch', branches: Array<string>(4).fill(branchName(5)) },
]

export async function push(stage: Stage): Promise<Line[]> {
  const databaseUrl = await stage.createDatabase('push')
  await withServices(databaseUrl, (services) => makeCafe(services, 6))
  const gateway = await stage.openGateway(databaseUrl)
  try {
    const lines: Line[] = []
    for (const lineup of lineups) lines.push(...(await compare(databaseUrl, gateway.url, lineup)))
    return lines
  } finally {
    await gateway.stop()
    await stage.dropDatabase('push')
  }
}

async function compare(
  databaseUrl: string,
  url: string,
  { name, branches }: (typeof lineups)[number],
): Promise<Line[]> {
  const tills = branches.map((branchId, i) => new Till(branchId, `${name} ${i}`))
  const connections = await Promise.all(
    tills.map(async ({ deviceId }) => openLine(`${url}/graphql`, await signIn(url, { deviceId }))),
  )
  const plain = await PlainPg.connect(databaseUrl, branches)
  const rates = await withClient(databaseUrl, async (db) => {
    await pushAll(tills, connections, warmUp)
    await vacuumAnalyze(db)
    return measure(db, tills, connections, plain)
  })
  for (const connection of connections) connection.close()
  await plain.close()

  const line = (what: string, value: number, target?: Line['target']): Line => ({
    what: `push, ${name}`,
    unit: 'sales/s',
    ours: rates.gateway,
    beside: { what, value },
    target,
  })
  return [
    line('pg: 100 sales a transaction, one statement', rates.one, share(0.6)),
    line('pg: 100 sales a transaction, a statement a table', rates.tables, share(0.6)),
    line('pg: a sale a transaction, one statement', rates.singleOne),
    line('pg: a sale a transaction, a statement a table', rates.singleTables),
  ]
}

/** In each round the gateway takes the tills' next batches, and plain `pg` writes the same rows again. */
async function measure(
  db: pg.Client,
  tills: readonly Till[],
  connections: readonly Connection[],
  plain: PlainPg,
) {
  const { aStatementATable, oneStatement } = await plainWriters(db)
  const count = batchesOf(tills.length)
  let sales: Sales[] = []
  const few = () => sales.map(({ sold, shared }) => ({ shared, sold: sold.slice(0, singles / tills.length) }))
  return takeTurns(rounds, {
    gateway: async () => {
      const rate = await pushAll(tills, connections, count)
      sales = []
      for (const { branchId, deviceId } of tills)
        sales.push(await salesOf(db, { tenantId, branchId, deviceId, count: count * 100 }))
      return rate
    },
    tables: () => plain.write('plain-tables', aStatementATable, sales, 100),
    one: () => plain.write('plain-one', oneStatement, sales, 100),
    singleTables: () => plain.write('single-tables', aStatementATable, few(), 1),
    singleOne: () => plain.write('single-one', oneStatement, few(), 1),
  })
}

/** Every till sends its next batches, one after the other, all tills at once; sales a second. */
export async function pushAll(
  tills: readonly Till[],
  connections: readonly Connection[],
  count: number,
): Promise<number> {
  const bodies = tills.map((till) => till.batches(count))
  const answers: Buffer[] = []
  const ms = await timed(() =>
    Promise.all(
      connections.map((connection, i) =>
        inOrder(bodies[i]!, async (body) => answers.push(await connection.post(body))),
      ),
    ),
  )
  const applied = answers.map(appliedBy).reduce((sum, each) => sum + each, 0)
  return perSecond(applied, ms)
}

const perSecond = (count: number, ms: number) => (count / ms) * 1000

async function inOrder<T>(items: readonly T[], work: (item: T) => Promise<unknown>): Promise<void> {
  for (const item of items) await work(item)
}
