/**
 * A modifier group saved, with the new revision of each item that uses it, in a tenant of 10 branches and in one of 10,000;
 * and the pull with which a branch then takes it. The saver is assigned to one branch: what an assignment to all of them
 * costs at each request is another matter.
 */
import { randomUUID } from 'node:crypto'
import { modifierGroups } from '../src/demo/menu.ts'
import { moduleScopes } from '../src/modules/words.ts'
import { addBranches } from './support/branches.ts'
import { branchName, makeCafe, signIn, tenantId } from './support/cafe.ts'
import { dataOf, openLine } from './support/http.ts'
import { takeTurns, timed } from './support/measure.ts'
import { type Line, times } from './support/report.ts'
import { type Stage, withClient, withServices } from './support/stage.ts'

const rounds = 15
const sizes = [10, 10_000] as const

export async function scale(stage: Stage): Promise<Line[]> {
  const [few, many] = [await measure(stage, sizes[0]), await measure(stage, sizes[1])]
  const line = (what: string, ours: number, beside: number, factor: number): Line => ({
    what: `${what} among 10,000 branches`,
    unit: 'ms',
    ours,
    beside: { what: 'the same among 10', value: beside },
    target: times(factor),
  })
  return [
    line('a modifier group saved', many.save, few.save, 1.5),
    line('the pull that takes it', many.pull, few.pull, 1.5),
  ]
}

async function measure(stage: Stage, branches: number): Promise<{ save: number; pull: number }> {
  const name = `scale${branches}`
  const databaseUrl = await stage.createDatabase(name)
  await withServices(databaseUrl, (services) => makeCafe(services, 1))
  return withClient(databaseUrl, async (db) => {
    await addBranches(db, branches)
    await db.query('update member set branch_ids = $2::text[] where tenant_id = $1', [
      tenantId,
      [branchName(0)],
    ])
    const gateway = await stage.openGateway(databaseUrl)
    const http = openLine(`${gateway.url}/graphql`, await signIn(gateway.url))
    const post = async (query: string, input: object) =>
      dataOf<unknown>(
        await http.post(JSON.stringify({ query, variables: { tenantId, key: randomUUID(), input } })),
      )
    let price = 50
    let cursor: string | undefined
    const pulled = async () => {
      const input = {
        tenantId,
        branchId: branchName(0),
        deviceId: 'bench',
        moduleScopes,
        cursor,
        limit: 2000,
      }
      const body = JSON.stringify({ query: pull, variables: { input } })
      const { syncPull } = dataOf<{ syncPull: { nextCursor: string } }>(await http.post(body))
      cursor = syncPull.nextCursor
    }
    try {
      await pulled()
      return await takeTurns(rounds, {
        save: () =>
          timed(async () => {
            price += 1
            const [group] = modifierGroups
            const options = group!.options.map((option) => ({ ...option, priceUsd: price }))
            const { modifierGroupSave: saved } = (await post(save, { ...group, options })) as Saved
            if (saved.status !== 'APPLIED') throw new Error(`the group was ${saved.status} ${saved.code}`)
          }),
        pull: () => timed(pulled),
      })
    } finally {
      http.close()
      await gateway.stop()
    }
  }).finally(() => stage.dropDatabase(name))
}

type Saved = { modifierGroupSave: { status: string; code: string | null } }
const save = `mutation ($tenantId: ID!, $key: UUID!, $input: ModifierGroupSaveInput!) {
  modifierGroupSave(tenantId: $tenantId, idempotencyKey: $key, input: $input) { status code }
}`
const pull = `query ($input: SyncPullInput!) {
  syncPull(input: $input) { ... on SyncPullPage { changes { seq entityId payload } nextCursor } }
}`
