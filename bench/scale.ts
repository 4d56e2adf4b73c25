/**
 * What a gateway does in a tenant of 10,000 branches with a long past of sales, beside the same in one of 10 with a short one:
 * a modifier group saved with the new revision of each item that uses it, the pull with which a branch takes it, a sale
 * meanwhile, and what people and tills ask for all day. And which of it read a table of history from end to end: none.
 */
import { randomUUID } from 'node:crypto'
import { v7 as timeOrderedUuid } from 'uuid'
import { items } from '../src/demo/menu.ts'
import { moduleScopes } from '../src/modules/words.ts'
import { addBranches, addDevices } from './support/branches.ts'
import {
  appliedBy,
  branchName,
  decide,
  hireCashier,
  makeCafe,
  operation,
  signIn,
  Till,
  tenantId,
} from './support/cafe.ts'
import { dataOf, openLine } from './support/http.ts'
import { median, takeTurns, timed } from './support/measure.ts'
import { addPastSales, tablesOfSales } from './support/past-sales.ts'
import { type Line, times, under } from './support/report.ts'
import { type Stage, withClient, withServices } from './support/stage.ts'

const rounds = 15
const sized = (n: number) => n.toLocaleString('en')
/** `SCALE_SALES=2000000 npm run bench -- scale` for more of them; making them is what takes the time, half a minute for these. */
const past = Number(process.env.SCALE_SALES ?? 100_000)
const little = 1_000
const branches = 10_000
const devices = 100_000
/** As many items use the group. */
const groupSizes = [17, 30] as const
/** Sales of one round, each a batch of its own, while the group is saved again and again. */
const salesBeside = 5

export async function scale(stage: Stage): Promise<Line[]> {
  const few = await settle(stage, 'few', { branches: 10, devices: 20, sales: little })
  const many = await settle(stage, 'many', { branches, devices, sales: past })
  const works = Object.keys(few.works) as Work[]
  const measured = await takeTurns(
    rounds,
    Object.fromEntries(
      works.flatMap((work) => [
        [`${work} few`, few.works[work]],
        [`${work} many`, many.works[work]],
      ]),
    ) as Record<`${Work} ${'few' | 'many'}`, () => Promise<number>>,
  ).finally(() => Promise.all([few.leave(), many.leave()]))
  const scanned = await many.scanned()
  await few.drop()
  await many.drop()
  return [
    ...works.map((work): Line => {
      const { what, most } = told[work]
      return {
        what: `${what}, among ${sized(branches)} branches, ${sized(devices)} devices, ${sized(past)} sales`,
        unit: 'ms',
        ours: measured[`${work} many`],
        beside: { what: `among 10, 20, ${sized(little)}`, value: measured[`${work} few`] },
        target: times(most),
      }
    }),
    {
      what: `rows of history read in sequential scans by all of that${scanned.names && ` (${scanned.names})`}`,
      unit: 'rows',
      ours: scanned.rows,
      target: under(0),
    },
  ]
}

const told = {
  save17: { what: 'a modifier group of 17 items saved', most: 1.5 },
  pull17: { what: 'the pull that takes it', most: 1.5 },
  save30: { what: 'a modifier group of 30 items saved', most: 1.5 },
  pull30: { what: 'the pull that takes it', most: 1.5 },
  beside: { what: 'a sale while the group of 30 is saved', most: 1.5 },
  push: { what: 'push of 100 sales', most: 1.2 },
  pull: { what: 'pull of what is new', most: 1.2 },
  signIn: { what: 'sign-in', most: 1.2 },
  me: { what: 'who the caller is', most: 1.2 },
  books: { what: "the console's page of 50 sales", most: 1.2 },
  trail: { what: "the console's page of 50 events of one name", most: 1.2 },
  places: { what: "the console's page of branches and devices", most: 1.2 },
}
type Work = keyof typeof told

type Place = {
  works: Record<Work, () => Promise<number>>
  leave(): Promise<void>
  /** Rows of history that were read by sequential scans, and of which tables; once it is left. */
  scanned(): Promise<{ rows: number; names: string }>
  drop(): Promise<void>
}

/**
 * A tenant of so many branches, in a database of its own; the saver looks after all of them, the till sells in the last. Ids
 * are in order of time, as the SDK makes them: what ids by chance cost is in bench/history.ts.
 */
