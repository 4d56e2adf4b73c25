/**
 * What one tenant's flood costs another: how long a tenant's people wait (for a pull, a change, who is asking) while a crowd
 * of another tenant's tills sends batches of sales without end, beside the same with nobody else about; and beside the
 * same crowd at a server that takes its batches and does nothing, at the same pace: what its own process takes of the two
 * processors, which no gateway can share out.
 */
import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { moduleScopes } from '../src/modules/words.ts'
import { branchName, decide, makeCafe, makeNeighbour, operation, signIn } from './support/cafe.ts'
import { startHelper } from './support/children.ts'
import { dataOf, openLine } from './support/http.ts'
import { quantile } from './support/measure.ts'
import { type Line, times } from './support/report.ts'
import { type Stage, withServices } from './support/stage.ts'

const crowd = { tills: 20, branches: 10, people: ['one', 'two', 'three', 'four', 'five'] }
const neighbour = { id: 'neighbour', branchId: 'corner' }
/**
 * What is compared comes and goes, so that all of it is measured on the same machine in the same minutes: the flood begins
 * anew each time, with all of its tills at once.
 */
const phases = 4
const asked = 36
/**
 * Each question has its time, and is late by how much its answer came after that: whoever stands still keeps all waiting.
 * Well more than an answer takes, or whatever took its share of the processors would be measured as a queue of ours.
 */
const everyMs = 60
const sides = ['alone', 'flood', 'bare'] as const
type Side = (typeof sides)[number]

export async function fairness(stage: Stage): Promise<Line[]> {
  const databaseUrl = await stage.createDatabase('fairness')
  await withServices(databaseUrl, async (services) => {
    await makeCafe(services, crowd.branches)
    const branchIds = Array.from({ length: crowd.branches }, (_, i) => branchName(i))
    for (const name of crowd.people) {
      const person = { accountId: name, staffCode: name, name, role: 'CASHIER', branchIds, pin: '1234' }
      await decide(services, [operation('staff.save', null, person)])
    }
    await makeNeighbour(services, neighbour.id, neighbour.branchId)
  })
  const gateway = await stage.openGateway(databaseUrl)
  const others = startHelper('flood.ts')
  const token = await signIn(gateway.url, { ofTenant: neighbour.id, deviceId: 'corner' })
  const line = openLine(`${gateway.url}/graphql`, token)
  const ms = Object.fromEntries(
    kinds.map((kind) => [kind, { alone: [], flood: [], bare: [] } as Record<Side, number[]>]),
  ) as Record<Kind, Record<Side, number[]>>
  const ask = async (side: Side | null) => {
    let due = performance.now()
    for (let i = 0; i < asked; i += 1)
      for (const kind of kinds) {
        due += everyMs
        await delay(Math.max(0, due - performance.now()))
        dataOf(await line.post(JSON.stringify(queries[kind]())))
        if (side) ms[kind][side].push(performance.now() - due)
      }
  }
  try {
    await others.ask({ sign: { url: gateway.url, ...crowd } })
    // What runs for the first time is compiled, by Node as by PostgreSQL: of that neither side is to be the one to pay.
    await others.ask({ flood: true })
    await ask(null)
    await others.ask({ rest: true })
    for (let phase = 0; phase < phases; phase += 1) {
      await ask('alone')
      await others.ask({ flood: true })
      const began = performance.now()
      await ask('flood')
      const batches = await others.ask<number>({ rest: true })
      const everyBatchMs = (performance.now() - began) / batches
      await others.ask({ pretend: everyBatchMs })
      await ask('bare')
      await others.ask({ rest: true })
      console.log(`flood: ${(1_000 / everyBatchMs).toFixed(1)} batches of 100 sales a second`)
    }
  } finally {
    await others.stop()
    line.close()
    await gateway.stop()
    await stage.dropDatabase('fairness')
  }
  return kinds.flatMap((kind) =>
    ([0.5, 0.99] as const).flatMap((q) => {
      const of = (side: Side) => quantile(ms[kind][side], q)
      const measured = { unit: 'ms' as const, ours: of('flood') }
      const what = `${names[kind]} beside another tenant's ${crowd.tills} tills that flood, p${q * 100}`
      return [
        {
          ...{ what, ...measured, beside: { what: 'with nobody about', value: of('alone') } },
          ...(q === 0.99 && { target: times(1.2) }),
        },
        { what: '', ...measured, beside: { what: 'beside its tills at a bare server', value: of('bare') } },
      ]
    }),
  )
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
