/**
 * A new price in a tenant of 1,000 branches: from the mutation's sending to its answer, when the change is
 * committed in every branch's stream. Beside it, plain `pg` that writes such a change to as many streams.
 */
import { randomUUID } from 'node:crypto'
import type pg from 'pg'
import { addBranches } from './support/branches.ts'
import { makeCafe, signIn, tenantId } from './support/cafe.ts'
import { dataOf, openLine } from './support/http.ts'
import { takeTurns, timed } from './support/measure.ts'
import { type Line, under } from './support/report.ts'
import { type Stage, withClient, withServices } from './support/stage.ts'

const rounds = 30
const branches = 1_000
const targetMs = 60

export async function priceFanout(stage: Stage): Promise<Line[]> {
  const databaseUrl = await stage.createDatabase('price')
  await withServices(databaseUrl, (services) => makeCafe(services, 1))
  return withClient(databaseUrl, async (db): Promise<Line[]> => {
    await addBranches(db, branches)
    const gateway = await stage.openGateway(databaseUrl)
    const line = openLine(`${gateway.url}/graphql`, await signIn(gateway.url))
    let priceUsd = 300
    try {
      const ms = await takeTurns(rounds, {
        gateway: async () => {
          const body = newPrice(++priceUsd)
          let answer: Buffer | undefined
          const taken = await timed(async () => {
            answer = await line.post(body)
          })
          const { menuItemSave } = dataOf<{ menuItemSave: { status: string } }>(answer!)
          if (menuItemSave.status !== 'APPLIED') throw new Error(`the price was ${menuItemSave.status}`)
          return taken
        },
        plain: () => timed(() => writeEverywhere(db)),
      })
      return [
        {
          what: `a price change in ${branches.toLocaleString('en')} branches`,
          unit: 'ms',
          ours: ms.gateway,
          beside: { what: 'pg: the same changes, one statement', value: ms.plain },
          target: under(targetMs),
        },
      ]
    } finally {
      line.close()
      await gateway.stop()
    }
  }).finally(() => stage.dropDatabase('price'))
}

const query = `mutation ($tenantId: ID!, $key: UUID!, $input: MenuItemSaveInput!) {
  menuItemSave(tenantId: $tenantId, idempotencyKey: $key, input: $input) { status code message }
}`

const newPrice = (priceUsd: number) =>
  JSON.stringify({
    query,
    variables: { tenantId, key: randomUUID(), input: { menuItemId: 'latte', priceUsd } },
  })

const writeEverywhere = (db: pg.Client) =>
  db.query({
    name: 'everywhere',
    text: `with s as (
        update sync_stream set head_seq = head_seq + 1 where tenant_id = $1 returning branch_id, head_seq
      )
      update sync_change c set seq = s.head_seq, occurred_at = now(), client_op_id = gen_random_uuid()
      from s where c.tenant_id = $1 and c.branch_id = s.branch_id
        and c.entity_kind = 'menuItem' and c.entity_id = 'mocha'`,
    values: [tenantId],
  })
