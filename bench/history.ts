/**
 * The same push and pull in a tenant that holds 1,000,000 sales, and in the last of 10,000 branches, beside a tenant
 * that has just begun in a database of its own. What a till does must not cost more because others did much.
 */
import { randomUUID } from 'node:crypto'
import { v7 as timeOrderedUuid } from 'uuid'
import { registry } from '../src/modules/index.ts'
import { type ModuleScope, moduleScopes } from '../src/modules/words.ts'
import { decodeCursor, encodeCursor } from '../src/sync/cursor.ts'
import { pushAll } from './push.ts'
import { addBranches } from './support/branches.ts'
import { branchName, hireCashier, makeCafe, signIn, Till, tenantId } from './support/cafe.ts'
import type { Gateway } from './support/children.ts'
import { dataOf, openLine } from './support/http.ts'
import { takeTurns, timed } from './support/measure.ts'
import { addPastSales } from './support/past-sales.ts'
import { pullQuery } from './support/pull-query.ts'
import { type Line, times } from './support/report.ts'
import { type Stage, vacuumAnalyze, withClient, withServices } from './support/stage.ts'

const rounds = 15
const warmUp = 20
const sales = 1_000_000
const branches = 10_000
const batches = 5
const pulls = 20
const newest = 1_000
const limit = times(1.2)

export async function history(stage: Stage): Promise<Line[]> {
  const young = await settle(stage, 'young', branchName(0), async () => {})
  const old = await settle(stage, 'old', branchName(0), (databaseUrl) => addPastSales(databaseUrl, sales))
  const wide = await settle(stage, 'wide', branchName(branches - 1), (databaseUrl) =>
    withClient(databaseUrl, (db) => addBranches(db, branches)),
  )
  const places = { young, old, wide }
  try {
    const ms: Record<`${Kind} ${keyof typeof places}`, number> = {
      ...(await takeTurns(rounds, { ...of(places, 'push'), ...of(places, 'pushInOrder') })),
      // Apart, as the garbage of large pages would be counted to whatever comes after them.
      ...(await takeTurns(rounds, of(places, 'pull'))),
      ...(await takeTurns(rounds, of(places, 'menu'))),
    }
    const line = (kind: Kind, place: 'old' | 'wide'): Line => ({
      what: `${names[kind]}, ${where[place]}`,
      unit: 'ms',
      ours: ms[`${kind} ${place}`],
      beside: { what: 'in a tenant that has just begun', value: ms[`${kind} young`] },
      target: limit,
    })
    return (['old', 'wide'] as const).flatMap((place) => kinds.map((kind) => line(kind, place)))
  } finally {
    for (const place of Object.values(places)) await place.leave()
  }
}

const kinds = ['push', 'pushInOrder', 'pull', 'menu'] as const
type Kind = (typeof kinds)[number]

const names: Record<Kind, string> = {
  push: 'push of 100 sales with random ids',
  pushInOrder: 'push of 100 sales with ids in order of time (UUIDv7)',
  pull: `pull of the newest ${newest.toLocaleString('en')} changes`,
  menu: 'bootstrap of the menu alone',
}
const where = {
  old: `with ${sales.toLocaleString('en')} sales`,
  wide: `in the last of ${branches.toLocaleString('en')} branches`,
}

/** One kind of work in each place, named after both. */
function of<K extends Kind, P extends string>(places: Record<P, Place>, kind: K) {
  const named = Object.entries<Place>(places).map(([place, work]) => [`${kind} ${place}`, work[kind]])
  return Object.fromEntries(named) as Record<`${K} ${P}`, () => Promise<number>>
}

type Place = Record<Kind, () => Promise<number>> & { leave(): Promise<void> }

/** A database with the café, made as `grow` says, and what a cashier of the branch measures in it, in ms. */
async function settle(
  stage: Stage,
  name: string,
  branchId: string,
  grow: (databaseUrl: string) => Promise<void>,
): Promise<Place> {
  const databaseUrl = await stage.createDatabase(name)
  await withServices(databaseUrl, async (services) => {
    await makeCafe(services, 1)
    await hireCashier(services, branchName(0))
  })
  await grow(databaseUrl)
  await withClient(databaseUrl, (db) =>
    db.query(
      `update member_branch b set branch_id = $2 from member m where b.tenant_id = $1 and m.tenant_id = $1
         and m.account_id = b.account_id and m.role = 'CASHIER'`,
      [tenantId, branchId],
    ),
  )
  const gateway: Gateway = await stage.openGateway(databaseUrl)
  const token = await signIn(gateway.url, { staffCode: 'cashier' })
  const line = openLine(`${gateway.url}/graphql`, token)
  await pushAll([new Till(branchId, 'bench')], [line], warmUp)
  await withClient(databaseUrl, vacuumAnalyze)

  const sell = (till: Till) => async () => (100 * 1_000) / (await pushAll([till], [line], batches))

  const ask = async (scopes: readonly ModuleScope[], cursor: string | null, most: number) => {
    const input = { tenantId, branchId, deviceId: 'bench', moduleScopes: scopes, limit: most, cursor }
    return line.post(JSON.stringify({ query: pullQuery, variables: { input } }))
  }
  /** Milliseconds of one pull, from so many in a row. */
  async function pull(scopes: readonly ModuleScope[], cursor: string | null): Promise<number> {
    const answers: Buffer[] = []
    const ms = await timed(async () => {
      for (let i = 0; i < pulls; i += 1) answers.push(await ask(scopes, cursor, newest))
    })
    const { changes = [], reason } = pageOf(answers[0]!)
    if (cursor ? changes.length !== newest : changes.length === 0)
      throw new Error(`${changes.length} changes were pulled, ${reason}`)
    return ms / pulls
  }
  /** The cursor after which the newest 1,000 changes come: one of the gateway's own, moved there. */
  async function nearHead(): Promise<string> {
    const { nextCursor } = pageOf(await ask(moduleScopes, null, 1))
    const { rows } = await withClient(databaseUrl, (db) =>
      db.query(
        `select seq from sync_change where tenant_id = $1 and branch_id = $2 order by seq desc offset $3 limit 1`,
        [tenantId, branchId, newest],
      ),
    )
    const cursor = decodeCursor(nextCursor!, registry.scopes)!
    const seq = Number(rows[0].seq)
    return encodeCursor({ ...cursor, parts: cursor.parts.map((part) => ({ ...part, seq, base: 0 })) })
  }

  return {
    push: sell(new Till(branchId, 'bench', randomUUID)),
    pushInOrder: sell(new Till(branchId, 'bench', timeOrderedUuid)),
    pull: async () => pull(moduleScopes, await nearHead()),
    menu: () => pull(['MENU'], null),
    async leave() {
      line.close()
      await gateway.stop()
      await stage.dropDatabase(name)
    },
  }
}

type Page = { changes?: unknown[]; nextCursor?: string; reason?: string }

const pageOf = (answer: Buffer) => dataOf<{ syncPull: Page }>(answer).syncPull