async function settle(
  stage: Stage,
  name: string,
  { branches: count, devices, sales }: { branches: number; devices: number; sales: number },
): Promise<Place> {
  const database = `scale_${name}`
  const databaseUrl = await stage.createDatabase(database)
  const last = branchName(count - 1)
  await withServices(databaseUrl, async (services) => {
    await makeCafe(services, 1)
    await decide(services, groupSizes.flatMap(groupOf))
  })
  await withClient(databaseUrl, (db) => addBranches(db, count))
  await withClient(databaseUrl, (db) => addDevices(db, devices, count))
  await withServices(databaseUrl, (services) => hireCashier(services, last))
  await addPastSales(databaseUrl, sales)
  const scannedBefore = await sequentialReads(databaseUrl)
  const gateway = await stage.openGateway(databaseUrl)
  const url = `${gateway.url}/graphql`
  const office = openLine(url, await signIn(gateway.url))
  const till = openLine(url, await signIn(gateway.url, { staffCode: 'cashier', deviceId: 'till' }))
  const asked = async <Data>(query: string, variables: object = {}) =>
    dataOf<Data>(await office.post(JSON.stringify({ query, variables: { tenantId, ...variables } })))

  let price = 50
  const save = (size: number) => async () => {
    price += 1
    const options = [{ id: `extra-${size}`, name: 'Extra', priceUsd: price }]
    const input = { modifierGroupId: `of-${size}`, options }
    const { saved } = await asked<Saved>(saving, { key: randomUUID(), input })
    if (saved.status !== 'APPLIED') throw new Error(`the group was ${saved.status} ${saved.code}`)
  }
  const pulled = pulledBy(till, last)
  const takes = (size: number) => () => {
    // Twice an item and the group are new, whoever sold meanwhile.
    return timed(async () => {
      if ((await pulled()) < size + 1) throw new Error('the pull did not take what was saved')
    })
  }
  const sells = new Till(last, 'till', timeOrderedUuid)
  const sold = (size: number) => {
    const [body] = sells.batches(1, size)
    return timed(async () => void appliedBy(await till.post(body!)))
  }
  await pulled()
  return {
    works: {
      save17: () => timed(save(17)),
      pull17: takes(17),
      save30: () => timed(save(30)),
      pull30: takes(30),
      async beside() {
        let over = false
        const saver = (async () => {
          while (!over) await save(30)()
        })()
        const ms: number[] = []
        for (let i = 0; i < salesBeside; i += 1) ms.push(await sold(1))
        over = true
        await saver
        return median(ms)
      },
      push: () => sold(100),
      pull: () => timed(pulled),
      signIn: () => timed(() => signIn(gateway.url, { staffCode: 'cashier', deviceId: 'till' })),
      me: () => timed(() => asked('query ($tenantId: ID!) { me(tenantId: $tenantId) { accountId role } }')),
      books: () => timed(() => asked(books, { branchId: branchName(0) })),
      trail: () => timed(() => asked(trail)),
      places: () => timed(() => asked(places)),
    },
    async leave() {
      office.close()
      till.close()
      await gateway.stop()
    },
    async scanned() {
      const after = await sequentialReads(databaseUrl)
      const more = [...after].flatMap(([table, rows]) => {
        const read = rows - (scannedBefore.get(table) ?? 0)
        return read > 0 ? [{ table, read }] : []
      })
      return {
        rows: more.reduce((sum, { read }) => sum + read, 0),
        names: more.map(({ table }) => table).join(', '),
      }
    },
    drop: () => stage.dropDatabase(database),
  }
}

/** Takes what is new of the branch; how many changes that were. */
function pulledBy(till: ReturnType<typeof openLine>, branchId: string): () => Promise<number> {
  let cursor: string | undefined
  return async () => {
    const input = { tenantId, branchId, deviceId: 'till', moduleScopes: tillScopes, cursor, limit: 2000 }
    const { syncPull: page } = dataOf<Pulled>(
      await till.post(JSON.stringify({ query: pulling, variables: { input } })),
    )
    cursor = page.nextCursor
    return page.changes.length
  }
}

const history = [...tablesOfSales, 'cash_session', 'sync_device', 'sync_checkpoint']

/** Rows of each table that were read by sequential scans of sessions that have ended. */
const sequentialReads = (databaseUrl: string) =>
  withClient(databaseUrl, async (db) => {
    const { rows } = await db.query<{ table: string; read: string }>(
      `select relname as table, seq_tup_read as read from pg_stat_user_tables where relname = any($1)`,
      [history],
    )
    return new Map(rows.map(({ table, read }) => [table, Number(read)]))
  })

/** A group and the items that use it, beside those that they have. */
function groupOf(size: number) {
  const modifierGroupId = `of-${size}`
  const options = [{ id: `extra-${size}`, name: 'Extra', priceUsd: 50 }]
  return [
    operation('modifierGroup.save', null, {
      ...{ modifierGroupId, name: `Of ${size}`, options },
      ...{ minSelections: 0, maxSelections: 1 },
    }),
    ...items.slice(0, size).map(([menuItemId, , , , groups], i) => {
      const others = groupSizes.filter((each) => each < size && i < each).map((each) => `of-${each}`)
      return operation('menuItem.save', null, {
        menuItemId,
        modifierGroupIds: [...groups, ...others, modifierGroupId],
      })
    }),
  ]
}

const tillScopes = moduleScopes.filter((scope) => scope !== 'ATTENDANCE')
type Saved = { saved: { status: string; code: string | null } }
type Pulled = { syncPull: { changes: unknown[]; nextCursor: string } }
const saving = `mutation ($tenantId: ID!, $key: UUID!, $input: ModifierGroupSaveInput!) {
  saved: modifierGroupSave(tenantId: $tenantId, idempotencyKey: $key, input: $input) { status code }
}`
const pulling = `query ($input: SyncPullInput!) {
  syncPull(input: $input) { ... on SyncPullPage { changes { seq entityId payload } nextCursor } }
}`
const books = `query ($tenantId: ID!, $branchId: ID!) {
  sales(tenantId: $tenantId, branchId: $branchId, first: 50) { edges { node { receiptNumber finalizedAt } } }
}`
const trail = `query ($tenantId: ID!) {
  auditEvents(tenantId: $tenantId, name: "BRANCH_SAVED", first: 50) { edges { node { id name recordedAt } } }
}`
const places = `query ($tenantId: ID!) {
  tenant(tenantId: $tenantId) { name branches(first: 50) { edges { node { branchId name } } } }
  devices(tenantId: $tenantId, first: 50) { edges { node { deviceId } } }
}`
