/**
 * What one tenant's flood costs another: how long a tenant's people wait (for a pull, a change, who is asking) while a crowd
 * of another tenant's tills sends batches of sales without end, beside the same with nobody else about.
 */
import { randomUUID } from 'node:crypto'
import { moduleScopes } from '../src/modules/words.ts'
import { appliedBy, branchName, makeCafe, makeNeighbour, signIn, Till } from './support/cafe.ts'
import { dataOf, openLine } from './support/http.ts'
import { quantile, timed } from './support/measure.ts'
import { type Line, times } from './support/report.ts'
import { type Stage, withServices } from './support/stage.ts'

const crowd = { tills: 20, branches: 10 }
const neighbour = { id: 'neighbour', branchId: 'corner' }
/** The crowd comes and goes, so that both are measured on the same machine in the same minutes. */
const phases = 3
const asked = 60

export async function fairness(stage: Stage): Promise<Line[]> {
  const databaseUrl = await stage.createDatabase('fairness')
  await withServices(databaseUrl, async (services) => {
    await makeCafe(services, crowd.branches)
    await makeNeighbour(services, neighbour.id, neighbour.branchId)
  })
  const gateway = await stage.openGateway(databaseUrl)
  const url = `${gateway.url}/graphql`
  const line = openLine(url, await signIn(gateway.url, { ofTenant: neighbour.id, deviceId: 'corner' }))
  const ms: Record<Kind, Record<'alone' | 'beside', number[]>> = {
    me: { alone: [], beside: [] },
    pull: { alone: [], beside: [] },
    change: { alone: [], beside: [] },
  }
  const ask = async (into: 'alone' | 'beside') => {
    for (let i = 0; i < asked; i += 1)
      for (const kind of kinds) {
        const body = JSON.stringify(queries[kind]())
        ms[kind][into].push(await timed(async () => dataOf(await line.post(body))))
      }
  }
  const flood = await openFlood(gateway.url)
  try {
    await ask('alone')
    for (const kind of kinds) ms[kind].alone.length = 0
    for (let phase = 0; phase < phases; phase += 1) {
      await ask('alone')
      const stop = flood.begin()
      await ask('beside')
      await stop()
    }
  } finally {
    flood.close()
    line.close()
    await gateway.stop()
    await stage.dropDatabase('fairness')
  }
  return kinds.flatMap((kind) =>
    ([0.5, 0.99] as const).map((q) => ({
      what: `${names[kind]} beside another tenant's ${crowd.tills} tills that flood, p${q * 100}`,
      unit: 'ms' as const,
      ours: quantile(ms[kind].beside, q),
      beside: { what: 'with nobody about', value: quantile(ms[kind].alone, q) },
      ...(q === 0.99 && { target: times(1.2) }),
    })),
  )
}

/** Tills that send one batch after the other, between `begin` and what it returns. */
async function openFlood(url: string) {
  const tills = await Promise.all(
    Array.from({ length: crowd.tills }, async (_, i) => {
      const deviceId = `flood-${i}`
      const till = new Till(branchName(i % crowd.branches), deviceId)
      return { till, line: openLine(`${url}/graphql`, await signIn(url, { deviceId })) }
    }),
  )
  return {
    begin() {
      let over = false
      const done = tills.map(async ({ till, line }) => {
        while (!over) appliedBy(await line.post(till.batches(1)[0]!))
      })
      return () => {
        over = true
        return Promise.all(done)
      }
    },
    close() {
      for (const { line } of tills) line.close()
    },
  }
}

const kinds = ['me', 'pull', 'change'] as const
type Kind = (typeof kinds)[number]
const names: Record<Kind, string> = {
  me: 'who the caller is',
  pull: 'a pull',
  change: 'a change of policy',
}

const tenantId = neighbour.id
const queries: Record<Kind, () => { query: string; variables: object }> = {
  me: () => ({
    query: 'query ($tenantId: ID!) { me(tenantId: $tenantId) { accountId } }',
    variables: { tenantId },
  }),
  pull: () => ({
    query:
      'query ($input: SyncPullInput!) { syncPull(input: $input) { ... on SyncPullPage { changes { seq payload } nextCursor } } }',
    variables: { input: { tenantId, branchId: neighbour.branchId, deviceId: 'corner', moduleScopes } },
  }),
  change: () => ({
    query: `mutation ($tenantId: ID!, $branchId: ID!, $key: UUID!, $input: PolicyUpdateInput!) {
      policyUpdate(tenantId: $tenantId, branchId: $branchId, idempotencyKey: $key, input: $input) { status } }`,
    variables: {
      ...{ tenantId, branchId: neighbour.branchId, key: randomUUID() },
      input: { vatRatePercent: 10 },
    },
  }),
}
