/**
 * Pull: the bootstrap of a branch with 100,000 changes over HTTP, in pages of 1,000, beside a bare `node:http`
 * server that pages the same changes with `pg` and sends JSON: no token, no access check, no cursor to verify.
 */
import type pg from 'pg'
import { branchName, decide, makeCafe, saleOperation, signIn, tenantId } from './support/cafe.ts'
import { startHelper } from './support/children.ts'
import { openLine } from './support/http.ts'
import { takeTurns, timed } from './support/measure.ts'
import { endOf, type Pages, pagesOver } from './support/pages.ts'
import { type Line, share } from './support/report.ts'
import { type Stage, vacuumAnalyze, withClient, withServices } from './support/stage.ts'
import { fillStream } from './support/stream.ts'

const rounds = 7
const changes = 100_000
const pageSize = 1_000
const branchId = branchName(0)

export async function pull(stage: Stage): Promise<Line[]> {
  const databaseUrl = await stage.createDatabase('pull')
  await withServices(databaseUrl, async (services) => {
    await makeCafe(services, 1)
    await decide(
      services,
      Array.from({ length: 300 }, (_, i) => saleOperation(branchId, i, { onlyDrink: true })),
    )
  })
  const bytes = await withClient(databaseUrl, prepare)
  const gateway = await stage.openGateway(databaseUrl)
  const bare = startHelper('http-pages.ts')
  try {
    const { url } = await bare.ask<{ url: string }>({ databaseUrl })
    const fromGateway = await gatewayPages(gateway.url)
    const fromBare = barePages(url)
    const rates = await takeTurns(rounds, {
      gateway: () => bootstrap(fromGateway),
      bare: () => bootstrap(fromBare),
    })
    const cursors = await cursorsOf(fromGateway)
    const tills = async (gzip: boolean) => {
      const pages = await Promise.all([1, 2].map(() => gatewayPages(gateway.url, { gzip })))
      return () => sameAgain(pages, cursors)
    }
    const compressed = await takeTurns(rounds, { plain: await tills(false), gzip: await tills(true) })
    return [
      {
        what: `pull, bootstrap of ${changes.toLocaleString('en')} changes (payload ${bytes} bytes)`,
        unit: 'changes/s',
        ours: rates.gateway,
        beside: { what: 'node:http and pg, the same pages', value: rates.bare },
        target: share(0.8),
      },
      {
        what: 'pull, the same pages to two tills, as gzip',
        unit: 'changes/s',
        ours: compressed.gzip,
        beside: { what: 'to two tills that do not ask for it', value: compressed.plain },
        target: share(0.85),
      },
    ]
  } finally {
    await bare.stop()
    await gateway.stop()
    await stage.dropDatabase('pull')
  }
}

/** The branch's stream of 100,000 changes, and the bare server's own copy of it; the mean size of a payload. */
async function prepare(db: pg.Client): Promise<number> {
  await fillStream(db, branchId, changes)
  // The copy has the one index that suits it.
  await db.query('create table bare_change as table sync_change')
  await db.query('create unique index on bare_change (tenant_id, branch_id, seq)')
  await vacuumAnalyze(db)
  const { rows } = await db.query(
    'select round(avg(octet_length(payload::text)))::int as bytes from sync_change',
  )
  return rows[0].bytes
}

async function gatewayPages(url: string, { gzip = false } = {}): Promise<Pages> {
  const line = openLine(`${url}/graphql`, await signIn(url), { gzip })
  return pagesOver(line, { branchId, limit: pageSize })
}

function barePages(url: string): Pages {
  const line = openLine(url)
  return (cursor) => line.post(JSON.stringify({ tenantId, branchId, limit: pageSize, cursor }))
}

/** Pulls all pages; changes a second. What they hold is counted after the clock has stopped. */
async function bootstrap(pages: Pages): Promise<number> {
  const answers: Buffer[] = []
  const ms = await timed(async () => {
    let cursor: string | null = null
    do {
      const answer = await pages(cursor)
      answers.push(answer)
      cursor = nextCursor(answer)
    } while (cursor !== null)
  })
  const pulled = answers.reduce((sum, answer) => sum + (answer.toString().match(/"seq":/g)?.length ?? 0), 0)
  if (pulled !== changes) throw new Error(`${pulled} changes were pulled of ${changes}`)
  return (pulled / ms) * 1000
}

/** The cursors of all pages. */
async function cursorsOf(pages: Pages): Promise<(string | null)[]> {
  const cursors: (string | null)[] = []
  let cursor: string | null = null
  do {
    cursors.push(cursor)
    cursor = nextCursor(await pages(cursor))
  } while (cursor !== null)
  return cursors
}

/** Pulls pages whose cursors are known, for several tills at once: inflating is not the gateway's time. Changes a second. */
async function sameAgain(tills: readonly Pages[], cursors: readonly (string | null)[]): Promise<number> {
  const ms = await timed(() =>
    Promise.all(
      tills.map(async (pages) => {
        for (const cursor of cursors) await pages(cursor)
      }),
    ),
  )
  return ((tills.length * changes) / ms) * 1000
}

/** The cursor of the next page; null after the last. */
function nextCursor(answer: Buffer): string | null {
  const { cursor, hasMore } = endOf(answer)
  return hasMore ? cursor : null
}
